import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { callOne } from "../../src/db/call.ts";
import type { Worker } from "../../src/worker/worker.ts";
import { aWorker } from "../support/a-worker.ts";
import { anExecution, executionOf, taskRunsOf } from "../support/an-execution.ts";
import { testDatabase, until } from "../support/database.ts";
import { aWorkerFlow, untilEnded, untilRunning } from "../support/worker-flows.ts";

const db = await testDatabase();
let worker: Worker;
before(async () => {
  worker = await aWorker(db.connectionString);
});
after(async () => await worker?.[Symbol.asyncDispose]());

/** A second of work, or until the limit says that it takes too long. */
const bomb =
  "{% for i in 1..100000 %}{{ i | date('yyyy' ~ \\\"'#{i}'\\\" ~ 'EEEE', locale='fr') }}{% endfor %}";
const each = (text: string) =>
  `tasks: [{ id: each, type: io.kestra.plugin.core.flow.ForEach, values: [1, 2, 3, 4, 5, 6], concurrencyLimit: 0,
    tasks: [{ id: bomb, type: test.Say, text: "${text}" }] }]`;

describe("a hostile template", () => {
  it("fails its own task, and holds nothing else up", async () => {
    const hostile = await anExecution(db.pool, await aWorkerFlow(db.pool, each(bomb)));
    await untilRunning(db.pool, hostile, "bomb");
    const honest = await anExecution(
      db.pool,
      await aWorkerFlow(
        db.pool,
        `tasks: [{ id: a, type: test.Say, text: "{{ 1 + 1 }}" }, { id: b, type: test.Say, text: "{{ outputs.a.text }}" }]`,
      ),
    );
    await untilEnded(db.pool, honest);
    assert.equal((await executionOf(db.pool, hostile)).state, "RUNNING");
    assert.equal((await executionOf(db.pool, honest)).state, "SUCCESS");

    await untilEnded(db.pool, hostile);
    const { rows } = await db.pool.query<{ error: { message: string } }>(
      `select a.error from reprise.attempts as a join reprise.task_runs as r on r.id = a.task_run_id
      where r.execution_id = $1 and a.state = 'FAILED' and a.error ->> 'reason' = 'expression_failed'`,
      [hostile],
    );
    assert.equal(rows.length, 6);
    for (const { error } of rows)
      assert.match(error.message, /^The expression (does too much work|takes too long)\./);
  });

  it("keeps no other Subflow waiting where one takes it from its child", async () => {
    const child = await aWorkerFlow(db.pool, "tasks: [{ id: a, type: test.Say, text: hi }]");
    const subflow = (id: string, outputs: string) =>
      `{ id: ${id}, type: io.kestra.plugin.core.flow.Subflow, namespace: company.team, flowId: ${child.id}, outputs: { x: "${outputs}" } }`;
    const bombs = Array.from({ length: 8 }, (_, n) => subflow(`s${n}`, bomb));
    const parallel = `{ id: all, type: io.kestra.plugin.core.flow.Parallel, tasks: [${bombs.join(", ")}] }`;
    const hostile = await anExecution(db.pool, await aWorkerFlow(db.pool, `tasks: [${parallel}]`));
    const children = "select from reprise.executions where flow_id = $1 and ended_at is not null";
    await until(async () => (await db.pool.query(children, [child.id])).rows.length === bombs.length);

    const honest = await aWorkerFlow(db.pool, `tasks: [${subflow("s", "{{ 1 + 1 }}")}]`);
    const beside = await anExecution(db.pool, honest);
    await untilEnded(db.pool, beside);
    assert.equal((await executionOf(db.pool, hostile)).state, "RUNNING");
    const { s } = await taskRunsOf(db.pool, beside);
    assert.deepEqual((s?.outputs as { outputs?: unknown } | null)?.outputs, { x: 2 });
    await untilEnded(db.pool, hostile);
    assert.equal((await executionOf(db.pool, hostile)).state, "FAILED");
  });

  it("is given up when its execution is killed", async () => {
    const id = await anExecution(db.pool, await aWorkerFlow(db.pool, each(`${bomb}{{ flow.id }}`)));
    await untilRunning(db.pool, id, "bomb");
    const killedAt = performance.now();
    await callOne(db.pool, "reprise_api.kill_execution", { execution_id: id });
    await untilEnded(db.pool, id);
    // The promise is a second; a busy machine gets more. All of them together would take longer.
    assert.ok(performance.now() - killedAt < 4_000);
    assert.equal((await executionOf(db.pool, id)).state, "KILLED");
  });
});
