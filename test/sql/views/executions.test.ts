import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callOne } from "../../../src/db/call.ts";
import { aFlow } from "../../support/a-flow.ts";
import { anEndedExecution } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";

const db = await testDatabase();

describe("reprise_api.executions", () => {
  it("tells in its history of the end from which it was restarted", () =>
    db.inTransaction(async (client) => {
      const history = async () => {
        const { rows } = await client.query<{ state_history: { state: string; at: string | null }[] }>(
          "select state_history from reprise_api.executions where id = $1",
          [id],
        );
        return rows[0]?.state_history ?? [];
      };
      const id = await anEndedExecution(client, await aFlow(client, ["a"]), { a: "FAILED" });
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      const told = ["CREATED", "RUNNING", "FAILED", "RESTARTED"];
      assert.deepEqual(
        (await history()).map(({ state }) => state),
        told,
      );
      await (await aHandWorker(client)).drain();
      assert.deepEqual(
        (await history()).map(({ state }) => state),
        [...told, "RUNNING", "SUCCESS"],
      );
      assert.ok((await history()).every(({ at }) => at !== null));
    }));
});
