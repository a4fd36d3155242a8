import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aFlow } from "../../support/a-flow.ts";
import { anExecution } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";

const db = await testDatabase();
const EXECUTIONS = 120;

describe("the plans of the transitions", () => {
  for (const [title, tuples, todo] of [
    ["that were never looked at", -1, false],
    [
      "that were empty when somebody looked last",
      0,
      "the forced nested loops turn round and read whole tables",
    ],
  ] as const) {
    it(`read a few rows for each attempt, from tables ${title}`, { todo }, () =>
      db.inTransaction(async (client) => {
        // What autovacuum leaves when all rows were just purged or are not committed yet: pages without rows.
        await client.query(
          `update pg_class set reltuples = $1::real, relpages = case when $1 = 0 then 100 else 0 end
          where relnamespace = 'reprise'::regnamespace and relkind in ('r', 'i')`,
          [tuples],
        );
        const flow = await aFlow(client, ["a", "b"]);
        for (let count = 0; count < EXECUTIONS; count += 1) await anExecution(client, flow);
        const worker = await aHandWorker(client);
        const { rows } = await client.query<{ id: string }>("select id from reprise.task_runs");
        const begun = await worker.begin(...rows.map(({ id }) => id));
        assert.equal(begun.length, EXECUTIONS);
        const before = await fetched();
        await worker.finish(
          begun.map(({ attempt_id }) => ({ attemptId: attempt_id })),
          EXECUTIONS,
        );
        const perAttempt = ((await fetched()) - before) / EXECUTIONS;
        assert.ok(perAttempt < 50, `${perAttempt} rows for each attempt`);

        async function fetched(): Promise<number> {
          const found = await client.query<{ n: string }>(
            "select sum(idx_tup_fetch + seq_tup_read) as n from pg_stat_xact_user_tables where schemaname = 'reprise'",
          );
          return Number(found.rows[0]?.n);
        }
      }),
    );
  }
});
