import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import type { Worker } from "../../src/worker/worker.ts";
import { aWorker } from "../support/a-worker.ts";
import { anExecution } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { aWorkerFlow, untilEnded } from "../support/worker-flows.ts";

const db = await testDatabase();
let worker: Worker;
before(async () => {
  worker = await aWorker(db.connectionString);
});
after(() => worker[Symbol.asyncDispose]());

const fails = (id: string, condition: string) =>
  `{ id: ${id}, type: io.kestra.plugin.core.execution.Fail, allowFailure: true, condition: "{{ ${condition} }}" }`;
const says = (id: string, ...states: string[]) =>
  `{ id: ${id}, type: io.kestra.plugin.core.debug.Return, format: "${states.map((at) => `{{ tasks.${at}.state ?? '-' }}`).join(" ")}" }`;

it("tells the states of tasks in loops by the value of their own iteration, and of those deeper inside by none", async () => {
  const id = await anExecution(
    db.pool,
    await aWorkerFlow(
      db.pool,
      `tasks:
  - id: outer
    type: io.kestra.plugin.core.flow.ForEach
    values: [p, q]
    tasks:
      - id: s
        type: io.kestra.plugin.core.flow.Sequential
        tasks: [${fails("deep", "parent.taskrun.value == 'p'")}, ${says("a", "deep", "s[parent.taskrun.value]", "s")}]
      - id: inner
        type: io.kestra.plugin.core.flow.ForEach
        values: ["1", "2"]
        tasks:
          - ${fails("each", "parent.taskrun.value == 'p' and taskrun.value == '1'")}
          - ${says("b", "each[taskrun.value]", "deep", "each.p['1']")}
  - ${says("c", "deep", "each['1']", "each['2']", "s.p")}
  - { id: d, type: io.kestra.plugin.core.debug.Return, format: "{{ tasksWithState('WARNING') | jq('.[] | .taskId + (.value // \\"\\")') }}" }`,
    ),
  );
  await untilEnded(db.pool, id);
  const { rows } = await db.pool.query(
    "select array_to_string(task_id || iteration_path, '/') as at, outputs ->> 'value' as says from reprise_api.task_runs " +
      "where execution_id = $1 and task_type like '%.Return' order by id",
    [id],
  );
  assert.deepEqual(Object.fromEntries(rows.map((row) => [row.at, row.says])), {
    "a/p": "WARNING RUNNING -",
    "b/p/1": "WARNING WARNING WARNING",
    "b/p/2": "SUCCESS WARNING WARNING",
    "a/q": "SUCCESS RUNNING -",
    "b/q/1": "SUCCESS SUCCESS WARNING",
    "b/q/2": "SUCCESS SUCCESS WARNING",
    c: "SUCCESS SUCCESS SUCCESS WARNING",
    d: '["outer","sp","deepp","innerp","each1"]',
  });
});
