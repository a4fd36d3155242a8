import { type Command, CommanderError } from "commander";
import { version } from "../base/version.ts";
import { group } from "./command.ts";
import { demo } from "./commands/demo.ts";
import { doctor } from "./commands/doctor.ts";
import { execution } from "./commands/execution.ts";
import { file } from "./commands/file.ts";
import { flow } from "./commands/flow.ts";
import { migrate } from "./commands/migrate.ts";
import { purge } from "./commands/purge.ts";
import { replay } from "./commands/replay.ts";
import { run } from "./commands/run.ts";
import { server } from "./commands/server.ts";
import { start } from "./commands/start.ts";
import { worker } from "./commands/worker.ts";
import { exitCodes } from "./exit-code.ts";
import { describeFailure } from "./failure.ts";
import { paintFailure } from "./present/failure-text.ts";

/** Runs the command that the arguments name, and gives the exit code. What goes wrong is printed here, once. */
export async function parseProgram(args: readonly string[]): Promise<number> {
  const end = args.indexOf("--");
  const isJson = (end === -1 ? args : args.slice(0, end)).includes("--json");
  try {
    await buildProgram().parseAsync(args, { from: "user" });
    return typeof process.exitCode === "number" ? process.exitCode : exitCodes.ok;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.ok; // help or version
    const { failure, exitCode } = describeFailure(error);
    if (isJson) process.stdout.write(`${JSON.stringify({ error: failure }, undefined, 2)}\n`);
    else if (!isHelp(error)) process.stderr.write(paintFailure(failure));
    return exitCode;
  }
}

function buildProgram(): Command {
  const program = group("reprise", "A Postgres-native job orchestrator with Replay.", [
    start(),
    demo(),
    run(),
    replay(),
    execution(),
    flow(),
    file(),
    purge(),
    doctor(),
    server(),
    worker(),
    migrate(),
  ]);
  return program.version(version, "-V, --version", "show the version");
}

/** A group without a command shows its help; that says it all. */
function isHelp(error: unknown): boolean {
  return error instanceof CommanderError && error.code === "commander.help";
}
