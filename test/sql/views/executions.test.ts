import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callOne } from "../../../src/db/call.ts";
import { aFlow } from "../../support/a-flow.ts";
import { anEndedExecution, anExecution, taskRunsOf } from "../../support/an-execution.ts";
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

  it("tells in its history when it was killed", () =>
    db.inTransaction(async (client) => {
      const id = await anExecution(client, await aFlow(client, ["a"]));
      const worker = await aHandWorker(client);
      const [begun] = await worker.begin((await taskRunsOf(client, id)).a?.id as string);
      const history = async () => {
        const { rows } = await client.query<{ states: string[]; is_dated: boolean }>(
          `select array_agg(h ->> 'state') as states, bool_and(h ->> 'at' is not null) as is_dated
          from reprise_api.executions, jsonb_array_elements(state_history) as h where id = $1`,
          [id],
        );
        return rows[0];
      };
      await callOne(client, "reprise_api.kill_execution", { execution_id: id });
      const told = ["CREATED", "RUNNING", "KILLING"];
      assert.deepEqual(await history(), { states: told, is_dated: true });
      await worker.finish([{ attemptId: begun?.attempt_id as string, state: "KILLED" }]);
      assert.deepEqual(await history(), { states: [...told, "KILLED"], is_dated: true });
    }));

  it("finds a line of replays by an index", () =>
    db.inTransaction(async (client) => {
      // Of a table so small it would be read as a whole otherwise.
      await client.query("set local enable_seqscan = off");
      const { rows } = await client.query<{ "QUERY PLAN": string }>(
        "explain select id from reprise_api.executions where root_id = '00000000-0000-7000-8000-000000000000'",
      );
      assert.match(rows.map((row) => row["QUERY PLAN"]).join("\n"), /Index Cond: .*root_id/);
    }));
});
