import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { aFlow } from "../../support/a-flow.ts";
import { anEndedExecution, aReplay, type SeenTaskRun, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";

const db = await testDatabase();

/** Two task runs of an execution that has ended. */
async function twoTaskRuns(client: ClientBase): Promise<[SeenTaskRun, SeenTaskRun]> {
  const { a, b } = await taskRunsOf(client, await anEndedExecution(client, await aFlow(client, ["a", "b"])));
  assert.ok(a && b);
  return [a, b];
}

/** Adds a carried task run like another, in an iteration of its own, with another value in one column. */
async function addLike(
  client: ClientBase,
  taskRunId: string,
  column: string,
  value: string,
): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `insert into reprise.task_runs
      (parent_id, execution_id, task_key, original_id, carried_attempt_id, iteration_path, state, is_carried, created_at, ended_at)
    select n.parent_id, n.execution_id, n.task_key, n.original_id, n.carried_attempt_id, array[gen_random_uuid()::text], 'SUCCESS', true, now(), now()
    from reprise.task_runs as r
    cross join lateral jsonb_populate_record(r, jsonb_build_object($2::text, $3::text)) as n
    where r.id = $1
    returning id`,
    [taskRunId, column, value],
  );
  return (rows[0] as { id: string }).id;
}

const remove = async (client: ClientBase, id: string) =>
  await client.query("delete from reprise.task_runs where id = $1", [id]);

const violation = { code: "23503" };

describe("what task runs refer to", () => {
  for (const [column, value] of [
    ["execution_id", "01900000-0000-7000-8000-000000000000"],
    ["task_key", "2147483647"],
    ["carried_attempt_id", "9223372036854775807"],
    ["parent_id", "9223372036854775807"],
  ] as const) {
    it(`has to exist: ${column}`, () =>
      db.inTransaction(async (client) => {
        const [a] = await twoTaskRuns(client);
        await assert.rejects(addLike(client, a.id, column, value), violation);
      }));
  }

  it("may be another task run", () =>
    db.inTransaction(async (client) => {
      const [a, b] = await twoTaskRuns(client);
      await addLike(client, a.id, "parent_id", b.id);
      await addLike(client, a.id, "original_id", b.id);
    }));

  it("takes along what is in it, to any depth, with its attempts", () =>
    db.inTransaction(async (client) => {
      const [a, b] = await twoTaskRuns(client);
      const inside = await addLike(client, a.id, "parent_id", b.id);
      const deepest = await addLike(client, a.id, "parent_id", inside);
      await remove(client, b.id);
      const { rows } = await client.query(
        `select r.id from reprise.task_runs as r where r.id = any ($1::bigint[])
        union all
        select a.id from reprise.attempts as a where a.task_run_id = $2`,
        [[b.id, inside, deepest], b.id],
      );
      assert.deepEqual(rows, []);
    }));

  it("lets go of what follows it", () =>
    db.inTransaction(async (client) => {
      const [a, b] = await twoTaskRuns(client);
      const follower = await addLike(client, a.id, "original_id", b.id);
      await remove(client, b.id);
      const { rows } = await client.query("select original_id from reprise.task_runs where id = $1", [
        follower,
      ]);
      assert.deepEqual(rows, [{ original_id: null }]);
    }));

  it("stays while a replay carries what it has made, or is to make it again", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, ["a", "b"]);
      const id = await anEndedExecution(client, flow, { b: "FAILED" });
      await aReplay(client, id, { anchors: ["failed"] });
      const { a, b } = await taskRunsOf(client, id);
      assert.ok(a && b);
      for (const run of [a, b]) {
        await client.query("savepoint before");
        await assert.rejects(remove(client, run.id), violation);
        await client.query("rollback to savepoint before");
      }
    }));
});
