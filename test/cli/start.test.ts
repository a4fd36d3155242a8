import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { packageRoot } from "../../src/base/version.ts";
import { isAlive } from "../../src/db/embedded-state.ts";
import { testDatabase, until } from "../support/database.ts";
import { runCli, runJson, startCli } from "./run-cli.ts";

const dataDir = join(tmpdir(), `reprise-start-${randomBytes(8).toString("hex")}`);
const env = { REPRISE_DATA_DIR: dataDir, REPRISE_LOG_LEVEL: "warn" };

interface Places {
  graphql: string;
  psql: string;
  dataFolder: string;
  loadedFlows: string[];
}

let reprise: ChildProcess;
let places: Places;

/** Starts everything, and waits until it says where it is. */
async function start(launch = launchAlone): Promise<{ reprise: ChildProcess; places: Places }> {
  const child = launch();
  let said = "";
  child.stdout?.on("data", (chunk) => {
    said += chunk;
  });
  child.stderr?.resume();
  const document = await until(() => said.endsWith("}\n") && said, {
    what: "the welcome",
    timeoutMs: 60_000,
  });
  return { reprise: child, places: JSON.parse(document) };
}

function launchAlone(): ChildProcess {
  return startCli(["start", "--port", "0", "--json"], { env });
}

function launchWithNpm(): ChildProcess {
  const { DATABASE_URL: _theirs, ...rest } = process.env;
  const args = ["--silent", "start", "--", "--port", "0", "--json"];
  return spawn("npm", args, {
    cwd: packageRoot,
    env: { ...rest, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function workerPids(): Promise<number[]> {
  const [, connectionString] = /'(.*)'/.exec(places.psql) ?? [];
  const client = new pg.Client({ connectionString });
  await client.connect();
  const { rows } = await client
    .query<{ pid: number }>("select pid from reprise.workers where state = 'RUNNING' order by id")
    .finally(() => client.end());
  return rows.map(({ pid }) => pid);
}

async function postmasterPid(): Promise<number> {
  return Number.parseInt(await readFile(join(places.dataFolder, "data/postmaster.pid"), "utf8"), 10);
}

before(async () => {
  ({ reprise, places } = await start());
});
after(async () => {
  reprise.kill("SIGKILL");
  await rm(dataDir, { recursive: true, force: true });
});

describe("reprise start", () => {
  it("brings up a database, a server and a worker, and loads the examples", async () => {
    assert.deepEqual(places.loadedFlows, [
      "company.team.divvy_tripdata",
      "company.team.hello",
      "company.team.order_report",
      "company.team.retry",
    ]);
    const response = await fetch(places.graphql, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"query": "{ __typename }"}',
    });
    assert.deepEqual(await response.json(), { data: { __typename: "Query" } });
    assert.equal((await workerPids()).length, 1);
  });

  it("is found by commands, which need no address", async () => {
    const hello = await runCli(["run", "company.team", "hello", "-i", "name=ada", "--wait"], { env });
    assert.equal(hello.code, 0, hello.stderr);
    const report = await runJson(["run", "company.team", "order_report", "--wait"], { env });
    assert.deepEqual([report.state, report.outputs], ["SUCCESS", { total: 675 }]);
  });

  it("refuses to start twice on the same data, or on a port that is taken", async () => {
    const db = await testDatabase();
    const { port } = new URL(places.graphql);
    const [again, taken] = await Promise.all([
      runJson(["start", "--port", "0"], { env }, 1),
      runJson(["start", "--port", port], { url: db.connectionString }, 1),
    ]);
    assert.equal(again.error.reason, "already_running");
    assert.equal(taken.error.reason, "port_taken");
  });

  it("starts another worker when one dies", async () => {
    const [first = 0] = await workerPids();
    process.kill(first, "SIGKILL");
    await until(async () => (await workerPids()).some((pid) => pid !== first), {
      what: "another worker",
      timeoutMs: 30_000,
    });
  });

  it("starts Postgres again when it dies", async () => {
    const first = await postmasterPid();
    process.kill(first, "SIGKILL");
    await until(async () => (await postmasterPid().catch(() => first)) !== first, {
      what: "another Postgres",
      timeoutMs: 30_000,
    });
    await until(async () => (await runCli(["run", "company.team", "hello", "--wait"], { env })).code === 0, {
      what: "work to go on",
      timeoutMs: 30_000,
    });
  });

  it("stops everything on a signal, and ends well", async () => {
    const pids = [...(await workerPids()), await postmasterPid()];
    const ended = once(reprise, "exit");
    // npm passes on the signal that the terminal has given already.
    reprise.kill("SIGINT");
    await delay(50);
    reprise.kill("SIGINT");
    assert.deepEqual(await ended, [0, null]);
    assert.deepEqual(pids.filter(isAlive), []);
  });

  it("loads no examples a second time, and leaves nothing behind when it is killed", async () => {
    ({ reprise, places } = await start());
    assert.deepEqual(places.loadedFlows, []);
    const pids = [...(await workerPids()), await postmasterPid()];
    reprise.kill("SIGKILL");
    await until(() => pids.every((pid) => !isAlive(pid)), { what: "the rest to go", timeoutMs: 20_000 });
  });

  it("stops with the npm that started it, in order when that is told to, and soon when that is killed", async () => {
    ({ reprise, places } = await start(launchWithNpm));
    const first = [...(await workerPids()), await postmasterPid()];
    const ended = once(reprise, "exit");
    reprise.kill("SIGTERM");
    assert.deepEqual(await ended, [0, null]);
    assert.deepEqual(first.filter(isAlive), []);

    ({ reprise, places } = await start(launchWithNpm));
    const second = [...(await workerPids()), await postmasterPid()];
    reprise.kill("SIGKILL");
    await until(() => second.every((pid) => !isAlive(pid)), { what: "the rest to go", timeoutMs: 20_000 });
  });
});
