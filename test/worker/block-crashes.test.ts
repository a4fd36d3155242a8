import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { assertCounted } from "../oracle/counted.ts";
import { aDoomedWorker, endDoomedWorkers } from "../support/a-doomed-worker.ts";
import { anExecution } from "../support/an-execution.ts";
import { testDatabase, until } from "../support/database.ts";
import { aGate } from "../support/gates.ts";
import { aWorkerFlow, untilEnded, untilRunning } from "../support/worker-flows.ts";

const db = await testDatabase();
afterEach(endDoomedWorkers);

const flowable = (type: string) => `io.kestra.plugin.core.flow.${type}`;

/** How each task run ended, and in which of its attempts: `task[value] STATE 1 RESUBMITTED, 2 SUCCESS`. */
async function storyOf(executionId: string): Promise<string[]> {
  const { rows } = await db.pool.query<{ line: string }>(
    `select t.id || coalesce('[' || array_to_string(r.iteration_path, ',') || ']', '') || ' ' || r.state
      || coalesce(': ' || (
        select string_agg(a.number || ' ' || a.state, ', ' order by a.number) from reprise.attempts as a where a.task_run_id = r.id
      ), '') as line
    from reprise.task_runs as r
    join reprise.tasks as t on t.key = r.task_key
    where r.execution_id = $1
    order by 1`,
    [executionId],
  );
  return rows.map(({ line }) => line);
}

const stateOf = async (executionId: string) => {
  const { rows } = await db.pool.query<{ state: string }>(
    "select state from reprise.executions where id = $1",
    [executionId],
  );
  return rows[0]?.state;
};

describe("workers that are killed in the middle of nested blocks", () => {
  it("leave all of it to the next: every block goes on, nothing is done or recorded twice", async () => {
    const gates = { inside: aGate(), inner: aGate(), turn: aGate() };
    const child = await aWorkerFlow(
      db.pool,
      `tasks: [{ id: inner, type: test.Block, until: "${gates.inner.file}" }]`,
    );
    const flow = await aWorkerFlow(
      db.pool,
      `
tasks:
  - id: each
    type: ${flowable("ForEach")}
    values: [a, b]
    concurrencyLimit: 2
    tasks:
      - id: which
        type: ${flowable("If")}
        condition: "{{ taskrun.value == 'a' }}"
        then:
          - id: both
            type: ${flowable("Parallel")}
            tasks:
              - id: directory
                type: ${flowable("WorkingDirectory")}
                tasks:
                  - { id: before, type: test.Say, text: before }
                  - { id: inside, type: test.Block, until: "${gates.inside.file}" }
              - { id: sub, type: ${flowable("Subflow")}, namespace: ${child.namespace}, flowId: ${child.id} }
        else:
          - id: loop
            type: ${flowable("LoopUntil")}
            condition: "{{ outputs.loop.b.iterationCount >= 2 }}"
            checkFrequency: { interval: PT0.1S }
            tasks:
              - { id: turn, type: test.Block, until: "${gates.turn.file}-{{ taskrun.iteration }}" }
      - { id: rest, type: ${flowable("Pause")}, pauseDuration: "{{ taskrun.value == 'a' ? 'PT5S' : 'PT0.1S' }}" }
  - { id: end, type: test.Say, text: "{{ outputs.loop.b.iterationCount }}" }`,
    );

    const first = await aDoomedWorker(db.connectionString);
    const id = await anExecution(db.pool, flow);
    await untilRunning(db.pool, id, "inside");
    await untilRunning(db.pool, id, "turn");
    const childOf = async () => {
      const { rows } = await db.pool.query<{ id: string }>(
        `select c.id from reprise.executions as c join reprise.task_runs as r on r.id = c.parent_task_run_id
        where r.execution_id = $1`,
        [id],
      );
      assert.ok(rows.length < 2, "a child that was started twice");
      return rows[0]?.id;
    };
    const childId = await until(childOf, { what: "the child to be started" });
    await untilRunning(db.pool, childId, "inner");

    // Twice in the same place: a third time would be too often for a task.
    await first.signal("SIGKILL");
    const second = await aDoomedWorker(db.connectionString);
    await untilRunning(db.pool, id, "inside", 2);
    await untilRunning(db.pool, id, "turn", 2);
    await untilRunning(db.pool, childId, "inner", 2);
    gates.inner.open();
    await untilEnded(db.pool, childId);
    await second.signal("SIGKILL");

    const third = await aDoomedWorker(db.connectionString);
    await untilRunning(db.pool, id, "turn", 3);
    await untilRunning(db.pool, id, "inside", 3);
    gates.turn.open("0");
    gates.inside.open();
    // A task run of its own in the next iteration, while the other iteration pauses.
    await untilRunning(db.pool, id, "turn", 1);
    await until(async () => (await db.pool.query("select from reprise.pauses")).rowCount === 1, {
      what: "the other iteration to pause",
    });
    await third.signal("SIGKILL");
    // Nobody is there when its time comes.
    const isDue = async () =>
      (await db.pool.query("select from reprise.pauses where due_at < reprise_engine.clock()")).rowCount ===
      1;
    await until(isDue, { what: "the pause to be over" });

    await aDoomedWorker(db.connectionString);
    await untilRunning(db.pool, id, "turn", 2);
    gates.turn.open("1");
    await untilEnded(db.pool, id);

    assert.deepEqual(await storyOf(childId), ["inner SUCCESS: 1 RESUBMITTED, 2 SUCCESS"]);
    const story = await storyOf(id);
    assert.deepEqual(
      story.map((line) => line.replace(/:.*/, "")),
      [
        "before[a] SUCCESS",
        "both[a] SUCCESS",
        "directory[a] SUCCESS",
        "each SUCCESS",
        "end SUCCESS",
        "inside[a] SUCCESS",
        "loop[b] SUCCESS",
        "rest[a] SUCCESS",
        "rest[b] SUCCESS",
        "sub[a] SUCCESS",
        "turn[b] SUCCESS",
        "which[a] SUCCESS",
        "which[b] SUCCESS",
      ],
    );
    assert.partialDeepStrictEqual(
      new Set(story),
      new Set([
        "directory[a] SUCCESS: 1 RESUBMITTED, 2 RESUBMITTED, 3 SUCCESS",
        "before[a] SUCCESS: 1 SUCCESS, 2 SUCCESS, 3 SUCCESS",
        "inside[a] SUCCESS: 1 RESUBMITTED, 2 RESUBMITTED, 3 SUCCESS",
        "turn[b] SUCCESS: 1 RESUBMITTED, 2 SUCCESS",
        "end SUCCESS: 1 SUCCESS",
        "each SUCCESS: 1 SUCCESS",
        "sub[a] SUCCESS: 1 SUCCESS",
      ]),
    );
    assert.equal(await stateOf(id), "SUCCESS");
    const client = await db.connect();
    await assertCounted(client);
    const { rows: left } = await client.query(
      `select 'an attempt' from reprise.attempts where state = 'RUNNING'
      union all select 'a pause' from reprise.pauses
      union all select 'a loop' from reprise.loops
      union all select 'an end' from reprise.ended_subflows`,
    );
    assert.deepEqual(left, []);
    await until(async () => (await db.pool.query("select from graphile_worker.jobs")).rowCount === 0, {
      what: "no job to be left behind",
    });
  });
});
