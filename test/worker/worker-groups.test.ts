import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aWorker } from "../support/a-worker.ts";
import { anExecution, statesOf, taskRunsOf } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { aWorkerFlow, untilEnded } from "../support/worker-flows.ts";

const db = await testDatabase();

/** Which group ran each attempt. */
async function groupsOf(execution: string): Promise<Record<string, string>> {
  const { rows } = await db.pool.query<{ id: string; group: string }>(
    `select t.id, coalesce(w.worker_group, 'default') as group
     from reprise.attempts as a
     join reprise.task_runs as r on r.id = a.task_run_id
     join reprise.tasks as t on t.key = r.task_key
     join reprise.workers as w on w.id = a.worker_id
     where r.execution_id = $1`,
    [execution],
  );
  return Object.fromEntries(rows.map(({ id, group }) => [id, group]));
}

describe("worker groups", () => {
  it("run the tasks that ask for them, and no others, block by block", async () => {
    await using _default = await aWorker(db.connectionString);
    const flow = await aWorkerFlow(
      db.pool,
      `
workerGroup: { key: big }
tasks:
  - { id: here, type: test.Say, text: a, workerGroup: { key: small } }
  - { id: there, type: test.Say, text: "{{ outputs.here.text }}b" }
  - id: choice
    type: io.kestra.plugin.core.flow.If
    condition: "{{ outputs.there.text == 'ab' }}"
    workerGroup: { key: small, fallback: WAIT }
    then:
      - { id: inside, type: test.Say, text: "{{ outputs.there.text }}c" }
      - { id: back, type: test.Say, text: d, workerGroup: { key: big } }
  - id: folder
    type: io.kestra.plugin.core.flow.WorkingDirectory
    tasks:
      - { id: within, type: test.Say, text: e }`,
    );
    const id = await anExecution(db.pool, flow);
    await using _big = await aWorker(db.connectionString, { env: { REPRISE_WORKER_GROUP: "big" } });
    await using _small = await aWorker(db.connectionString, { env: { REPRISE_WORKER_GROUP: "small" } });
    await untilEnded(db.pool, id);
    const states = await statesOf(db.pool, id);
    assert.equal(states.execution, "SUCCESS", JSON.stringify(await taskRunsOf(db.pool, id)));
    const { here, there, inside, back, within } = await groupsOf(id);
    assert.deepEqual(
      { here, there, inside, back, within },
      { here: "small", there: "big", inside: "small", back: "big", within: "big" },
    );
  });
});
