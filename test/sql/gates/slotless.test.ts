import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { executionOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aGatedFlow, someExecutions } from "./gate-flows.ts";

const db = await testDatabase();

/** Executions that go on, made the short way. */
async function many(client: ClientBase, flow: { id: string }, count: number) {
  await client.query(
    `select reprise_engine.create_executions(r, array(select '{}'::json from generate_series(1, $2)), '{}', 'me')
    from reprise.flow_revisions as r where r.flow_id = $1`,
    [flow.id, count],
  );
}

describe("looking for what goes on without a slot", () => {
  it("finds what was being created when the flow got a limit", () =>
    db.inTransaction(async (client) => {
      const flow = await aGatedFlow(client, "concurrency: { limit: 2 }");
      const [id = ""] = await someExecutions(client, flow, 1);
      await client.query("update reprise.executions set holds_slot = false where id = $1", [id]);
      await callOne(client, "reprise_engine.reconcile_jobs", {});
      assert.equal((await executionOf(client, id)).holds_slot, true);
    }));

  it("reads as little however much goes on in flows without a limit, and has ended in those with one", () =>
    db.inTransaction(async (client) => {
      await many(client, await aGatedFlow(client, ""), 500);
      const limited = await aGatedFlow(client, "concurrency: { limit: 1000 }");
      await many(client, limited, 500);
      await client.query(
        "update reprise.executions set state = 'SUCCESS', ended_at = now(), holds_slot = false where flow_id = $1",
        [limited.id],
      );
      await client.query("analyze reprise.executions, reprise.flows");
      const before = await rowsRead(client);
      await client.query("select reprise_engine.find_slotless()");
      assert.ok((await rowsRead(client)) - before < 20);
    }));
});

async function rowsRead(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ n: string }>(
    "select sum(idx_tup_fetch + seq_tup_read) as n from pg_stat_xact_user_tables where schemaname = 'reprise'",
  );
  return Number(rows[0]?.n);
}
