import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { ClientBase } from "pg";
import { callOne } from "../../src/db/call.ts";
import { aWrittenFlow, type FlowReference } from "../support/a-flow.ts";
import { anExecution, aReplay, executionOf } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { aHandWorker } from "../support/hand-worker.ts";
import { hasDag, type MadeFlow, madeWell } from "./block-flow.ts";
import { type Exiting, exitCalmly, exiting } from "./exit-flows.ts";
import { failing, well } from "./scripts.ts";
import { type Starting, startFlows, starting } from "./start-flows.ts";
import { assertClosed, assertPlanned, aWholePlan, endOf, runsOf, someOf, warned } from "./what-happened.ts";
import { failRound, writeFlow } from "./write-flow.ts";

// `npm run test:nightly` asks for many more.
const CASES = Number(process.env.REPRISE_RETRY_CASES ?? 10);
const seed = Number(process.env.REPRISE_ORACLE_SEED ?? Math.trunc(Math.random() * 2 ** 31));
const TIME_LIMIT_MS = Number(process.env.REPRISE_RETRY_MS ?? 60_000);
const VACUUM_EVERY = 50;
const MOST_ANCHORS = 6;

const db = await testDatabase();
let flows = 0;
let retried = 0;
let replays = 0;

/** The last of the executions that have taken the place of one. */
async function lastOf(client: ClientBase, id: string): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    "select id from reprise.executions where original_id = $1 and try > 1",
    [id],
  );
  return rows[0] === undefined ? id : await lastOf(client, rows[0].id);
}

/** The retry that a flow asks for where one of its tasks fails: a second execution. */
const retry = { type: "constant", interval: "PT10S", maxAttempts: 2, behavior: "CREATE_NEW_EXECUTION" };

/** The flow with that retry, the same flow without, and how its tasks end. */
async function write(
  client: ClientBase,
  made: MadeFlow,
  starts: readonly Starting[],
  exits: readonly Exiting[],
) {
  const rounded = failRound({ ...made, failing: [0, ...made.failing].slice(-2) });
  const written = writeFlow(`flow-${randomUUID()}`, rounded);
  const { source: started, children } = startFlows(written.source, starts, rounded.failing);
  for (const child of children) await aWrittenFlow(client, child);
  const source = JSON.parse(exitCalmly(started, exits));
  const save = async (id: string, rest: object): Promise<FlowReference> =>
    await aWrittenFlow(client, JSON.stringify({ ...source, id, ...rest }));
  return {
    flow: await save(source.id, { retry }),
    plain: await save(`${source.id}-plain`, {}),
    script: failing(written),
  };
}

/** Wherever it goes on from, the last of a line ends as an execution without such a retry. */
async function hold(
  client: ClientBase,
  made: MadeFlow,
  starts: readonly Starting[],
  exits: readonly Exiting[],
): Promise<void> {
  const { flow, plain, script } = await write(client, made, starts, exits);
  const worker = await aHandWorker(client);
  const run = async (of: FlowReference, how: typeof script) => {
    const id = await anExecution(client, of);
    await worker.drain(how);
    await assertClosed(client);
    return id;
  };
  const calm = await endOf(client, await run(plain, script));
  const mended = warned(await endOf(client, await run(plain, well)));
  const id = await run(flow, script);
  const last = await lastOf(client, id);
  assert.deepEqual(await endOf(client, last), calm, "its last try ends as one without a retry");
  if (id === last) return;
  retried += 1;
  assert.equal((await executionOf(client, id)).state, "RETRIED");

  // How far anything in a Dag comes beside a failure is a matter of time.
  const mayRace = hasDag([...made.tasks, ...made.after]);
  for (const original of [id, last]) {
    const some = someOf(await runsOf(client, original));
    const every = Math.max(1, Math.ceil(some.length / MOST_ANCHORS));
    for (const { id: anchor, name, in_handler } of some.filter((_, index) => index % every === 0)) {
      const plan = await aWholePlan(client, original, [anchor]);
      assert.ok(plan.is_runnable, `${plan.codes} stands in the way of a replay from ${name}`);
      const replay = await aReplay(client, original, { anchors: [anchor] });
      replays += 1;
      await worker.drain(script);
      await assertClosed(client);
      await assertPlanned(client, plan, name, replay.id);
      const end = await endOf(client, await lastOf(client, replay.id));
      // From what runs after it, it carries how it had ended.
      if (in_handler && original === id && end.at(-1) === "= RETRIED") continue;
      if (!mayRace) assert.deepEqual(end, calm, `a replay from ${name}`);
    }
    const state = (await executionOf(client, original)).state;
    if (!["RETRIED", "FAILED"].includes(state)) continue;
    const again = await aReplay(client, original, { anchors: ["failed"] });
    await worker.drain(well);
    assert.deepEqual(warned(await endOf(client, again.id)), mended, `a replay of what failed in a ${state}`);
  }

  if ((await executionOf(client, last)).state !== "FAILED") return;
  for (const how of [script, well]) {
    await client.query("savepoint failed");
    await callOne(client, "reprise_api.restart_execution", { execution_id: last });
    await worker.drain(how);
    await assertClosed(client);
    // A restart has a budget of its own.
    const end = await endOf(client, await lastOf(client, last));
    if (how === well) assert.deepEqual(warned(end), mended, "a restart of the last");
    else if (!mayRace) assert.deepEqual(end, calm, "a restart of the last that fails again");
    await client.query("rollback to savepoint failed");
  }
}

describe("executions that a retry has created anew", () => {
  it(`go on as any other, in ${CASES} made-up flows`, async (context) => {
    context.diagnostic(`seed ${seed}: run again with REPRISE_ORACLE_SEED=${seed}`);
    const property = fc.asyncProperty(madeWell, starting, exiting, async (made, starts, exits) => {
      if (flows++ % VACUUM_EVERY === 0) await db.pool.query("vacuum");
      await db.inTransaction((client) => hold(client, made, starts, exits));
    });
    const result = await fc.check(property, { seed, numRuns: CASES, interruptAfterTimeLimit: TIME_LIMIT_MS });
    context.diagnostic(`${result.numRuns} flows, ${retried} retried, ${replays} replays`);
    if (result.failed && result.counterexample !== null)
      throw new Error(fc.defaultReportMessage(result), { cause: result.errorInstance });
  });
});
