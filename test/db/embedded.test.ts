import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, afterEach, describe, it } from "node:test";
import pg from "pg";
import { z } from "zod";
import { silentLogger } from "../../src/base/log.ts";
import { type Embedded, findEmbedded, startEmbedded } from "../../src/db/embedded.ts";
import { isAlive } from "../../src/db/embedded-state.ts";
import { postgresBin } from "../support/template.ts";
import { until } from "../support/until.ts";

const dataDir = join(tmpdir(), `reprise-embedded-${randomBytes(8).toString("hex")}`);
const data = join(dataDir, "postgres", "data");
const processes: ChildProcess[] = [];

afterEach(async () => {
  for (const child of processes.splice(0)) child.kill("SIGKILL");
  await until(async () => (await postmasterPid()) === undefined, { what: "Postgres to be gone" });
});
after(() => rm(dataDir, { recursive: true, force: true }));

function start(): Promise<Embedded> {
  return startEmbedded({ dataDir, log: silentLogger, bin: postgresBin });
}

const report = z.object({
  connectionString: z.string(),
  isReused: z.boolean(),
  keeperPid: z.int().optional(),
});

async function startElsewhere(): Promise<z.output<typeof report> & { process: ChildProcess }> {
  const file = join(import.meta.dirname, "embedded-process.ts");
  const child = spawn(process.execPath, [file, dataDir], { stdio: ["ignore", "pipe", "inherit"] });
  processes.push(child);
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  return { ...report.parse(JSON.parse(String(line))), process: child };
}

/** The process of the Postgres in the folder, when there is one that lives. */
async function postmasterPid(): Promise<number | undefined> {
  const text = await readFile(join(data, "postmaster.pid"), "utf8").catch(() => "");
  const pid = Number.parseInt(text, 10);
  return !Number.isNaN(pid) && isAlive(pid) ? pid : undefined;
}

async function ask(connectionString: string, query: string): Promise<unknown> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const { rows } = await client.query({ text: query, rowMode: "array" }).finally(() => client.end());
  return rows[0]?.[0];
}

describe("startEmbedded", () => {
  it("starts a Postgres for this machine and this user alone, and stops it", async () => {
    const embedded = await start();
    assert.equal(embedded.isReused, false);
    assert.equal(await ask(embedded.connectionString, "show listen_addresses"), "127.0.0.1");
    assert.equal(await ask(embedded.connectionString, "show fsync"), "on");
    assert.equal(await findEmbedded(dataDir), embedded.connectionString);
    assert.equal((await stat(join(dataDir, "postgres", "embedded.json"))).mode & 0o777, 0o600);
    const wrong = embedded.connectionString.replace(/:[^:@]+@/, ":wrong@");
    await assert.rejects(ask(wrong, "select 1"), { code: "28P01" });
    await embedded.stop();
    assert.equal(await postmasterPid(), undefined);
    assert.equal(await findEmbedded(dataDir), undefined);
  });

  it("finds its data again", async () => {
    const first = await start();
    await ask(first.connectionString, "create table kept as select 1");
    await first.stop();
    await using second = await start();
    assert.equal(await ask(second.connectionString, "select count(*)::integer from kept"), 1);
  });

  it("takes the one that another process runs, and leaves it running", async () => {
    const other = await startElsewhere();
    const ours = await start();
    assert.equal(ours.isReused, true);
    assert.equal(ours.connectionString, other.connectionString);
    await ours.stop();
    assert.equal(await ask(other.connectionString, "select 1"), 1);
  });

  it("is one for two processes that come at once", async () => {
    const both = await Promise.all([startElsewhere(), startElsewhere()]);
    assert.deepEqual(both.map(({ isReused }) => isReused).sort(), [false, true]);
    assert.equal(both[0].connectionString, both[1].connectionString);
  });

  it("leaves no Postgres behind when its process is killed", async () => {
    const other = await startElsewhere();
    assert.notEqual(await postmasterPid(), undefined);
    other.process.kill("SIGKILL");
    await until(async () => (await postmasterPid()) === undefined, { what: "Postgres to stop" });
  });

  it("starts at once after its process was killed", async () => {
    const other = await startElsewhere();
    other.process.kill("SIGKILL");
    await once(other.process, "exit");
    await using ours = await start();
    assert.equal(ours.isReused, false);
    assert.equal(await ask(ours.connectionString, "select 1"), 1);
  });

  it("replaces one whose process and keeper were both killed", async () => {
    const other = await startElsewhere();
    process.kill(other.keeperPid ?? 0, "SIGKILL");
    other.process.kill("SIGKILL");
    await once(other.process, "exit");
    assert.notEqual(await postmasterPid(), undefined);
    await using ours = await start();
    assert.equal(ours.isReused, false);
  });

  it("recovers after Postgres itself was killed", async () => {
    const other = await startElsewhere();
    await ask(other.connectionString, "create table if not exists survives as select 1");
    process.kill((await postmasterPid()) ?? 0, "SIGKILL");
    await using ours = await start();
    assert.equal(await ask(ours.connectionString, "select count(*)::integer from survives"), 1);
  });

  it("is not held up by a pid file that names somebody else's process", async () => {
    await (await start()).stop();
    await writeFile(join(data, "postmaster.pid"), `${process.pid}\n${data}\n`);
    await using ours = await start();
    assert.equal(await ask(ours.connectionString, "select 1"), 1);
  });
});
