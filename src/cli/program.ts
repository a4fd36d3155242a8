import { type Command, CommanderError } from "commander";
import { version } from "../base/version.ts";
import { group } from "./command.ts";
import { exitCodes } from "./exit-code.ts";
import { describeFailure } from "./failure.ts";
import { paintFailure } from "./present/failure-text.ts";

/** Each command is loaded when it is called: a command line is waited for, and most of the program is not for it. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import("./commands/start.ts")).start(),
  demo: async () => (await import("./commands/demo.ts")).demo(),
  run: async () => (await import("./commands/run.ts")).run(),
  replay: async () => (await import("./commands/replay.ts")).replay(),
  execution: async () => (await import("./commands/execution.ts")).execution(),
  flow: async () => (await import("./commands/flow.ts")).flow(),
  file: async () => (await import("./commands/file.ts")).file(),
  purge: async () => (await import("./commands/purge.ts")).purge(),
  doctor: async () => (await import("./commands/doctor.ts")).doctor(),
  server: async () => (await import("./commands/server.ts")).server(),
  worker: async () => (await import("./commands/worker.ts")).worker(),
  migrate: async () => (await import("./commands/migrate.ts")).migrate(),
};

/** Runs the command that the arguments name, and gives the exit code. What goes wrong is printed here, once. */
export async function parseProgram(args: readonly string[]): Promise<number> {
  const end = args.indexOf("--");
  const isJson = (end === -1 ? args : args.slice(0, end)).includes("--json");
  try {
    const program = await buildProgram(args);
    await program.parseAsync(args, { from: "user" });
    return typeof process.exitCode === "number" ? process.exitCode : exitCodes.ok;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.ok; // help or version
    const { failure, exitCode } = describeFailure(error);
    if (isJson) process.stdout.write(`${JSON.stringify({ error: failure }, undefined, 2)}\n`);
    else if (!isHelp(error)) process.stderr.write(paintFailure(failure));
    return exitCode;
  }
}

async function buildProgram(args: readonly string[]): Promise<Command> {
  const named = args.find((arg) => !arg.startsWith("-")) ?? "";
  const wanted = Object.hasOwn(commands, named) ? [commands[named]] : Object.values(commands);
  const loaded = await Promise.all(wanted.map((load) => load?.()));
  const program = group(
    "reprise",
    "A Postgres-native job orchestrator with Replay.",
    loaded.filter((command) => command !== undefined),
  );
  return program.version(version, "-V, --version", "show the version");
}

/** A group without a command shows its help; that says it all. */
function isHelp(error: unknown): boolean {
  return error instanceof CommanderError && error.code === "commander.help";
}
