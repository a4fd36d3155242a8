import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { anExecution, aReplay, executionOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type HandRun, type Scripted } from "../../support/hand-worker.ts";
import { aBlockFlow, block } from "../blocks/block-flows.ts";

const db = await testDatabase();
const VALUES = Array.from({ length: 60 }, (_, index) => `v${index}`);

const script = ({ taskId, begun }: HandRun): Scripted =>
  taskId === "s"
    ? { state: "RUNNING", outputs: { change: { set: { x: begun.iteration_path?.[0] } } } }
    : "SUCCESS";

async function readIn(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ n: string }>(
    `select sum(seq_tup_read + idx_tup_fetch) as n from pg_stat_xact_user_tables
    where relid = any ('{reprise.variable_changes,reprise.replayed_task_runs}'::regclass[])`,
  );
  return Number(rows[0]?.n);
}

describe("changes of variables that a replay makes again", () => {
  it("cost the same however many there are, whatever the planner thinks of the tables", () =>
    db.inTransaction(async (client) => {
      const set = "{ id: s, type: io.kestra.plugin.core.execution.SetVariables, variables: { x: a } }";
      const loop = block("l", "ForEach", `values: [${VALUES}], concurrencyLimit: 1, tasks: [${set}]`);
      const id = await anExecution(client, await aBlockFlow(client, `variables: { x: a }\ntasks: [${loop}]`));
      const worker = await aHandWorker(client);
      await worker.drain(script);
      const replay = await aReplay(client, id);
      await client.query(
        "update pg_class set reltuples = 0, relpages = 100 where relnamespace = 'reprise'::regnamespace",
      );
      const before = await readIn(client);
      await worker.drain(script);
      const each = ((await readIn(client)) - before) / VALUES.length;
      assert.ok(each < 12, `${each} rows are read for each of them`);
      assert.deepEqual((await executionOf(client, replay.id)).variables, { x: VALUES.at(-1) });
    }));
});
