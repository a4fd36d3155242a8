import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { type Arguments, callOne } from "../../../src/db/call.ts";
import { aFlow, type FlowReference } from "../../support/a-flow.ts";
import {
  anEndedExecution,
  anExecution,
  aPlan,
  aReplay,
  executionOf,
  taskRunsOf,
  travelTo,
} from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type Script } from "../../support/hand-worker.ts";

const db = await testDatabase();

const purge = async (client: ClientBase, args: Arguments<"reprise_api.purge_executions">) =>
  await callOne(client, "reprise_api.purge_executions", args);
const purgeOne = async (client: ClientBase, id: string) => await purge(client, { execution_ids: [id] });
const exists = async (client: ClientBase, id: string) => (await executionOf(client, id)) !== undefined;

/** Runs a flow; each task stores a file of 10 bytes that its outputs name. */
async function withFiles(client: ClientBase, flow: FlowReference, failing: string[] = []) {
  return await anEndedExecution(client, flow, await storing(client, failing));
}

async function storing(client: ClientBase, failing: string[] = []): Promise<Script> {
  const batch = randomUUID();
  const uris = Array.from({ length: 8 }, (_, index) => `kestra:///${batch}/${index}`);
  await client.query(
    `insert into reprise.files (id, uri, name, state, size, stored_size, chunk_size, chunk_count, created_at)
    select gen_random_uuid(), u.uri, 'x', 'STORED', 1, 10, 1, 1, now() from unnest($1::text[]) as u (uri)`,
    [uris],
  );
  return ({ taskId }) =>
    failing.includes(taskId) ? "FAILED" : { outputs: { uri: uris.shift(), by: taskId } };
}

/** The tasks whose files are still there, of one execution. */
async function filesOf(client: ClientBase, executionId: string): Promise<string[]> {
  const runs = await taskRunsOf(client, executionId);
  const found: string[] = [];
  for (const [task, { outputs }] of Object.entries(runs)) {
    const uri = (outputs as { uri?: string } | null)?.uri;
    const { rowCount } = await client.query("select from reprise.files where uri = $1", [uri]);
    if (rowCount === 1) found.push(task);
  }
  return found;
}

describe("reprise_api.purge_executions", () => {
  it("deletes an execution with its task runs, attempts, logs and files", () =>
    db.inTransaction(async (client) => {
      const id = await withFiles(client, await aFlow(client, ["a"]));
      const { a } = await taskRunsOf(client, id);
      await client.query(
        "insert into reprise.logs (logged_at, execution_id, task_run_id, level, message) values (now(), $1, $2, 'INFO', 'x')",
        [id, a?.id],
      );
      const { uri } = (a?.outputs ?? {}) as { uri?: string };
      const result = await purgeOne(client, id);
      assert.deepEqual(
        { ...result },
        { purged_count: 1, kept_count: 0, deleted_file_count: 1, freed_bytes: "10" },
      );
      assert.equal(await exists(client, id), false);
      for (const table of ["task_runs", "attempts", "logs", "file_references"]) {
        assert.equal((await client.query(`select from reprise.${table}`)).rowCount, 0, table);
      }
      assert.equal((await client.query("select from reprise.files where uri = $1", [uri])).rowCount, 0);
    }));

  it("deletes files that a task stored and its outputs do not name", () =>
    db.inTransaction(async (client) => {
      const id = await anEndedExecution(client, await aFlow(client, ["a"]));
      await client.query(
        `insert into reprise.files (id, uri, name, state, size, chunk_size, chunk_count, attempt_id, created_at)
        select gen_random_uuid(), 'kestra:///unnamed', 'x', 'STORED', 1, 1, 1, a.id, now()
        from reprise.attempts as a join reprise.task_runs as r on r.id = a.task_run_id where r.execution_id = $1`,
        [id],
      );
      await purgeOne(client, id);
      assert.equal((await client.query("select from reprise.files")).rowCount, 0);
    }));

  it("leaves alone what has not ended", () =>
    db.inTransaction(async (client) => {
      const id = await anExecution(client, await aFlow(client, ["a"]));
      assert.equal((await purgeOne(client, id)).purged_count, 0);
      assert.equal(await exists(client, id), true);
    }));

  it("refuses to run without a condition", () =>
    db.inTransaction((client) =>
      assert.rejects(purge(client, {}), { code: "RP400", reason: "purge_without_condition" }),
    ));

  it("purges what fits every condition", () =>
    db.inTransaction(async (client) => {
      await travelTo(client, "2026-01-01T00:00:00Z");
      const flow = await aFlow(client, ["a"]);
      const old = await anEndedExecution(client, flow);
      const failed = await anEndedExecution(client, flow, { a: "FAILED" });
      const other = await anEndedExecution(client, await aFlow(client, ["a"]));
      await travelTo(client, "2026-01-02T00:00:00Z");
      const young = await anEndedExecution(client, flow);
      await purge(client, {
        namespace: flow.namespace,
        flow_id: flow.id,
        states: ["SUCCESS", "WARNING"],
        ended_before: "2026-01-02T00:00:00Z",
      });
      assert.equal(await exists(client, old), false);
      for (const id of [failed, other, young]) assert.equal(await exists(client, id), true);
    }));

  describe("of an original with a living replay", () => {
    async function aReplayed(client: ClientBase) {
      const flow = await aFlow(client, {
        tasks: [{ id: "a", inputs: ["x"] }, { id: "b", reads: ["a"] }, "c"],
        inputs: [{ id: "x" }, { id: "y", required: false }],
      });
      const original = await anEndedExecution(client, flow, await storing(client, ["b"]), {
        inputs: { x: "1" },
      });
      const replay = await aReplay(client, original, { anchors: ["failed"] });
      await (await aHandWorker(client)).drain(await storing(client));
      return { original, replay: replay.id };
    }

    it("keeps what the replay points at, out of sight, and nothing else", () =>
      db.inTransaction(async (client) => {
        const { original, replay } = await aReplayed(client);
        const before = await taskRunsOf(client, replay);
        assert.deepEqual(
          { ...(await purgeOne(client, original)) },
          {
            purged_count: 1,
            kept_count: 1,
            deleted_file_count: 0,
            freed_bytes: "0",
          },
        );
        assert.deepEqual(await taskRunsOf(client, replay), before);
        assert.deepEqual(await filesOf(client, replay), ["a", "b", "c"]);
        const seen = await client.query("select from reprise_api.executions where id = $1", [original]);
        assert.equal(seen.rowCount, 0);
        await client.query("savepoint given");
        await assert.rejects(aReplay(client, original), { code: "RP404" });
        await client.query("rollback to given");
        await assert.rejects(callOne(client, "reprise_api.kill_execution", { execution_id: original }), {
          code: "RP404",
        });
      }));

    it("does not change what the replay's own plan says", () =>
      db.inTransaction(async (client) => {
        const { original, replay } = await aReplayed(client);
        const before = await aPlan(client, replay, { anchors: ["task:c"] });
        assert.equal(before.brief.a, "CARRIED unchanged");
        await purgeOne(client, original);
        const after = await aPlan(client, replay, { anchors: ["task:c"] });
        assert.deepEqual(after.brief, before.brief);
        assert.equal(after.plan_hash, before.plan_hash);
        const changed = await aPlan(client, replay, { anchors: ["task:c"], inputs: { y: "2" } });
        assert.equal(changed.brief.a, "CARRIED unchanged");
      }));

    it("does not change what the replay's own plan says of what was skipped", () =>
      db.inTransaction(async (client) => {
        const flow = await aFlow(client, {
          tasks: [{ id: "a", runIf: "{{ inputs.x }}", inputs: ["x"] }, "b"],
          inputs: [{ id: "x" }],
        });
        const given = { inputs: { x: "false" } };
        const original = await anEndedExecution(client, flow, { a: "SKIPPED", b: "FAILED" }, given);
        const replay = await aReplay(client, original, { anchors: ["failed"] });
        await (await aHandWorker(client)).drain();
        const before = await aPlan(client, replay.id, { anchors: ["task:b"] });
        assert.equal(before.brief.a, "CARRIED unchanged");
        await purgeOne(client, original);
        const after = await aPlan(client, replay.id, { anchors: ["task:b"] });
        assert.deepEqual([after.brief, after.plan_hash], [before.brief, before.plan_hash]);
      }));

    it("can be replayed on and restarted all the same", () =>
      db.inTransaction(async (client) => {
        const { original, replay } = await aReplayed(client);
        await purgeOne(client, original);
        const second = await aReplay(client, replay, { anchors: ["task:b"] });
        const seen: unknown[] = [];
        await (await aHandWorker(client)).drain(({ taskId, outputs }) => {
          if (taskId === "b") seen.push((outputs.a as { by: string }).by);
          return "SUCCESS";
        });
        assert.deepEqual(seen, ["a"]);
        assert.equal((await executionOf(client, second.id)).state, "SUCCESS");
      }));

    it("goes with the last of its replays, files and all", () =>
      db.inTransaction(async (client) => {
        const { original, replay } = await aReplayed(client);
        const second = (await aReplay(client, replay, { anchors: ["task:c"] })).id;
        await (await aHandWorker(client)).drain(await storing(client));
        await purgeOne(client, original);
        await purgeOne(client, replay);
        assert.deepEqual(await filesOf(client, second), ["a", "b", "c"]);
        assert.equal(await exists(client, original), true);
        await purgeOne(client, second);
        assert.equal((await client.query("select from reprise.executions")).rowCount, 0);
        assert.equal((await client.query("select from reprise.file_references")).rowCount, 0);
      }));

    it("goes together with it", () =>
      db.inTransaction(async (client) => {
        const { original, replay } = await aReplayed(client);
        const result = await purge(client, { execution_ids: [original, replay] });
        assert.deepEqual([result.purged_count, result.kept_count], [2, 0]);
        assert.equal((await client.query("select from reprise.executions")).rowCount, 0);
      }));

    it("stays while a sibling lives", () =>
      db.inTransaction(async (client) => {
        const { original, replay } = await aReplayed(client);
        const sibling = (await aReplay(client, original, { anchors: ["failed"] })).id;
        await (await aHandWorker(client)).drain(await storing(client));
        await purge(client, { execution_ids: [original, replay] });
        assert.deepEqual(await filesOf(client, sibling), ["a", "b", "c"]);
        assert.equal(await exists(client, replay), false);
        await purgeOne(client, sibling);
        assert.equal(await exists(client, original), false);
      }));
  });

  it("frees the idempotency key of what it keeps out of sight, as of what it deletes", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, ["a", "b"]);
      const original = await anEndedExecution(client, flow);
      const args = { anchors: ["task:b"], idempotency_key: "once" };
      const first = await aReplay(client, original, args);
      await (await aHandWorker(client)).drain();
      await aReplay(client, first.id, { anchors: ["task:b"] });
      await (await aHandWorker(client)).drain();
      assert.equal((await purgeOne(client, first.id)).kept_count, 1);
      const again = await aReplay(client, original, args);
      assert.notEqual(again.id, first.id);
      assert.equal(again.purged_at, null);
    }));

  it("leaves the original whole when its replay goes", () =>
    db.inTransaction(async (client) => {
      const original = await withFiles(client, await aFlow(client, ["a", "b"]), ["b"]);
      const replay = await aReplay(client, original, { anchors: ["failed"] });
      await (await aHandWorker(client)).drain(await storing(client));
      await purgeOne(client, replay.id);
      assert.equal(await exists(client, replay.id), false);
      assert.deepEqual(await filesOf(client, original), ["a"]);
    }));
});
