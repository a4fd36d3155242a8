import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { type Logger, silentLogger } from "../../src/base/log.ts";
import { startEmbedded } from "../../src/db/embedded.ts";
import { migrate } from "../../src/db/migrate.ts";
import { runCli, runJson } from "../cli/run-cli.ts";
import { aDoomedWorker, endDoomedWorkers } from "../support/a-doomed-worker.ts";
import { aWorker } from "../support/a-worker.ts";
import { anExecution, executionOf } from "../support/an-execution.ts";
import { aGate } from "../support/gates.ts";
import { postgresBin } from "../support/template.ts";
import { aWorkerFlow, untilEnded, untilRunning } from "../support/worker-flows.ts";

// A Postgres of this file's own: roles belong to the whole cluster, and here they are missing at first.
const postgres = await startEmbedded({
  dataDir: join(tmpdir(), `reprise-owner-${randomBytes(8).toString("hex")}`),
  log: silentLogger,
  isTemporary: true,
  bin: postgresBin,
});
after(() => postgres.stop());

const addressOf = (user: string) =>
  Object.assign(new URL(postgres.connectionString), { username: user, password: "secret" }).href;
const url = addressOf("plain_owner");

async function run(address: string, statements: string): Promise<void> {
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  await client.query(statements).finally(() => client.end());
}

/** Migrates as the owner, and gives what was warned of. */
async function migrateAloud() {
  const warnings: { hint?: string; message: string }[] = [];
  const warn = ({ hint }: { hint?: string }, message: string) =>
    warnings.push({ message, ...(hint && { hint }) });
  const log = Object.assign(silentLogger.child({}), { warn }) as unknown as Logger;
  return { report: await migrate(url, log), warnings };
}

/** What the doctor finds at fault with the roles, and its advice. */
async function examineRoles() {
  const { stdout } = await runCli(["doctor", "--json"], { url });
  const { findings } = JSON.parse(stdout) as {
    findings: { subject: string; level: string; message: string; hint?: string }[];
  };
  return findings.filter(({ subject }) => subject === "Roles");
}

async function runsAFlow(address: string): Promise<string> {
  await using _worker = await aWorker(address);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const id = await anExecution(
      client,
      await aWorkerFlow(client, "tasks: [{ id: a, type: test.Say, text: a }]"),
    );
    await untilEnded(client, id);
    return (await executionOf(client, id)).state;
  } finally {
    await client.end();
  }
}

const createRoles = ["reprise_graphql", "reprise_worker"].map(
  (role) => `create role ${role} nologin; grant ${role} to plain_owner;`,
);

describe("an owner who may not create roles", () => {
  let first: Awaited<ReturnType<typeof migrateAloud>>;
  before(async () => {
    await run(
      postgres.connectionString,
      `create role plain_owner login password 'secret' nosuperuser nocreaterole;
      create role narrow login password 'secret';
      create role stranger login password 'secret';
      alter database reprise owner to plain_owner`,
    );
    first = await migrateAloud();
  });

  it("migrates, and is told what an administrator has to run", async () => {
    assert.ok(first.report.isCodeReplaced);
    assert.deepEqual(
      first.warnings,
      ["reprise_worker", "reprise_graphql"].map((role) => ({
        message: `The role ${role} is missing and plain_owner may not create it.`,
        hint: `As an administrator: create role ${role} nologin; grant ${role} to plain_owner;`,
      })),
    );
    const again = await migrateAloud();
    assert.deepEqual(again, { report: { applied: [], isCodeReplaced: false }, warnings: [] });
  });

  it("runs workers with its own rights for the time being", async () => {
    assert.equal(await runsAFlow(url), "SUCCESS");
  });

  it("is refused a server, with what an administrator has to run", async () => {
    const { error } = await runJson(["server", "--port", "0"], { url }, 1);
    assert.equal(error.reason, "role_missing");
    assert.match(error.hint, /create role reprise_graphql nologin; grant reprise_graphql to /);
  });

  it("hears the same from the doctor", async () => {
    assert.deepEqual(await examineRoles(), [
      {
        subject: "Roles",
        level: "fail",
        message: "The role reprise_graphql is missing.",
        hint: `As an administrator: ${createRoles[0]} Then, as the owner: reprise migrate`,
      },
      {
        subject: "Roles",
        level: "warn",
        message: "The role reprise_worker is missing.",
        hint: `As an administrator: ${createRoles[1]} Then, as the owner: reprise migrate`,
      },
    ]);
  });
});

describe("an owner for whom an administrator has made the roles", () => {
  let early: Awaited<ReturnType<typeof examineRoles>>;
  before(async () => {
    await run(postgres.connectionString, `${createRoles.join(" ")} grant reprise_worker to narrow`);
    early = await examineRoles();
    assert.equal((await runJson(["migrate"], { url })).isCodeReplaced, true);
  });

  it("is told to migrate again, which gives them their rights", async () => {
    assert.deepEqual(
      early.map(({ level, message }) => `${level} ${message}`),
      ["fail The role reprise_graphql lacks its rights.", "fail The role reprise_worker lacks its rights."],
    );
    assert.deepEqual((await migrateAloud()).report, { applied: [], isCodeReplaced: false });
    assert.deepEqual(
      (await examineRoles()).map(({ level }) => level),
      ["ok", "ok"],
    );
  });

  it("may leave the work to a user who has only the role of workers", async () => {
    assert.equal(await runsAFlow(addressOf("narrow")), "SUCCESS");
  });
});

describe("the work of a dead worker", () => {
  it("moves on, although neither the owner nor the worker's user may see the sessions of others", async () => {
    // Not as the owner: nobody who works here may see a session that is as old as the server.
    const client = new pg.Client({ connectionString: postgres.connectionString });
    await client.connect();
    const gate = aGate();
    try {
      const flow = await aWorkerFlow(client, `tasks: [{ id: a, type: test.Block, until: "${gate.file}" }]`);
      const victim = await aDoomedWorker(addressOf("narrow"));
      const id = await anExecution(client, flow);
      await untilRunning(client, id, "a");
      const heir = await aDoomedWorker(addressOf("narrow"));
      await victim.signal("SIGKILL");
      assert.equal((await untilRunning(client, id, "a", 2)).pid, heir.pid);
    } finally {
      await endDoomedWorkers();
      await client.end();
    }
  });
});

describe("a user who does not own the database", () => {
  it("migrates nothing that is up to date, and is refused the rest", async () => {
    const narrow = { url: addressOf("narrow") };
    assert.deepEqual(await runJson(["migrate"], narrow), { applied: [], isCodeReplaced: false });
    await run(url, "update reprise_meta.code set sha256 = 'other'");
    assert.equal((await runJson(["migrate"], narrow, 1)).error.reason, "may_not_migrate");
    await run(url, "update reprise_meta.code set version = '99.0.0'");
    assert.equal((await runJson(["migrate"], narrow, 1)).error.reason, "database_is_newer");
    assert.equal(
      (await runJson(["migrate"], { url: addressOf("stranger") }, 1)).error.reason,
      "may_not_migrate",
    );
  });

  it("hears from the doctor what it may do", async () => {
    const worker = await runJson(["doctor"], { url: addressOf("narrow") });
    assert.deepEqual(
      worker.findings.map(({ subject, level }: { subject: string; level: string }) => `${subject} ${level}`),
      ["Database ok", "PostgreSQL ok", "Clock ok", "User ok"],
    );
    const { findings } = await runJson(["doctor"], { url: addressOf("stranger") }, 1);
    assert.equal(findings.at(-1).message, "stranger may do nothing here.");
  });
});
