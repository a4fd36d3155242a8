/**
 * `npm test`: starts one Postgres of its own, migrates a template database once, and runs the tests against clones of it.
 * Arguments are files, or flags of node's test runner; without files, all tests run.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { startTemplate, templateVariable } from "./support/template.ts";

process.exitCode = await runTests(process.argv.slice(2));

async function runTests(args: string[]): Promise<number> {
  const flags = args.filter((arg) => arg.startsWith("-"));
  const named = args.filter((arg) => !arg.startsWith("-")).map((file) => resolve(file));
  const root = join(import.meta.dirname, "..");
  const files = named.length > 0 ? named : globSync("test/**/*.test.ts", { cwd: root }).sort();

  await using template = await startTemplate();
  const { DATABASE_URL: _theirs, ...env } = process.env;
  const command = ["--test", "--test-reporter=spec", `--test-concurrency=${availableParallelism()}`];
  const runner = spawn(process.execPath, [...command, ...flags, ...files], {
    cwd: root,
    env: { ...env, [templateVariable]: template.connectionString },
    stdio: ["ignore", "inherit", "inherit"],
  });
  // Ctrl-C reaches the runner too; it ends, and then we stop Postgres.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => runner.kill(signal));
  const [code] = await once(runner, "exit");
  return typeof code === "number" ? code : 1;
}
