import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { aFlow } from "../../support/a-flow.ts";
import { anEndedExecution, aReplay, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";

const db = await testDatabase();

/** An original whose `a` needed two tries and whose `b` failed; every attempt has said a line. */
async function anOriginal(client: ClientBase): Promise<string> {
  const flow = await aFlow(client, [{ id: "a", retry: { maxAttempts: 2 } }, "b"]);
  const id = await anEndedExecution(client, flow, { a: ["FAILED", "SUCCESS"], b: "FAILED" });
  await client.query(
    `insert into reprise.logs (logged_at, execution_id, task_run_id, attempt_id, level, message)
    select a.ended_at, r.execution_id, r.id, a.id, 'INFO', t.id || ' ' || a.number
    from reprise.attempts as a
    join reprise.task_runs as r on r.id = a.task_run_id
    join reprise.tasks as t on t.key = r.task_key
    order by a.id`,
  );
  return id;
}

async function linesOf(client: ClientBase, executionId: string): Promise<unknown[]> {
  const { rows } = await client.query(
    `select l.message, l.task_id, l.attempt_number, l.is_carried, r.execution_id = l.execution_id as is_own
    from reprise_api.logs as l
    join reprise_api.task_runs as r on r.id = l.task_run_id
    where l.execution_id = $1
    order by l.id`,
    [executionId],
  );
  return rows;
}

describe("reprise_api.logs", () => {
  it("shows with a carried task run what each of its attempts said, as the original does", () =>
    db.inTransaction(async (client) => {
      const replay = await aReplay(client, await anOriginal(client), { anchors: ["failed"] });
      const carried = { task_id: "a", is_carried: true, is_own: true };
      assert.deepEqual(await linesOf(client, replay.id), [
        { message: "a 1", attempt_number: 1, ...carried },
        { message: "a 2", attempt_number: 2, ...carried },
      ]);
    }));

  it("keeps what earlier attempts of a replayed task run said, when their execution is purged", () =>
    db.inTransaction(async (client) => {
      const id = await anOriginal(client);
      const replay = await aReplay(client, id, { anchors: ["failed"] });
      await (await aHandWorker(client)).drain();
      const said = async () => {
        const { rows } = await client.query<{ message: string }>(
          `select l.message
          from reprise_api.list_attempts($1) as a
          join reprise_api.logs as l on l.attempt_id = a.id
          order by l.id`,
          [(await taskRunsOf(client, replay.id)).b?.id],
        );
        return rows.map(({ message }) => message);
      };
      assert.deepEqual(await said(), ["b 1"]);
      await callOne(client, "reprise_api.purge_executions", { execution_ids: [id] });
      assert.deepEqual(await said(), ["b 1"]);
      assert.deepEqual(await linesOf(client, id), []);
    }));
});
