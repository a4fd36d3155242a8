import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, it } from "node:test";
import { packageRoot, version } from "../../src/base/version.ts";
import { testDatabase } from "../support/database.ts";
import { runCli, runJson } from "./run-cli.ts";

describe("reprise", () => {
  it("says in its help what the exit codes and the settings mean, and its version", async () => {
    const [help, said] = await Promise.all([runCli(["--help"]), runCli(["--version"])]);
    assert.match(help.stdout, /Exit codes: 0 done, 1 failed .* 2 wrong usage, 3 not found, 130 stopped/);
    assert.match(help.stdout, /^ {2}REPRISE_PORT +The port that the server binds to.* \(4000\)$/m);
    assert.match(help.stdout, /^ {2}DATABASE_URL +The database to work with/m);
    assert.deepEqual([help.code, said.code, said.stdout], [0, 0, `${version}\n`]);
  });

  it("prints one document with --json, also of help, of the version, and of half a command", async () => {
    const [help, said, half, nothing] = await Promise.all([
      runJson(["flow", "show", "--help"]),
      runJson(["--version"]),
      runJson(["flow"], {}, 2),
      runJson([], {}, 2),
    ]);
    assert.match(help.help, /^Usage: reprise flow show/);
    assert.deepEqual(said, { version });
    assert.match(half.error.message, /^reprise flow needs a command: validate, apply, .*\.$/);
    assert.equal(nothing.error.reason, "no_command");
  });

  it("shows help for half a command", async () => {
    const { code, stderr, stdout } = await runCli(["flow"]);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, /^Usage: reprise flow/);
    assert.doesNotMatch(stderr, /✗/);
  });

  it("asks for npm ci in a clone where nothing is installed", async () => {
    const clone = await mkdtemp(join(tmpdir(), "reprise-clone-"));
    const bin = join(clone, "src/cli/bin.js");
    await mkdir(dirname(bin), { recursive: true });
    await writeFile(join(clone, "package.json"), '{"type": "module"}');
    await writeFile(join(dirname(bin), "main.ts"), "");
    await copyFile(join(packageRoot, "src/cli/bin.js"), bin);
    const child = spawn(process.execPath, [bin], { stdio: ["ignore", "ignore", "pipe"] });
    assert.equal(await text(child.stderr as Readable), "Run `npm ci` first.\n");
    await rm(clone, { recursive: true });
  });

  it("says in a hint what to type where it was called", async () => {
    const call = ["execution", "list", "--limit", "many"];
    const [alone, belowNpm] = await Promise.all([
      runCli(call),
      runCli(call, { env: { npm_command: "exec" } }),
    ]);
    assert.match(alone.stderr, /See: reprise execution list --help/);
    assert.match(belowNpm.stderr, /See: npx reprise execution list --help/);
  });

  it("says so when its output cannot be written", { skip: !existsSync("/dev/full") }, async () => {
    await using full = await open("/dev/full", "w");
    const child = spawn(process.execPath, [join(packageRoot, "src/cli/bin.js"), "--version"], {
      stdio: ["ignore", full.fd, "pipe"],
    });
    assert.match(await text(child.stderr as Readable), /^✗ Standard output cannot be written: ENOSPC.*\n$/);
  });

  it("names what is wrong about a call, with 2, and what was probably meant", async () => {
    const [command, option, value] = await Promise.all([
      runCli(["executoin", "list"]),
      runCli(["flow", "list", "--namespce", "a"]),
      runJson(["execution", "list", "--limit", "many"], {}, 2),
    ]);
    assert.equal(command.code, 2);
    assert.match(command.stderr, /Unknown command 'executoin'\.\n {2}Did you mean execution\?/);
    assert.equal(option.code, 2);
    assert.match(option.stderr, /Did you mean --namespace\?/);
    assert.equal(option.stdout, "");
    assert.deepEqual([value.error.code, value.error.reason], ["RP400", "usage"]);
  });

  it("refuses options whose values mean nothing", async () => {
    const calls = [
      ["run", "a.b", "c", "--input", "novalue"],
      ["run", "a.b", "c", "--inputs", "[1]"],
      ["execution", "list", "--state", "BROKEN"],
      ["execution", "list", "--since", "yesterday"],
      ["execution", "list", "--since", "2026-13-45"],
      ["run", "a.b", "c", "--idempotency-key", ""],
      ["replay", "01a20734-10a9-786a-9383-928be18610d8", "--revision", "newest"],
      ["purge", "--older-than", "soon", "--yes"],
      ["purge", "--older-than", "30", "--yes"],
    ];
    // Where the database is asked first, it is not the database that is at fault.
    const db = await testDatabase();
    const results = await Promise.all(calls.map((call) => runJson(call, { url: db.connectionString }, 2)));
    assert.deepEqual(
      results.map(({ error }) => error.code),
      calls.map(() => "RP400"),
    );
  });

  it("says that no database runs, and which variable is wrong", async () => {
    const [nowhere, unreachable, malformed] = await Promise.all([
      runJson(["flow", "list"], {}, 1),
      runJson(["flow", "list"], { url: "postgres://nobody@127.0.0.1:1/none" }, 1),
      runJson(["flow", "list"], { url: "mysql://x" }, 1),
    ]);
    assert.equal(nowhere.error.reason, "no_database");
    assert.equal(unreachable.error.reason, "database_unreachable");
    assert.equal(malformed.error.reason, "bad_configuration");
  });

  it("migrates an empty database, and says when there is nothing to do", async () => {
    const empty = await testDatabase({ isEmpty: true });
    const url = empty.connectionString;
    const early = await runJson(["flow", "list"], { url }, 1);
    assert.equal(early.error.reason, "database_not_migrated");
    const first = await runJson(["migrate"], { url });
    assert.ok(first.applied.includes("migrations/001_states.sql") && first.isCodeReplaced);
    const again = await runCli(["migrate"], { url });
    assert.equal(again.stdout, "The database is up to date.\n");
  });
});

describe("reprise doctor", () => {
  it("finds a migrated database in order, and warns that no worker runs", async () => {
    const db = await testDatabase();
    const { isHealthy, findings } = await runJson(["doctor"], { url: db.connectionString });
    assert.equal(isHealthy, true);
    const levels = findings.map(
      ({ subject, level }: { subject: string; level: string }) => `${subject} ${level}`,
    );
    assert.deepEqual(levels, [
      "Database ok",
      "PostgreSQL ok",
      "Clock ok",
      "User ok",
      "Schema ok",
      "Roles ok",
      "Roles ok",
      "Grants ok",
      "Workers warn",
      "Jobs ok",
    ]);
  });

  it("fails for migrations that were edited or are missing, and for functions that are open to everybody", async () => {
    const db = await testDatabase();
    await db.pool.query("update reprise_meta.migrations set sha256 = 'other' where name like '%001%'");
    await db.pool.query("delete from reprise_meta.migrations where name like '%009%'");
    await db.pool.query("grant execute on function reprise_engine.clock() to public");
    const { code, stdout } = await runCli(["doctor"], { url: db.connectionString });
    assert.equal(code, 1);
    assert.match(stdout, /^fail {2}Schema .*001_states\.sql was edited after it was applied\./m);
    assert.match(stdout, /^fail {2}Schema .*009_purges\.sql is not applied\./m);
    assert.match(stdout, /^fail {2}Grants .*Everybody may call reprise_engine\.clock\./m);
  });

  it("fails when the database does not answer", async () => {
    const { findings } = await runJson(["doctor"], { url: "postgres://nobody@127.0.0.1:1/none" }, 1);
    assert.equal(findings[0].level, "fail");
  });
});
