import { Command, type CommanderError, Option } from "commander";
import type { z } from "zod";
import { RepriseError } from "../base/errors.ts";
import { exitCodes, exitCodesHelp } from "./exit-code.ts";
import { usageError } from "./failure.ts";
import { openSession, type Session } from "./session.ts";

const json = new Option("--json", "print one JSON document, also for an error");

/** Makes a command that holds others. */
export function group(name: string, description: string, commands: readonly Command[]): Command {
  const made = bare(name, description)
    .usage("<command> [options]")
    .addOption(json) // so that it may stand anywhere
    .addHelpText("after", `\n${exitCodesHelp}`);
  for (const command of commands) made.addCommand(command);
  return made;
}

/** Makes a command that does something. What its description says first, lists say of it. */
export function leaf(name: string, description: string, ...examples: readonly string[]): Command {
  const shown = examples.length === 0 ? "" : `\nExamples:\n${examples.map((it) => `  ${it}\n`).join("")}`;
  return bare(name, description).addOption(json).addHelpText("after", `${shown}\n${exitCodesHelp}`);
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
    if (!options.success) throw usageError(sayOption(options.error.issues[0]), seeHelp(this));

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
  const made = new Command(name);
  return (
    made
      .description(description)
      .summary(description.replace(/[.:].*/s, ""))
      .helpOption("-h, --help", "show this help")
      .helpCommand(false)
      .configureHelp({ subcommandTerm: (command) => command.name() })
      .exitOverride((error) => {
        throw refused(made, error);
      })
      // The failure is printed once, by whoever catches it.
      .configureOutput({ outputError: () => undefined })
  );
}

/** The reason word of a call of a group alone: its help was shown. */
export const noCommand = "no_command";

/** What Commander has to say of a call, as one of our errors. That help or the version was shown stays Commander's. */
function refused(command: Command, error: CommanderError): Error {
  if (error.exitCode === 0) return error;
  if (error.code === "commander.help") {
    const names = command.commands.map((it) => it.name()).join(", ");
    return new RepriseError("RP400", noCommand, `${nameOf(command)} needs a command: ${names}.`);
  }
  const [first = "", ...rest] = error.message.replace(/^error: /, "").split("\n");
  const sentence = /[.?!]$/.test(first) ? first : `${first}.`;
  const suggestion = rest.join(" ").replace(/^\(|\)$/g, "");
  return usageError(
    sentence.charAt(0).toUpperCase() + sentence.slice(1),
    suggestion === "" ? seeHelp(command) : suggestion,
  );
}

function seeHelp(command: Command): string {
  return `See: ${nameOf(command)} --help`;
}

/** The command with those that it stands in, as one types it. */
function nameOf(command: Command): string {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
}
