import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../src/db/call.ts";
import { aGatedFlow, openGate, someExecutions, statesOfAll, wakeUpsOf } from "../sql/gates/gate-flows.ts";
import type { FlowReference } from "../support/a-flow.ts";
import { aRace, outcomeOf } from "../support/a-race.ts";
import { anExecution, taskRunsOf } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { aHandWorker } from "../support/hand-worker.ts";

const db = await testDatabase();
const one = "concurrency: { limit: 1 }";
const kill = async (client: ClientBase, execution_id: string) =>
  await callOne(client, "reprise_api.kill_execution", { execution_id });

describe("two that create executions of a flow with a limit at once", () => {
  it("do not take one slot twice", async () => {
    const flow = await aGatedFlow(db.pool, one);
    const create = async (client: ClientBase) => await anExecution(client, flow);
    const { first, second } = await aRace(db, create, create);
    assert.deepEqual(await statesOfAll(db.pool, [first, outcomeOf(second)]), ["CREATED", "QUEUED"]);
  });

  it("leave the slot to the second when the first is rolled back", async () => {
    const flow = await aGatedFlow(db.pool, one);
    const create = async (client: ClientBase) => await anExecution(client, flow);
    const { second } = await aRace(db, create, create, "rollback");
    assert.deepEqual(await statesOfAll(db.pool, [outcomeOf(second)]), ["CREATED"]);
  });

  it("are counted, if late, by a limit that is given to the flow while they do", async () => {
    const flow = await aGatedFlow(db.pool, "");
    const creator = await db.connect();
    await creator.query("begin");
    await anExecution(creator, flow);
    await aGatedFlow(db.pool, one, flow);
    await creator.query("commit");
    await callOne(db.pool, "reprise_engine.reconcile_jobs", {});
    const [next = ""] = await someExecutions(db.pool, flow, 1);
    assert.deepEqual(await statesOfAll(db.pool, [next]), ["QUEUED"]);
  });
});

describe("an execution that ends while another is created", () => {
  it("waits for nobody, and a job lets the other in", async () => {
    const flow = await aGatedFlow(db.pool, one);
    const [running = ""] = await someExecutions(db.pool, flow, 1);
    const creator = await db.connect();
    await creator.query("begin");
    const created = await anExecution(creator, flow);
    await kill(await db.connect(), running);
    await creator.query("commit");
    assert.deepEqual(await statesOfAll(db.pool, [running, created]), ["KILLED", "QUEUED"]);
    assert.deepEqual(await wakeUpsOf(db.pool), ["reprise.Gate"]);
    assert.equal(await openGate(await db.connect(), flow), 1);
    await db.pool.query("delete from graphile_worker._private_jobs");
  });
});

describe("an execution at the head of a queue that somebody is at work on", () => {
  /** Frees the only slot of a flow while another transaction has the head of its queue. */
  async function freedBeside(waiting: number) {
    const flow = await aGatedFlow(db.pool, one);
    const [running = "", ...queue] = await someExecutions(db.pool, flow, 1 + waiting);
    const other = await db.connect();
    await other.query("begin");
    await callOne(other, "reprise_api.set_labels", { execution_id: queue[0] as string, labels: { a: "b" } });
    await kill(await db.connect(), running);
    await other.query("commit");
    return { flow, queue };
  }

  it("is passed over, and leaves no job where it takes no place", async () => {
    const { queue } = await freedBeside(2);
    assert.deepEqual(await statesOfAll(db.pool, queue), ["QUEUED", "RUNNING"]);
    assert.deepEqual(await wakeUpsOf(db.pool), []);
  });

  it("is let in by a job soon when there was no other", async () => {
    const { flow, queue } = await freedBeside(1);
    assert.deepEqual(await statesOfAll(db.pool, queue), ["QUEUED"]);
    const { rows } = await db.pool.query(
      "select run_at <= now() + interval '100 milliseconds' as is_soon from graphile_worker.jobs where key = $1",
      [`gate_again:${flow.namespace}/${flow.id}`],
    );
    assert.deepEqual(rows, [{ is_soon: true }]);
    await openGate(await db.connect(), flow);
    assert.deepEqual(await statesOfAll(db.pool, queue), ["RUNNING"]);
  });

  it("is found by the reconciler when that job is lost", async () => {
    const { flow, queue } = await freedBeside(1);
    assert.deepEqual(await statesOfAll(db.pool, queue), ["QUEUED"]);
    await db.pool.query("delete from graphile_worker._private_jobs");
    await callOne(db.pool, "reprise_engine.reconcile_jobs", {});
    assert.deepEqual(await wakeUpsOf(db.pool), ["reprise.Gate"]);
    await openGate(await db.connect(), flow);
    assert.deepEqual(await statesOfAll(db.pool, queue), ["RUNNING"]);
  });
});

describe("a crowd at the gate", () => {
  for (const limit of [1, 4]) {
    it(`never has more than ${limit} in, and as many as may be in the end`, async () => {
      const flow = await aGatedFlow(db.pool, `concurrency: { limit: ${limit} }`);
      const clients = await Promise.all(Array.from({ length: 8 }, () => db.connect()));
      const most: number[] = [];
      await Promise.all(
        clients.map(async (client, place) => {
          const random = sequence(place + 1);
          for (let turn = 0; turn < 40; turn += 1) {
            await act(client, flow, random());
            most.push(await countIn(client, flow));
          }
        }),
      );
      assert.ok(Math.max(...most) <= limit, `${Math.max(...most)} were in at once`);

      // The last wake-ups, as a worker would have them.
      while ((await openGate(clients[0] as ClientBase, flow)) > 0);
      const left = await count(db.pool, flow, "ended_at is null");
      assert.equal(await countIn(clients[0] as ClientBase, flow), Math.min(limit, left));
      assert.equal(await count(db.pool, flow, "holds_slot and ended_at is not null"), 0);
    });
  }
});

async function act(client: ClientBase, flow: FlowReference, choice: number): Promise<unknown> {
  if (choice < 0.5) return await anExecution(client, flow);
  if (choice < 0.6) {
    const { rows } = await client.query<{ id: string }>(
      "select id from reprise.executions where flow_id = $1 and ended_at is null order by random() limit 1",
      [flow.id],
    );
    // Somebody else may have ended it first.
    return (
      rows[0] &&
      (await kill(client, rows[0].id).catch((error) => assert.equal(error.reason, "execution_ended", error)))
    );
  }
  if (choice < 0.7) return await openGate(client, flow);
  const { rows } = await client.query<{ id: string }>(
    "select id from reprise.executions where flow_id = $1 and state in ('CREATED', 'RUNNING') order by random() limit 1",
    [flow.id],
  );
  const run = rows[0] && (await taskRunsOf(client, rows[0].id)).a;
  if (run === undefined) return undefined;
  const worker = await aHandWorker(client);
  const begun = await worker.begin(run.id);
  return await worker.finish(begun.map(({ attempt_id }) => ({ attemptId: attempt_id })));
}

const countIn = (client: ClientBase, flow: FlowReference) =>
  count(client, flow, "(ended_at is null or is_finishing) and state <> 'QUEUED'");

async function count(
  client: Pick<ClientBase, "query">,
  flow: FlowReference,
  condition: string,
): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::integer from reprise.executions where flow_id = $1 and ${condition}`,
    [flow.id],
  );
  return rows[0]?.count ?? 0;
}

/** Numbers between 0 and 1 that look random and are the same each time. */
function sequence(seed: number): () => number {
  let state = seed * 2_654_435_761;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe("a look at what SLAs assert", () => {
  it("comes again for what ends while the look before it is being taken", async () => {
    const flow = await aGatedFlow(
      db.pool,
      'sla: [{ id: s, type: EXECUTION_ASSERTION, assert: "{{ outputs.a is not defined }}", behavior: FAIL }]',
    );
    const id = await anExecution(db.pool, flow);
    await db.pool.query("select reprise_engine.enqueue_assertions(array[$1::uuid])", [id]);
    const which = "where j.payload ->> 'executionId' = $1";
    const { second } = await aRace(
      db,
      async (client) =>
        await client.query(
          `update graphile_worker._private_jobs as j set locked_at = now(), locked_by = 'another' ${which}`,
          [id],
        ),
      async (client) => await client.query("select reprise_engine.enqueue_assertions(array[$1::uuid])", [id]),
    );
    outcomeOf(second);
    const { rows } = await db.pool.query(
      `select count(*)::integer from graphile_worker._private_jobs as j ${which} and j.locked_at is null`,
      [id],
    );
    assert.deepEqual(rows, [{ count: 1 }]);
  });
});
