import { Command, Option } from "commander";
import type { z } from "zod";
import { exitCodes, exitCodesHelp } from "./exit-code.ts";
import { usageError } from "./failure.ts";
import { openSession, type Session } from "./session.ts";

/** Makes a command that holds others. */
export function group(name: string, description: string, commands: readonly Command[]): Command {
  const made = bare(name, description)
    .addOption(new Option("--json").hideHelp()) // so that it may stand anywhere
    .addHelpText("after", `\n${exitCodesHelp}`);
  for (const command of commands) made.addCommand(command);
  return made;
}

/** Makes a command that does something. */
export function leaf(name: string, description: string): Command {
  return bare(name, description)
    .option("--json", "print one JSON document, also for an error")
    .addHelpText("after", `\n${exitCodesHelp}`);
}

/** A command's work: arguments as Commander gives them, options as the schema reads them. It gives the exit code, 0 for nothing. */
export type Work<O, A extends unknown[]> = (
  session: Session,
  options: O,
  ...args: A
) => Promise<number | undefined>;

/** Makes the work of a command what Commander calls. */
export function act<S extends z.ZodType, A extends unknown[]>(schema: S, work: Work<z.output<S>, A>) {
  return async function (this: Command, ...given: unknown[]): Promise<void> {
    const raw = this.optsWithGlobals();
    const options = schema.safeParse(raw);
    if (!options.success) throw usageError(sayOption(options.error.issues[0]));

    await using session = openSession({ isJson: raw.json === true });
    // Commander hands over the arguments, then the options, then the command.
    const args = given.slice(0, -2) as A;
    process.exitCode = (await work(session, options.data, ...args)) ?? exitCodes.ok;
  };
}

function sayOption(issue: z.core.$ZodIssue | undefined): string {
  const name = String(issue?.path[0] ?? "").replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return `--${name}: ${(issue?.message ?? "it is not valid").replace(/\.$/, "")}.`;
}

function bare(name: string, description: string): Command {
  return (
    new Command(name)
      .description(description)
      .helpOption("-h, --help", "show this help")
      .helpCommand(false)
      .exitOverride()
      // The failure is printed once, by whoever catches it.
      .configureOutput({ outputError: () => undefined })
  );
}
