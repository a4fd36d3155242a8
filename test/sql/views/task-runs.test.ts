import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { aFlow } from "../../support/a-flow.ts";
import { anEndedExecution, anExecution, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";

const db = await testDatabase();

/** The states that the only task run of an execution says it went through. */
async function historyOf(client: ClientBase, executionId: string): Promise<string[]> {
  const { rows } = await client.query<{ states: string[] }>(
    `select array(select h ->> 'state' from jsonb_array_elements(state_history) as h) as states
    from reprise_api.task_runs where execution_id = $1`,
    [executionId],
  );
  return rows[0]?.states ?? [];
}

describe("reprise_api.task_runs.state_history", () => {
  it("tells a restart from a retry", () =>
    db.inTransaction(async (client) => {
      const id = await anEndedExecution(client, await aFlow(client, ["a"]), { a: "FAILED" });
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      assert.deepEqual(await historyOf(client, id), ["CREATED", "RUNNING", "FAILED", "RESTARTED"]);
      await (await aHandWorker(client)).drain();
      assert.deepEqual(await historyOf(client, id), [
        "CREATED",
        "RUNNING",
        "FAILED",
        "RESTARTED",
        "RUNNING",
        "SUCCESS",
      ]);
    }));

  it("still tells of the failure behind which a retry was killed", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, [{ id: "a", retry: { maxAttempts: 2 } }]);
      const id = await anEndedExecution(client, flow, { a: "FAILED" }, { rounds: 1 });
      await callOne(client, "reprise_api.kill_execution", { execution_id: id });
      assert.deepEqual(await historyOf(client, id), ["CREATED", "RUNNING", "FAILED", "RETRYING", "KILLED"]);
    }));
});

describe("durations", () => {
  it("are not negative in a transaction that is older than what it looks at", () =>
    db.inTransaction(async (client) => {
      const id = await anExecution(client, await aFlow(client, ["a"]));
      await (await aHandWorker(client)).begin((await taskRunsOf(client, id)).a?.id as string);
      for (const view of ["executions", "task_runs", "attempts"]) {
        const { rows } = await client.query<{ duration_ms: string }>(
          `select duration_ms from reprise_api.${view} where ${view === "executions" ? "id" : "execution_id"} = $1`,
          [id],
        );
        assert.ok(Number(rows[0]?.duration_ms) >= 0, `${view}: ${rows[0]?.duration_ms} ms`);
      }
    }));
});
