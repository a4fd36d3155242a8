import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { packageRoot } from "../../src/base/version.ts";

/** What a command left behind. */
export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** What a command is run with. */
export interface CliOptions {
  /** The database; without one the command looks for an embedded one. */
  url?: string;
  input?: string;
  env?: Record<string, string>;
}

/** Starts `reprise` as a shell would. */
export function startCli(args: readonly string[], { url, env }: CliOptions = {}): ChildProcess {
  // The tests run below npm; a shell does not.
  const { DATABASE_URL: _theirs, npm_command: _npm, ...rest } = process.env;
  return spawn(process.execPath, [join(packageRoot, "src/cli/bin.js"), ...args], {
    env: {
      ...rest,
      NO_COLOR: "1",
      REPRISE_DATA_DIR: "/nowhere/at/all",
      ...(url === undefined ? {} : { DATABASE_URL: url }),
      ...env,
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
}

const longestMs = 90_000;

/** Runs a command to its end. */
export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const child = startCli(args, options);
  const { stdout, stderr } = child;
  assert.ok(stdout && stderr);
  child.stdin?.end(options.input ?? "");
  // What waits for ever should fail its own test, and not hold up all others.
  const timer = setTimeout(() => child.kill("SIGKILL"), longestMs);
  const [said, remarked] = await Promise.all([text(stdout), text(stderr), once(child, "close")]);
  clearTimeout(timer);
  return { code: child.exitCode, stdout: said, stderr: remarked };
}

/** Runs a command with `--json` and gives its one document. */
export async function runJson(
  args: readonly string[],
  options: CliOptions = {},
  expectedCode = 0,
): Promise<Document> {
  const result = await runCli([...args, "--json"], options);
  assert.equal(result.code, expectedCode, `${args.join(" ")}: ${result.stdout}${result.stderr}`);
  // More or less than one document would not parse.
  return JSON.parse(result.stdout) as Document;
}

// biome-ignore lint/suspicious/noExplicitAny: tests look at parts of documents whose shape each command decides.
type Document = any;
