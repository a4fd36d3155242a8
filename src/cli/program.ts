import { type Command, CommanderError } from "commander";
import { describeVariables } from "../base/config.ts";
import { version } from "../base/version.ts";
import { group, noCommand } from "./command.ts";
import { exitCodes } from "./exit-code.ts";
import { describeFailure } from "./failure.ts";
import { paintFailure } from "./present/failure-text.ts";

interface Loader {
  heading: string;
  load(): Promise<Command>;
}

/** Each command is loaded when it is called: a command line is waited for, and most of the program is not for it. */
const commands: Readonly<Record<string, Loader>> = {
  flow: work(async () => (await import("./commands/flow.ts")).flow()),
  run: work(async () => (await import("./commands/run.ts")).run()),
  execution: work(async () => (await import("./commands/execution.ts")).execution()),
  replay: work(async () => (await import("./commands/replay.ts")).replay()),
  file: work(async () => (await import("./commands/file.ts")).file()),
  schema: work(async () => (await import("./commands/schema.ts")).schema()),
  purge: work(async () => (await import("./commands/purge.ts")).purge()),
  start: service(async () => (await import("./commands/start.ts")).start()),
  demo: service(async () => (await import("./commands/demo.ts")).demo()),
  server: service(async () => (await import("./commands/server.ts")).server()),
  worker: service(async () => (await import("./commands/worker.ts")).worker()),
  migrate: service(async () => (await import("./commands/migrate.ts")).migrate()),
  doctor: service(async () => (await import("./commands/doctor.ts")).doctor()),
};

function work(load: Loader["load"]): Loader {
  return { heading: "Flows and executions:", load };
}

function service(load: Loader["load"]): Loader {
  return { heading: "Running Reprise:", load };
}

/** Runs the command that the arguments name, and gives the exit code. What goes wrong is printed here, once. */
export async function parseProgram(args: readonly string[]): Promise<number> {
  const end = args.indexOf("--");
  const isJson = (end === -1 ? args : args.slice(0, end)).includes("--json");
  const program = await buildProgram(args);
  let shown = "";
  if (isJson) redirect(program, (text) => (shown += text));
  try {
    await program.parseAsync(args, { from: "user" });
    return typeof process.exitCode === "number" ? process.exitCode : exitCodes.ok;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) {
      if (isJson) print(error.code === "commander.version" ? { version } : { help: shown });
      return exitCodes.ok;
    }
    const { failure, exitCode } = describeFailure(error);
    if (isJson) print({ error: failure });
    else if (failure.reason !== noCommand) process.stderr.write(paintFailure(failure)); // its help says it all
    return exitCode;
  }
}

async function buildProgram(args: readonly string[]): Promise<Command> {
  const named = args.find((arg) => !arg.startsWith("-")) ?? "";
  const wanted = Object.hasOwn(commands, named) ? [commands[named]] : Object.values(commands);
  const loaded = wanted.map(async (it) => (await it?.load())?.helpGroup(it?.heading ?? ""));
  return group(
    "reprise",
    "A job orchestrator that lives in Postgres, with Replay.",
    (await Promise.all(loaded)).filter((command) => command !== undefined),
  )
    .version(version, "-V, --version", "show the version")
    .addHelpText("after", () => `\n${settingsHelp()}`);
}

function settingsHelp(): string {
  const variables = describeVariables();
  const width = Math.max(...variables.map(({ name }) => name.length));
  const lines = variables.map(({ name, description, fallback }) => {
    const without = fallback === undefined ? "" : ` (${fallback})`;
    return `  ${name.padEnd(width)}  ${description.replace(/\.$/, "")}${without}`;
  });
  const toTemplates = `  ${"ENV_NAME".padEnd(width)}  What templates see as envs.name, for any name`;
  return ["Settings, taken from the environment:", ...lines, toTemplates].join("\n");
}

/** Help and the version are part of the one document, too. */
function redirect(command: Command, write: (text: string) => void): void {
  command.configureOutput({ writeOut: write, writeErr: write });
  for (const below of command.commands) redirect(below, write);
}

function print(document: unknown): void {
  process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
}
