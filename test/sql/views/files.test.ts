import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aFlow } from "../../support/a-flow.ts";
import { anEndedExecution, aReplay } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";

const db = await testDatabase();

describe("reprise_api.files", () => {
  it("shows with each file a task run that people can see, in a replay too", () =>
    db.inTransaction(async (client) => {
      await client.query(
        `insert into reprise.files (id, uri, name, state, size, chunk_size, chunk_count, created_at)
        values (gen_random_uuid(), 'kestra:///made', 'made', 'STORED', 1, 1, 1, now())`,
      );
      const flow = await aFlow(client, { tasks: ["a", "b"], outputs: [{ id: "x", reads: ["a"] }] });
      const name = { outputs: { uri: "kestra:///made" } };
      const script = { a: name, $outputs: name };
      const id = await anEndedExecution(client, flow, script);
      const replay = await aReplay(client, id, { anchors: ["task:b"] });
      await (await aHandWorker(client)).drain(script);
      const { rows } = await client.query<{
        execution_id: string;
        task_id: string | null;
        is_carried: boolean;
      }>(
        `select f.execution_id, r.task_id, f.is_carried
        from reprise_api.files as f
        left join reprise_api.task_runs as r on r.id = f.task_run_id
        where f.task_run_id is not null
        order by f.execution_id`,
      );
      assert.deepEqual(rows, [
        { execution_id: id, task_id: "a", is_carried: false },
        { execution_id: replay.id, task_id: "a", is_carried: true },
      ]);
    }));
});
