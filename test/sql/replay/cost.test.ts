import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aFlow, aRevision } from "../../support/a-flow.ts";
import { anEndedExecution, aPlan } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";

const db = await testDatabase();
const TASKS = 60;
const ids = (letter: string) => Array.from({ length: TASKS }, (_, index) => `${letter}${index}`);

describe("the cost of a plan", () => {
  it("grows with the tasks and not with their pairs, where many are removed and many are new", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, ids("old"));
      const id = await anEndedExecution(client, flow);
      await aRevision(
        client,
        flow,
        ids("new").map((task) => ({ id: task, reads: ["old0"] })),
      );
      const read = async () => {
        const { rows } = await client.query<{ read: string }>(
          "select seq_tup_read + idx_tup_fetch as read from pg_stat_xact_user_tables where relid = 'reprise.tasks'::regclass",
        );
        return Number(rows[0]?.read);
      };
      const before = await read();
      const plan = await aPlan(client, id, { revision: "latest" });
      assert.equal(plan.codes.length, TASKS);
      const perTask = ((await read()) - before) / TASKS;
      assert.ok(perTask < 20, `${perTask} rows of reprise.tasks are read for each task`);
    }));
});
