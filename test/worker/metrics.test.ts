import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { callOne } from "../../src/db/call.ts";
import type { Worker } from "../../src/worker/worker.ts";
import { aWorker } from "../support/a-worker.ts";
import { anExecution, aReplay } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { aWorkerFlow, untilEnded } from "../support/worker-flows.ts";

const db = await testDatabase();
let worker: Worker;
before(async () => {
  worker = await aWorker(db.connectionString);
});
after(async () => await worker[Symbol.asyncDispose]());

const core = "io.kestra.plugin.core";

/** What an execution shows, as `task: name TYPE value tags`; durations that were measured are left out. */
async function metricsOf(id: string) {
  await untilEnded(db.pool, id);
  const { rows } = await db.pool.query<{ line: string }>(
    `select m.task_id || ': ' || m.name || ' ' || m.type || ' ' || m.value || ' ' || m.tags
      || case when m.is_carried then ' carried' else '' end as line
    from reprise_api.metrics as m
    where m.execution_id = $1 and m.name <> 'duration'
    order by m.recorded_at, m.task_id, m.id`,
    [id],
  );
  return rows.map(({ line }) => line);
}

const published = `
  - id: p
    type: ${core}.metric.Publish
    metrics:
      - { type: counter, name: rows, value: "{{ 1 + 1 }}", tags: { table: a } }
      - { type: counter, name: rows, value: 3, tags: { table: a } }
      - { type: counter, name: rows, value: 1.5, tags: { table: b } }
      - { type: gauge, name: level, value: 7 }
      - { type: gauge, name: level, value: 2, description: Low }
      - { type: timer, name: waited, value: PT1.5S }`;
const lines = [
  'p: rows COUNTER 5 {"table": "a"}',
  'p: rows COUNTER 1.5 {"table": "b"}',
  "p: level GAUGE 2 {}",
  "p: waited TIMER 1500 {}",
];

describe("the metrics of an execution", () => {
  it("are what its tasks publish: counters added up, the last of a gauge, timers in milliseconds", async () => {
    const flow = await aWorkerFlow(db.pool, `tasks:${published}`);
    assert.deepEqual(await metricsOf(await anExecution(db.pool, flow)), lines);
  });

  it("are those of attempts that failed, too", async () => {
    const flow = await aWorkerFlow(
      db.pool,
      `tasks: [{ id: a, type: ${core}.execution.Assert, conditions: ["{{ true }}", "{{ 1 > 2 }}"] }]`,
    );
    assert.deepEqual(await metricsOf(await anExecution(db.pool, flow)), [
      "a: success COUNTER 1 {}",
      "a: failed COUNTER 1 {}",
    ]);
  });

  it("are of a Return how long its text is and how long it took", async () => {
    const flow = await aWorkerFlow(db.pool, `tasks: [{ id: r, type: ${core}.debug.Return, format: hello }]`);
    const id = await anExecution(db.pool, flow);
    assert.deepEqual(await metricsOf(id), ["r: length COUNTER 5 {}"]);
    const { rows } = await db.pool.query<{ value: number }>(
      "select value from reprise_api.metrics where execution_id = $1 and name = 'duration' and type = 'TIMER'",
      [id],
    );
    assert.ok(Number(rows[0]?.value) >= 0 && rows.length === 1);
  });

  it("are shown by a replay that carries them, marked as such, also when the original is purged", async () => {
    const flow = await aWorkerFlow(
      db.pool,
      `tasks:${published}\n  - { id: r, type: ${core}.debug.Return, format: hello }\n  - { id: b, type: ${core}.log.Log, message: x }`,
    );
    const id = await anExecution(db.pool, flow);
    await untilEnded(db.pool, id);
    const replay = await aReplay(db.pool, id, { anchors: ["task:b"] });
    const all = [...lines, "r: length COUNTER 5 {}"].map((line) => `${line} carried`);
    assert.deepEqual(await metricsOf(replay.id), all);
    await callOne(db.pool, "reprise_api.purge_executions", { execution_ids: [id] });
    assert.deepEqual(await metricsOf(replay.id), all);
    assert.deepEqual(await metricsOf(id), []);
  });

  for (const [written, message] of [
    ["[{ type: rate, name: x, value: 1 }]", "Expected a type: counter, gauge or timer"],
    ["[{ type: timer, name: x, value: soon }]", "`soon` is not a duration such as PT5M."],
  ] as const)
    it(`refuse ${written}`, async () => {
      // In a template, since what stands in the flow itself is refused when it is saved.
      const template = JSON.stringify(written.replaceAll(/(\w+)/g, "'$1'").replaceAll("'1'", "1"));
      const flow = await aWorkerFlow(
        db.pool,
        `tasks: [{ id: p, type: ${core}.metric.Publish, metrics: "{{ ${JSON.parse(template)} }}" }]`,
      );
      const id = await anExecution(db.pool, flow);
      await untilEnded(db.pool, id);
      const { rows } = await db.pool.query<{ message: string }>(
        "select a.error ->> 'message' as message from reprise_api.attempts as a where a.execution_id = $1",
        [id],
      );
      assert.ok(rows[0]?.message.includes(message), rows[0]?.message);
    });
});
