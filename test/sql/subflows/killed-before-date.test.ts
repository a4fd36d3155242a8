import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { anExecution, executionOf, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, linesOf, log } from "../blocks/block-flows.ts";
import { childrenOf, subflow } from "./subflow-flows.ts";

const db = await testDatabase();

/** What the log of an execution says of itself, or one of its task runs of itself. */
async function logOf(client: ClientBase, executionId: string, taskRunId: string | null = null) {
  const { rows } = await client.query<{ line: string }>(
    `select l.level || ' ' || l.message as line
    from reprise.logs as l
    where l.execution_id = $1 and l.task_run_id is not distinct from $2
    order by l.id`,
    [executionId, taskRunId],
  );
  return rows.map(({ line }) => line);
}

describe("a child that was killed before its date", () => {
  it("is told of in the logs of its parent and of its own, and that it does not wait in a restart", () =>
    db.inTransaction(async (client) => {
      const flow = await aBlockFlow(client, `tasks: [${log("x")}]`);
      const started = subflow("s", flow, ', scheduleDate: "2100-01-01T00:00:00Z"');
      const id = await anExecution(client, await aBlockFlow(client, `tasks: [${started}]`));
      const worker = await aHandWorker(client);
      await worker.drain({}, { rounds: 1 });
      const child = (await childrenOf(client, id))[0]?.id as string;
      assert.equal((await executionOf(client, child)).is_scheduled, true);
      await callOne(client, "reprise_api.kill_execution", { execution_id: child, actor: "ann" });
      await worker.drain();
      assert.deepEqual(await linesOf(client, id), ["s KILLED", "= KILLED"]);
      const link = `[[link execution="${child}" flowId="${flow.id}" namespace="company.team"]]`;
      const { s } = await taskRunsOf(client, id);
      assert.deepEqual(await logOf(client, id, s?.id), [
        `INFO Created new execution ${link}`,
        `WARN Subflow execution ${link} ends in KILLED state`,
      ]);

      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      await worker.drain();
      assert.deepEqual(await linesOf(client, id, true), ["s SUCCESS 2", "= SUCCESS"]);
      assert.deepEqual(await childrenOf(client, id), [{ id: child, state: "SUCCESS" }]);
      assert.deepEqual(await logOf(client, child), [
        "INFO Killed by ann.",
        "INFO Restarted with its parent execution. It does not wait for its date.",
      ]);
    }));
});
