import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import type { FlowReference } from "../../support/a-flow.ts";
import { anEndedExecution, anExecution, aPlan } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type HandWorker } from "../../support/hand-worker.ts";
import { cannotListKeys } from "../../support/lists-of-keys.ts";
import { aBlockFlow, block, directory, log } from "../blocks/block-flows.ts";

const db = await testDatabase();
const skip = await cannotListKeys(db.pool);
const OTHERS = 1200;
// What one execution of a few task runs costs. Whole tables are hundreds.
const FEW = 250;
// A table of a few pages is rightly read in the whole.
const FEW_PAGES = 8;

/** What somebody, or a fault, does to one execution: what comes before, and then that. */
const deeds: Record<string, (client: ClientBase, worker: HandWorker) => Promise<() => Promise<unknown>>> = {
  "a kill": async (client) => {
    const execution_id = await anExecution(client, await aBlockFlow(client, `tasks: [${log("a")}]`));
    return () => callOne(client, "reprise_api.kill_execution", { execution_id });
  },
  "a restart": async (client) => {
    const flow = await aBlockFlow(client, `tasks: [${directory("d", [log("x"), log("y")])}, ${log("b")}]`);
    const execution_id = await anEndedExecution(client, flow, { y: "FAILED" });
    return () => callOne(client, "reprise_api.restart_execution", { execution_id });
  },
  "a replay": async (client) => {
    const execution_id = await anEndedExecution(
      client,
      await aBlockFlow(client, `tasks: [${log("a")}, ${log("b")}]`),
    );
    return () => callOne(client, "reprise_api.replay_execution", { execution_id, anchors: ["task:b"] });
  },
  "a replay of what failed, as it was planned": async (client) => {
    const flow = await aBlockFlow(client, `tasks: [${directory("d", [log("x"), log("y")])}, ${log("b")}]`);
    const execution_id = await anEndedExecution(client, flow, { y: "FAILED" });
    const { plan_hash } = await aPlan(client, execution_id, { anchors: ["failed"] });
    return () =>
      callOne(client, "reprise_api.replay_execution", { execution_id, anchors: ["failed"], plan_hash });
  },
  "a plan": async (client) => {
    const execution_id = await anEndedExecution(
      client,
      await aBlockFlow(client, `tasks: [${log("a")}, ${log("b")}]`),
    );
    return () => aPlan(client, execution_id, { anchors: ["task:b"] });
  },
  "a purge": async (client) => {
    const execution_id = await anEndedExecution(
      client,
      await aBlockFlow(client, `tasks: [${log("a")}, ${log("b")}]`),
    );
    return () => callOne(client, "reprise_api.purge_executions", { execution_ids: [execution_id] });
  },
  "a retry as a new execution": async (client, worker) => {
    const retry = "retry: { type: constant, interval: PT1M, maxAttempts: 2, behavior: CREATE_NEW_EXECUTION }";
    const task = log("a", `, ${retry}`);
    const id = await anExecution(
      client,
      await aBlockFlow(client, `tasks: [${block("s", "Sequential", `tasks: [${task}]`)}]`),
    );
    const attemptId = await begin(client, worker, id);
    return () => worker.finish([{ attemptId, state: "FAILED" }]);
  },
  "the loss of a WorkingDirectory": async (client, worker) => {
    const flow = await aBlockFlow(client, `tasks: [${directory("d", [log("x")])}]`);
    const attemptId = await begin(client, worker, await anExecution(client, flow));
    return () => callOne(client, "reprise_engine.resubmit_attempts", { attempt_ids: [attemptId] });
  },
  "the end of a block": async (client, worker) => {
    const flow = await aBlockFlow(client, `tasks: [${block("s", "Sequential", `tasks: [${log("a")}]`)}]`);
    const attemptId = await begin(client, worker, await anExecution(client, flow));
    return () => worker.finish([{ attemptId, state: "SUCCESS" }]);
  },
};

describe("whatever the tables were when somebody looked last", () => {
  for (const [deed, arrange] of Object.entries(deeds)) {
    it(`${deed} reads no more than what belongs to the execution`, { skip }, async () => {
      // What earlier deeds have left counts in plans, and an autovacuum may take it away at any moment.
      await db.pool.query("vacuum");
      await db.inTransaction(async (client) => {
        const worker = await aHandWorker(client);
        await makeOthers(client, worker, await aBlockFlow(client, `tasks: [${log("a")}]`));
        for (let flow = 0; flow < 40; flow++)
          await aBlockFlow(client, `tasks: [${Array.from({ length: 10 }, (_, at) => log(`t${at}`))}]`);
        const act = await arrange(client, worker);
        // Flows stay, and of them there are many. Before the others, or it may wait for an autovacuum that waits for this transaction.
        await client.query("analyze reprise.tasks");
        // What autovacuum leaves when all rows were just purged or are not committed yet: pages without rows.
        await client.query(
          `update pg_class set reltuples = 0, relpages = 100
          where relnamespace = 'reprise'::regnamespace and relkind in ('r', 'i') and oid <> 'reprise.tasks'::regclass
            and oid not in (select indexrelid from pg_index where indrelid = 'reprise.tasks'::regclass)`,
        );
        await client.query("discard plans");
        const before = await rowsRead(client);
        await act();
        const after = await rowsRead(client);
        const read = [...after].map(([table, rows]) => ({ table, rows: rows - (before.get(table) ?? 0) }));
        const sum = read.reduce((all, { rows }) => all + rows, 0);
        const most = read
          .toSorted((a, b) => b.rows - a.rows)
          .slice(0, 3)
          .map(({ table, rows }) => `${rows} of ${table}`);
        assert.ok(sum < FEW, `it reads ${sum} rows, ${most.join(", ")}`);
      });
    });
  }
});

/** Executions that have begun their task. */
async function makeOthers(client: ClientBase, worker: HandWorker, flow: FlowReference) {
  await client.query(
    `select reprise_engine.create_executions(r, array(select '{}'::json from generate_series(1, $2)), '{}', 'me')
    from reprise.flow_revisions as r where r.flow_id = $1`,
    [flow.id, OTHERS],
  );
  const { rows } = await client.query<{ id: string }>("select id from reprise.task_runs");
  await worker.begin(...rows.map(({ id }) => id));
}

/** Begins what waits in an execution. */
async function begin(client: ClientBase, worker: HandWorker, executionId: string): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    "select id from reprise.task_runs where execution_id = $1 and state = 'CREATED'",
    [executionId],
  );
  const [begun] = await worker.begin(...rows.map(({ id }) => id));
  return begun?.attempt_id as string;
}

/** The rows of each table of some size that were read so far, by index or in the whole. */
async function rowsRead(client: ClientBase): Promise<Map<string, number>> {
  const { rows } = await client.query<{ name: string; n: string }>(
    `select relname as name, coalesce(idx_tup_fetch, 0) + seq_tup_read as n
    from pg_stat_xact_user_tables
    where schemaname = 'reprise' and pg_relation_size(relid) > $1 * current_setting('block_size')::bigint`,
    [FEW_PAGES],
  );
  return new Map(rows.map(({ name, n }) => [name, Number(n)]));
}
