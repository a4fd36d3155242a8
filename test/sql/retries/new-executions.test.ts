import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import {
  anEndedExecution,
  anExecution,
  aReplay,
  executionOf,
  taskRunsOf,
  travelTo,
} from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type Script } from "../../support/hand-worker.ts";
import { aBlockFlow, block, directory, linesOf, log } from "../blocks/block-flows.ts";
import { historyOf, logOf, wakeUpsOf } from "../gates/gate-flows.ts";

const db = await testDatabase();
const retry = (rest = "maxAttempts: 3", interval = "PT10S") =>
  `retry: { type: constant, interval: ${interval}, ${rest}, behavior: CREATE_NEW_EXECUTION }`;
const handlers = `errors: [${log("e")}]\nfinally: [${log("f")}]\nafterExecution: [${log("z")}]`;

/** The executions of a line as lines of their task runs, the first first. */
async function lineOf(client: ClientBase, firstId: string): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    "select id from reprise.executions where coalesce(root_id, id) = $1 order by id",
    [firstId],
  );
  const lines: string[] = [];
  for (const { id } of rows) lines.push((await linesOf(client, id)).join(", "));
  return lines;
}

/** Runs a flow whose task `a` fails until its nth attempt, over all executions, and gives what became of it. */
async function run(client: ClientBase, source: string, script: Script) {
  const flow = await aBlockFlow(client, source);
  const id = await anEndedExecution(client, flow, script);
  return { flow, id, line: await lineOf(client, id) };
}

const failing: Script = { a: "FAILED" };
const failsOnce: Script = ({ taskId, number }) => (taskId === "a" && number === 1 ? "FAILED" : "SUCCESS");

/** Fails the first execution of a flow, and lets the next wait for its time. */
async function aWaiting(client: ClientBase, source: string): Promise<string> {
  await travelTo(client, "2026-03-01T08:00:00Z");
  const id = await anExecution(client, await aBlockFlow(client, source));
  const worker = await aHandWorker(client);
  await worker.drain(failing, { rounds: 1 });
  return id;
}

const retryNow = async (client: ClientBase, execution_id: string) =>
  await callOne(client, "reprise_engine.retry_execution", { execution_id });

describe("a retry that creates a new execution", () => {
  it("ends what failed as RETRIED until its budget is used up, and then as any failure", () =>
    db.inTransaction(async (client) => {
      const source = `${retry()}\ntasks: [${log("a")}, ${log("b")}]\noutputs: [{ id: o, type: STRING, value: x }]\n${handlers}`;
      const { line } = await run(client, source, failing);
      assert.deepEqual(line, [
        "a RETRIED, z SUCCESS, = RETRIED",
        "a RETRIED, z SUCCESS, = RETRIED",
        "a FAILED, e SUCCESS, f SUCCESS, $outputs SUCCESS, z SUCCESS, = FAILED",
      ]);
    }));

  it("ends with the first execution that succeeds", () =>
    db.inTransaction(async (client) => {
      const { line } = await run(client, `${retry()}\ntasks: [${log("a")}, ${log("b")}]`, failsOnce);
      assert.deepEqual(line, ["a RETRIED, = RETRIED", "a SUCCESS, b SUCCESS, = SUCCESS"]);
    }));

  it("may be a task's own, and leaves the failures of others alone", () =>
    db.inTransaction(async (client) => {
      const own = `tasks: [{ ${log("a").slice(2, -2)}, ${retry("maxAttempts: 2")} }, ${log("b")}]\n${handlers}`;
      assert.deepEqual((await run(client, own, failing)).line, [
        "a RETRIED, z SUCCESS, = RETRIED",
        "a FAILED, e SUCCESS, f SUCCESS, z SUCCESS, = FAILED",
      ]);
      assert.deepEqual((await run(client, own, { b: "FAILED" })).line, [
        "a SUCCESS, b FAILED, e SUCCESS, f SUCCESS, z SUCCESS, = FAILED",
      ]);
    }));

  it("may be a block's, for the tasks in it that have none of their own", () =>
    db.inTransaction(async (client) => {
      const inside = block(
        "s",
        "Sequential",
        `${retry("maxAttempts: 2")}, tasks: [${log("x")}, ${log("a")}]`,
      );
      const source = `retry: { type: constant, interval: PT1S, maxAttempts: 2 }\ntasks: [${inside}, ${log("b")}]`;
      assert.deepEqual((await run(client, source, failsOnce)).line, [
        "s RETRIED, x SUCCESS, a RETRIED, = RETRIED",
        "s SUCCESS, x SUCCESS, a SUCCESS, b SUCCESS, = SUCCESS",
      ]);
      const flow = await aBlockFlow(client, source);
      const id = await anEndedExecution(client, flow, ({ taskId, number }) =>
        taskId === "b" && number === 1 ? "FAILED" : "SUCCESS",
      );
      assert.deepEqual((await taskRunsOf(client, id)).b?.attempts, ["1 FAILED", "2 SUCCESS"]);
    }));

  it("warns in the end where the failure is allowed", () =>
    db.inTransaction(async (client) => {
      const own = `tasks: [{ ${log("a").slice(2, -2)}, allowFailure: true, ${retry("maxAttempts: 2")} }]`;
      assert.deepEqual((await run(client, own, failing)).line, [
        "a RETRIED, = RETRIED",
        "a WARNING, = WARNING",
      ]);
    }));

  it("ends the blocks around what failed, and stops what runs beside it", () =>
    db.inTransaction(async (client) => {
      const inner = block("s", "Sequential", `tasks: [${log("a")}], errors: [${log("e")}]`);
      const beside = block("t", "Sequential", `tasks: [${log("x")}, ${log("y")}]`);
      const flow = await aBlockFlow(
        client,
        `${retry("maxAttempts: 2")}\ntasks: [${block("p", "Parallel", `tasks: [${inner}, ${beside}]`)}, ${log("b")}]`,
      );
      const id = await anExecution(client, flow);
      const worker = await aHandWorker(client);
      const [held] = await worker.drain(failing, {
        holds: ({ taskId, number }) => taskId === "x" && number === 1,
      });
      assert.deepEqual(await lineOf(client, id), [
        "p RETRIED, s RETRIED, t KILLED, a RETRIED, x KILLED, = RETRIED",
        "p FAILED, s FAILED, t SUCCESS, a FAILED, x SUCCESS, y SUCCESS, e SUCCESS, = FAILED",
      ]);
      await worker.finish([{ attemptId: held?.begun.attempt_id as string, state: "SUCCESS" }]);
      assert.equal((await taskRunsOf(client, id)).x?.state, "KILLED");
    }));

  it("opens nothing in an execution that ends by it, whatever was reported beside", () =>
    db.inTransaction(async (client) => {
      const loop = block("l", "ForEach", `values: [1, 2], tasks: [${log("x")}]`);
      const tasks = block("p", "Parallel", `tasks: [${log("a")}, ${loop}]`);
      const { line } = await run(client, `${retry("maxAttempts: 2")}\ntasks: [${tasks}]`, failing);
      assert.deepEqual(line, [
        "p RETRIED, a RETRIED, l KILLED, = RETRIED",
        "p FAILED, a FAILED, l SUCCESS, x[1] SUCCESS, x[2] SUCCESS, = FAILED",
      ]);
    }));

  it("ends a WorkingDirectory with the task that failed in it", () =>
    db.inTransaction(async (client) => {
      const tasks = directory("w", [log("x"), log("a"), log("y")]);
      const { line } = await run(client, `${retry("maxAttempts: 2")}\ntasks: [${tasks}]`, failsOnce);
      assert.deepEqual(line, [
        "w RETRIED, x SUCCESS, a RETRIED, = RETRIED",
        "w SUCCESS, x SUCCESS, a SUCCESS, y SUCCESS, = SUCCESS",
      ]);
    }));

  it("counts maxDuration from the first execution, up to the start of the next", () =>
    db.inTransaction(async (client) => {
      const source = `${retry("maxDuration: PT25S")}\ntasks: [${log("a")}]`;
      assert.deepEqual((await run(client, source, failing)).line, [
        "a RETRIED, = RETRIED",
        "a RETRIED, = RETRIED",
        "a FAILED, = FAILED",
      ]);
    }));

  it("has a new execution of the same revision and inputs that names what it replaces", () =>
    db.inTransaction(async (client) => {
      const source = `inputs: [{ id: i, type: STRING }]\nlabels: { team: a }\n${retry()}\ntasks: [${log("a")}]`;
      const flow = await aBlockFlow(client, source);
      const id = await anEndedExecution(client, flow, failsOnce, { inputs: { i: "x" }, actor: "ann" });
      await aBlockFlow(client, source);
      const { rows } = await client.query("select * from reprise.executions where original_id = $1", [id]);
      const [{ note, inputs, labels, attempt_number, flow_revision, created_by, root_id, ...rest }] = rows;
      assert.deepEqual(
        { note, inputs, labels, attempt_number, flow_revision, created_by, root_id, try: rest.try },
        {
          note: `Try 2, since ${id} failed.`,
          inputs: { i: "x" },
          labels: { team: "a", "system.replay": "true" },
          attempt_number: 2,
          flow_revision: 1,
          created_by: "ann",
          root_id: id,
          try: 2,
        },
      );
      assert.deepEqual(await historyOf(client, id), ["CREATED", "RUNNING", "RETRIED"]);
    }));

  it("frees the slot of its flow while it waits", () =>
    db.inTransaction(async (client) => {
      const id = await aWaiting(client, `concurrency: { limit: 1 }\n${retry()}\ntasks: [${log("a")}]`);
      const { state, holds_slot, retry_at } = await executionOf(client, id);
      assert.deepEqual([state, holds_slot, retry_at], ["RETRIED", false, new Date("2026-03-01T08:00:10Z")]);
    }));

  it("takes neither what runs after an execution for a failure of it", () =>
    db.inTransaction(async (client) => {
      const source = `${retry()}\ntasks: [${log("b")}]\nafterExecution: [${log("a")}]`;
      assert.deepEqual((await run(client, source, failing)).line, ["b SUCCESS, a FAILED, = SUCCESS"]);
    }));
});

describe("the wait for a new execution", () => {
  const source = `${retry()}\ntasks: [${log("a")}]`;

  it("ends at its time, once, and neither early nor twice", () =>
    db.inTransaction(async (client) => {
      const id = await aWaiting(client, source);
      assert.deepEqual(await wakeUpsOf(client), ["reprise.Retry"]);
      await retryNow(client, id);
      assert.equal((await lineOf(client, id)).length, 1);
      await travelTo(client, "2026-03-01T08:00:10Z");
      await retryNow(client, id);
      await retryNow(client, id);
      assert.equal((await lineOf(client, id)).length, 2);
    }));

  it("survives the loss of its job", () =>
    db.inTransaction(async (client) => {
      await aWaiting(client, source);
      await client.query("delete from graphile_worker._private_jobs");
      await travelTo(client, "2026-03-01T08:00:20Z");
      assert.equal(await callOne(client, "reprise_engine.reconcile_jobs", {}), 1);
      assert.deepEqual(await wakeUpsOf(client), ["reprise.Retry"]);
    }));

  it("ends when somebody kills the execution, which is KILLED then", () =>
    db.inTransaction(async (client) => {
      const id = await aWaiting(client, source);
      const { state } = await callOne(client, "reprise_api.kill_execution", {
        execution_id: id,
        actor: "ann",
      });
      assert.equal(state, "KILLED");
      await travelTo(client, "2026-03-01T08:00:20Z");
      await retryNow(client, id);
      assert.deepEqual(await lineOf(client, id), ["a RETRIED, = KILLED"]);
      assert.equal((await logOf(client, id)).at(-1), "INFO Killed by ann.");
      assert.deepEqual(await wakeUpsOf(client), []);
    }));

  it("ends with a failure when the flow may not run any more", () =>
    db.inTransaction(async (client) => {
      const id = await aWaiting(client, source);
      const { namespace, flow_id } = await executionOf(client, id);
      await callOne(client, "reprise_api.disable_flow", { namespace, flow_id });
      await travelTo(client, "2026-03-01T08:00:20Z");
      await retryNow(client, id);
      const { state, error } = await executionOf(client, id);
      assert.deepEqual(
        [state, error],
        [
          "FAILED",
          { reason: "not_retried", message: `Flow company.team.${flow_id} is disabled: enable it first.` },
        ],
      );
    }));

  it("keeps the execution from a purge", () =>
    db.inTransaction(async (client) => {
      const id = await aWaiting(client, source);
      const purged = await callOne(client, "reprise_api.purge_executions", { execution_ids: [id] });
      assert.equal(purged.purged_count, 0);
    }));
});

describe("an execution that was retried", () => {
  it("ends its line with the kill of the last", () =>
    db.inTransaction(async (client) => {
      const id = await aWaiting(client, `${retry()}\ntasks: [${log("a")}]`);
      await travelTo(client, "2026-03-01T08:00:10Z");
      await retryNow(client, id);
      const { rows } = await client.query("select id from reprise.executions where original_id = $1", [id]);
      await callOne(client, "reprise_api.kill_execution", { execution_id: rows[0].id });
      const worker = await aHandWorker(client);
      await worker.drain(failing);
      assert.deepEqual(await lineOf(client, id), ["a RETRIED, = RETRIED", "a KILLED, = KILLED"]);
    }));

  const refused = { code: "RP409", reason: "execution_retried" };

  it("cannot be restarted, since another has its place", () =>
    db.inTransaction(async (client) => {
      const { id } = await run(client, `${retry()}\ntasks: [${log("a")}]`, failsOnce);
      await assert.rejects(callOne(client, "reprise_api.restart_execution", { execution_id: id }), refused);
    }));

  it("has no task run that could be marked", () =>
    db.inTransaction(async (client) => {
      const id = await aWaiting(client, `${retry()}\ntasks: [${log("a")}]`);
      const task_run_id = (await taskRunsOf(client, id)).a?.id as string;
      const mark = callOne(client, "reprise_api.change_task_run_state", { task_run_id, state: "SUCCESS" });
      await assert.rejects(mark, refused);
    }));

  it("goes on from what failed when it is killed in its wait and restarted", () =>
    db.inTransaction(async (client) => {
      const s = block("s", "Sequential", `tasks: [${log("x")}, ${log("a")}]`);
      const id = await aWaiting(client, `${retry()}\ntasks: [${s}, ${log("b")}]`);
      const worker = await aHandWorker(client);
      await worker.drain(failing, { rounds: 1 });
      await callOne(client, "reprise_api.kill_execution", { execution_id: id });
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      await worker.drain();
      assert.deepEqual(await lineOf(client, id), ["s SUCCESS, x SUCCESS, a SUCCESS, b SUCCESS, = SUCCESS"]);
    }));

  it("is replayed from what failed in it, by a replay with a budget of its own", () =>
    db.inTransaction(async (client) => {
      const source = `${retry("maxAttempts: 2")}\ntasks: [${log("x")}, ${block("s", "Sequential", `tasks: [${log("a")}]`)}]`;
      const { id } = await run(client, source, failing);
      const replay = await aReplay(client, id, { anchors: ["failed"] });
      const worker = await aHandWorker(client);
      await worker.drain(failing);
      assert.deepEqual(await linesOf(client, replay.id), [
        "x SUCCESS",
        "s RETRIED",
        "a RETRIED",
        "= RETRIED",
      ]);
      assert.equal((await lineOf(client, id)).at(-1), "x SUCCESS, s FAILED, a FAILED, = FAILED");
    }));
});
