import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { ClientBase } from "pg";
import { callOne } from "../../src/db/call.ts";
import { aWrittenFlow, type FlowReference } from "../support/a-flow.ts";
import { anExecution, aPlan, aReplay } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { aHandWorker } from "../support/hand-worker.ts";
import { hasDag, type MadeFlow, madeFlow } from "./block-flow.ts";
import { type Dice, loadedDice } from "./dice.ts";
import { failing } from "./scripts.ts";
import { type Starting, startFlows, starting } from "./start-flows.ts";
import { assertClosed, endOf } from "./what-happened.ts";
import { writeFlow } from "./write-flow.ts";

// `npm run test:nightly` asks for many more.
const CASES = Number(process.env.REPRISE_SLOT_CASES ?? 12);
const seed = Number(process.env.REPRISE_ORACLE_SEED ?? Math.trunc(Math.random() * 2 ** 31));
const TIME_LIMIT_MS = Number(process.env.REPRISE_SLOT_MS ?? 60_000);
const VACUUM_EVERY = 50;
// Far more than any of these flows takes, seven times one behind the other.
const MOST_ROUNDS = 5_000;

const db = await testDatabase();
const happened: Record<string, number> = {};
let flows = 0;

interface Crowd {
  made: MadeFlow;
  starts: Starting[];
  limit: number;
  /** How many are created at once, and what is done to them then, at which turns. */
  executions: number;
  steps: number;
  throws: number[];
}

const crowd: fc.Arbitrary<Crowd> = fc.record({
  made: madeFlow,
  starts: starting,
  limit: fc.integer({ min: 1, max: 2 }),
  executions: fc.integer({ min: 1, max: 3 }),
  steps: fc.nat({ max: 8 }),
  throws: fc.array(fc.nat({ max: 5_039 }), { maxLength: 40, size: "max" }),
});

interface One {
  id: string;
  state: string;
  has_ended: boolean;
  /** Whether anything of it is still to run, if only behind its end. */
  is_open: boolean;
  holds_slot: boolean;
  is_working: boolean;
}

/** All executions of a flow: whether each has come to its end with all that runs behind it, and whether anything of it runs. */
async function look(client: ClientBase, flow: FlowReference): Promise<One[]> {
  const { rows } = await client.query<One>(
    `select e.id, e.state, e.ended_at is not null as has_ended, e.ended_at is null or e.is_finishing as is_open, e.holds_slot,
      -- What was killed in the queue takes no slot for what runs after it either.
      e.started_at is not null and (
        e.state in ('RUNNING', 'PAUSED', 'BREAKPOINT') or e.is_finishing or exists (
          select from reprise.task_runs as r
          join reprise.attempts as a on a.task_run_id = r.id and a.state = 'RUNNING'
          where r.execution_id = e.id
        )
      ) as is_working
    from reprise.executions as e
    where e.namespace = $1 and e.flow_id = $2
    order by e.id`,
    [flow.namespace, flow.id],
  );
  return rows;
}

/** Never more are at work than there are slots, and none waits for one that is free. */
function assertWithin(all: readonly One[], limit: number): void {
  const count = (is: (one: One) => boolean) => all.filter(is).length;
  assert.ok(count(({ is_working }) => is_working) <= limit, "no more are at work than there are slots");
  for (const one of all) {
    assert.ok(!one.is_working || one.holds_slot, "what is at work holds a slot");
    assert.ok(one.is_open || !one.holds_slot, "what is over holds none");
  }
  const taken = count(({ holds_slot }) => holds_slot);
  assert.ok(taken <= limit, "no more slots are taken than there are");
  assert.ok(
    taken === limit || !all.some(({ state }) => state === "QUEUED"),
    "no slot is free where one waits",
  );
}

/** How each is to end. */
type Fates = Map<string, "AS_THE_FIRST" | "KILLED">;

/** Does something to one of them: replays it, restarts it where it failed or was killed, or kills it. */
async function step(
  client: ClientBase,
  dice: Dice,
  all: readonly One[],
  fates: Fates,
): Promise<string | undefined> {
  const one = all[dice(all.length)];
  if (one === undefined) return undefined;
  switch (dice(4)) {
    case 1: {
      if (one.has_ended || (one.state !== "QUEUED" && dice(2) === 0)) return undefined;
      await callOne(client, "reprise_api.kill_execution", { execution_id: one.id });
      fates.set(one.id, "KILLED");
      return "kills";
    }
    case 2: {
      if (one.is_open || !["FAILED", "KILLED"].includes(one.state)) return undefined;
      await callOne(client, "reprise_api.restart_execution", { execution_id: one.id });
      fates.set(one.id, "AS_THE_FIRST");
      return "restarts";
    }
    default: {
      const { rows } = await client.query<{ id: string }>(
        "select id from reprise.task_runs where execution_id = $1 order by id",
        [one.id],
      );
      const anchor = rows[dice(rows.length + 1)]?.id ?? "start";
      const { is_runnable } = await aPlan(client, one.id, { anchors: [anchor] });
      if (!is_runnable) return undefined;
      const { id } = await aReplay(client, one.id, { anchors: [anchor] });
      fates.set(id, "AS_THE_FIRST");
      return "replays";
    }
  }
}

/** However many are created, replayed, restarted and killed: as many run at once as may, and each ends as it would by itself. */
async function hold(client: ClientBase, given: Crowd): Promise<void> {
  const { made, limit } = given;
  // How far anything comes beside a failure in a Dag is a matter of time.
  const fails = hasDag([...made.tasks, ...made.after]) ? [] : made.failing;
  const written = writeFlow(`flow-${randomUUID()}`, { ...made, failing: fails });
  const { source, children } = startFlows(written.source, given.starts, fails);
  for (const child of children) await aWrittenFlow(client, child);
  const concurrency = { limit, behavior: "QUEUE" };
  const flow = await aWrittenFlow(client, JSON.stringify({ ...JSON.parse(source), concurrency }));
  const script = failing(written);
  const worker = await aHandWorker(client);
  const dice = loadedDice(given.throws);
  const first = await anExecution(client, flow);
  await worker.drain(script);
  const wanted = await endOf(client, first);

  const fates: Fates = new Map([[first, "AS_THE_FIRST"]]);
  for (let count = 0; count < given.executions; count += 1)
    fates.set(await anExecution(client, flow), "AS_THE_FIRST");
  let steps = given.steps;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const all = await look(client, flow);
    assertWithin(all, limit);
    const isOver = !all.some(({ is_open }) => is_open);
    if (isOver && steps === 0) break;
    if (steps > 0 && (isOver || dice(3) === 1)) {
      steps -= 1;
      const done = await step(client, dice, all, fates);
      if (done !== undefined) happened[done] = (happened[done] ?? 0) + 1;
    }
    await openGates(client);
    await worker.drain(script, { rounds: 1 });
  }

  for (const { id, is_open } of await look(client, flow)) {
    assert.ok(!is_open, "each comes to its end");
    const end = await endOf(client, id);
    if (fates.get(id) === "KILLED") assert.equal(end.at(-1), "= KILLED");
    else assert.deepEqual(end, wanted, "it ends as by itself");
  }
  await assertClosed(client);
}

/** Takes the jobs that let in whoever waits. */
async function openGates(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ namespace: string; flow_id: string }>(
    `delete from graphile_worker._private_jobs as j
    using graphile_worker._private_tasks as t
    where t.id = j.task_id and t.identifier = 'reprise.Gate'
    returning j.payload ->> 'namespace' as namespace, j.payload ->> 'flowId' as flow_id`,
  );
  for (const { namespace, flow_id } of rows)
    await callOne(client, "reprise_engine.open_gate", { namespace, flow_id });
}

describe("a limit on how many executions run at once", () => {
  it(`holds for replays and restarts as for any, in ${CASES} made-up flows`, async (context) => {
    context.diagnostic(`seed ${seed}: run again with REPRISE_ORACLE_SEED=${seed}`);
    const property = fc.asyncProperty(crowd, async (given) => {
      if (flows++ % VACUUM_EVERY === 0) await db.pool.query("vacuum");
      await db.inTransaction((client) => hold(client, given));
    });
    const result = await fc.check(property, { seed, numRuns: CASES, interruptAfterTimeLimit: TIME_LIMIT_MS });
    context.diagnostic(`${result.numRuns} flows: ${JSON.stringify(happened)}`);
    if (result.failed && result.counterexample !== null)
      throw new Error(fc.defaultReportMessage(result), { cause: result.errorInstance });
  });
});
