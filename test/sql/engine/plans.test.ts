import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { aFlow } from "../../support/a-flow.ts";
import { anExecution } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";

const db = await testDatabase();
const EXECUTIONS = 120;
// A transition looks at an attempt, its task run, execution and task, some of them twice. Whole tables are thousands.
const FEW = 30;

describe("the plans of the transitions", () => {
  for (const [title, tuples, pages] of [
    ["that were never looked at", -1, 0],
    // What autovacuum leaves when all rows were just purged or are not committed yet: pages without rows.
    ["that were empty when somebody looked last", 0, 100],
    ["that were small when somebody looked last", 3, 1],
    ["that were huge when somebody looked last", 1e7, 100_000],
  ] as const) {
    it(`read a few rows for each attempt, from tables ${title}`, () =>
      db.inTransaction(async (client) => {
        await client.query(
          `update pg_class set reltuples = $1::real, relpages = $2::integer
          where relnamespace = 'reprise'::regnamespace and relkind in ('r', 'i')`,
          [tuples, pages],
        );
        const flow = await aFlow(client, [
          { id: "a", retry: { maxAttempts: 2, warningOnRetry: true } },
          { id: "b", reads: ["a"] },
        ]);
        for (let count = 0; count < EXECUTIONS; count += 1) await anExecution(client, flow);
        const worker = await aHandWorker(client);
        const { rows } = await client.query<{ id: string }>("select id from reprise.task_runs");
        const ids = rows.map(({ id }) => id);
        const read = async (what: string, doIt: () => Promise<unknown>) => {
          const before = await fetched(client);
          await doIt();
          const each = ((await fetched(client)) - before) / EXECUTIONS;
          assert.ok(each < FEW, `${what} reads ${each} rows for each attempt`);
        };

        const attemptIds: string[] = [];
        const begin = async () => {
          const begun = await worker.begin(...ids);
          assert.equal(begun.length, EXECUTIONS);
          attemptIds.splice(0, Infinity, ...begun.map(({ attempt_id }) => attempt_id as string));
        };
        const finish = async (state: "SUCCESS" | "FAILED") =>
          await worker.finish(
            attemptIds.map((attemptId) => ({ attemptId, state })),
            EXECUTIONS,
          );
        await read("beginning", begin);
        await read("failing and retrying", () => finish("FAILED"));
        await client.query("select set_config('reprise.now', (now() + interval '1 hour')::text, true)");
        await read("beginning a retry", begin);
        await read("losing a worker", () =>
          callOne(client, "reprise_engine.resubmit_attempts", { attempt_ids: attemptIds }),
        );
        await read("beginning again", begin);
        await read("finishing and going on", () => finish("SUCCESS"));
      }));
  }
});

async function fetched(client: ClientBase): Promise<number> {
  const found = await client.query<{ n: string }>(
    "select sum(idx_tup_fetch + seq_tup_read) as n from pg_stat_xact_user_tables where schemaname = 'reprise'",
  );
  return Number(found.rows[0]?.n);
}
