import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import type { TaskRunState } from "../../../src/db/generated.ts";
import { anExecution, executionOf, taskRunsOf, travelTo } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type HandWorker, type Script } from "../../support/hand-worker.ts";
import { ownLabels } from "../../support/own-labels.ts";
import { aBlockFlow, block, linesOf, log } from "../blocks/block-flows.ts";

const db = await testDatabase();

async function ended(client: ClientBase, body: string, script: Script): Promise<[string, HandWorker]> {
  const id = await anExecution(client, await aBlockFlow(client, body));
  const worker = await aHandWorker(client);
  await worker.drain(script);
  return [id, worker];
}

async function mark(client: ClientBase, id: string, task: string, state: TaskRunState): Promise<void> {
  const run = (await taskRunsOf(client, id))[task];
  await callOne(client, "reprise_api.change_task_run_state", {
    task_run_id: run?.id as string,
    state,
    actor: "me",
  });
}

describe("reprise_api.change_task_run_state", () => {
  it("lets a failed task count as done, and goes on behind it", () =>
    db.inTransaction(async (client) => {
      const inner = block(
        "s",
        "Sequential",
        `tasks: [${log("a")}, ${log("b")}, ${log("c")}], errors: [${log("e")}]`,
      );
      const [id, worker] = await ended(client, `tasks: [${inner}, ${log("d")}]\nerrors: [${log("f")}]`, {
        b: "FAILED",
      });
      await mark(client, id, "b", "SUCCESS");
      await worker.drain();
      assert.deepEqual(await linesOf(client, id, true), [
        "s SUCCESS 1",
        "a SUCCESS 1",
        "b SUCCESS 1",
        "c SUCCESS 1",
        "d SUCCESS 1",
        "= SUCCESS",
      ]);
      const { attempt_number, labels } = await executionOf(client, id);
      assert.equal(attempt_number, 2);
      assert.deepEqual(ownLabels(labels), { "system.restarted": "true" });
      assert.deepEqual((await taskRunsOf(client, id)).b?.attempts, ["1 FAILED"], "what happened stays");
    }));

  it("shows who has marked it and when, and its own time, not that until then", () =>
    db.inTransaction(async (client) => {
      const read = async (id: string, task: string) =>
        (
          await client.query(
            `select r.marked_by, r.marked_at = r.ended_at as is_marked, r.duration_ms, r.error, (select max(a.duration_ms) from reprise_api.attempts as a where a.task_run_id = r.id) as own_ms
            from reprise_api.task_runs as r where r.execution_id = $1 and r.task_id = $2`,
            [id, task],
          )
        ).rows[0];
      await travelTo(client, "2026-03-01T08:00:00Z");
      const pause = block("p", "Pause", "pauseDuration: PT1S, behavior: FAIL");
      const [id, worker] = await ended(
        client,
        `tasks: [${block("q", "Parallel", `tasks: [${log("a")}, ${pause}]`)}]`,
        {},
      );
      await travelTo(client, "2026-03-01T08:00:02Z");
      await callOne(client, "reprise_engine.wake_due", {});
      await worker.drain();
      assert.equal((await executionOf(client, id)).state, "FAILED");
      await travelTo(client, "2026-03-01T09:00:00Z");
      await mark(client, id, "p", "SUCCESS");
      await worker.drain();
      const marked = { marked_by: "me", is_marked: true, duration_ms: "1000", own_ms: "1000", error: null };
      assert.deepEqual(await read(id, "p"), marked);
      assert.equal((await executionOf(client, id)).state, "SUCCESS");

      await travelTo(client, "2026-03-01T10:00:00Z");
      await mark(client, id, "a", "FAILED");
      await worker.drain();
      const error = { reason: "marked_as_failed", message: "It was marked as FAILED by me." };
      assert.deepEqual(await read(id, "a"), { ...marked, duration_ms: "0", own_ms: "0", error });

      await travelTo(client, "2026-03-01T11:00:00Z");
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      await worker.drain();
      const { marked_by, error: none } = await read(id, "a");
      assert.deepEqual([marked_by, none], [null, null], "it has run again");
    }));

  it("lets one of two failures stay", () =>
    db.inTransaction(async (client) => {
      const [id, worker] = await ended(
        client,
        `tasks: [${block("p", "Parallel", `tasks: [${log("a")}, ${log("b")}]`)}, ${log("c")}]`,
        { a: "FAILED", b: "FAILED" },
      );
      await mark(client, id, "a", "WARNING");
      await worker.drain();
      assert.deepEqual(await linesOf(client, id), ["p FAILED", "a WARNING", "b FAILED", "= FAILED"]);
    }));

  it("lets what was done count as failed, and be handled", () =>
    db.inTransaction(async (client) => {
      const [id, worker] = await ended(
        client,
        `tasks: [${log("a")}, ${log("b")}]\nerrors: [${log("e")}]`,
        {},
      );
      await mark(client, id, "b", "FAILED");
      await worker.drain();
      assert.deepEqual(await linesOf(client, id), ["a SUCCESS", "b FAILED", "e SUCCESS", "= FAILED"]);
    }));

  it("goes on with the iteration of a loop", () =>
    db.inTransaction(async (client) => {
      const [id, worker] = await ended(
        client,
        `tasks: [${block("l", "ForEach", `values: [1, 2], tasks: [${log("a")}, ${log("b")}]`)}]`,
        { a: ["FAILED"] },
      );
      await mark(client, id, "a", "SUCCESS");
      await worker.drain();
      assert.deepEqual(await linesOf(client, id), [
        "l SUCCESS",
        "a[1] SUCCESS",
        "b[1] SUCCESS",
        "a[2] SUCCESS",
        "b[2] SUCCESS",
        "= SUCCESS",
      ]);
    }));

  const refused: [title: string, task: string, state: TaskRunState, reason: string][] = [
    ["a state that nobody marks", "a", "RUNNING", "state_not_markable"],
    ["the state that it has", "a", "SUCCESS", "nothing_to_change"],
    ["what handles a failure", "e", "FAILED", "task_run_not_markable"],
  ];
  for (const [title, task, state, reason] of refused)
    it(`refuses ${title}`, () =>
      db.inTransaction(async (client) => {
        const [id] = await ended(client, `tasks: [${log("a")}, ${log("b")}]\nerrors: [${log("e")}]`, {
          b: "FAILED",
        });
        await assert.rejects(mark(client, id, task, state), { reason });
      }));

  it("refuses what stands in a block of handlers, and where a kill has left more", () =>
    db.inTransaction(async (client) => {
      const handler = block("s", "Sequential", `tasks: [${log("e")}]`);
      const [handled] = await ended(client, `tasks: [${log("a")}]\nerrors: [${handler}]`, { a: "FAILED" });
      await client.query("savepoint first");
      await assert.rejects(mark(client, handled, "e", "WARNING"), { reason: "task_run_not_markable" });
      await client.query("rollback to first");
      const id = await anExecution(
        client,
        await aBlockFlow(client, `tasks: [${log("a")}, ${log("b")}, ${log("d")}]`),
      );
      const worker = await aHandWorker(client);
      const [held] = await worker.drain({}, { holds: ({ taskId }) => taskId === "b" });
      await callOne(client, "reprise_api.kill_execution", { execution_id: id });
      await worker.finish([{ attemptId: held?.begun.attempt_id as string, state: "KILLED" }]);
      await client.query("savepoint s");
      await assert.rejects(mark(client, id, "a", "WARNING"), { reason: "killed_task_runs_left" });
      await client.query("rollback to s");
      await mark(client, id, "b", "SUCCESS");
      await worker.drain();
      assert.deepEqual(await linesOf(client, id), ["a SUCCESS", "b SUCCESS", "d SUCCESS", "= SUCCESS"]);
    }));

  it("refuses while the execution runs", () =>
    db.inTransaction(async (client) => {
      const id = await anExecution(client, await aBlockFlow(client, `tasks: [${log("a")}, ${log("b")}]`));
      await (await aHandWorker(client)).drain({}, { rounds: 1 });
      await assert.rejects(mark(client, id, "a", "FAILED"), { reason: "execution_not_ended" });
    }));
});
