import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callMany, callOne } from "../../../src/db/call.ts";
import { aWrittenFlow, type FlowReference } from "../../support/a-flow.ts";
import { anEndedExecution, anExecution, aPlan, aReplay, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type HandRun } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "./block-flows.ts";

const db = await testDatabase();
const directory = (id: string, tasks: string[], rest = "") =>
  block(id, "WorkingDirectory", `tasks: [${tasks.join(", ")}]${rest}`);

/** Each task fails in the attempts that are named for it. */
const failing =
  (...which: string[]) =>
  ({ taskId, number }: HandRun) =>
    which.includes(`${taskId} ${number}`) ? "FAILED" : "SUCCESS";

const revised = async (client: ClientBase, { id }: FlowReference, body: string) =>
  await aWrittenFlow(client, `id: ${id}\nnamespace: company.team\n${body}`);

describe("replaying a WorkingDirectory", () => {
  const body = `tasks: [${log("a")}, ${directory("w", [log("b"), log("c"), log("d")], `, errors: [${log("e")}], finally: [${log("f")}]`)}, ${log("g")}]`;
  const whole = {
    a: "CARRIED unchanged",
    w: "RERUN anchor",
    b: "RERUN inside w",
    c: "RERUN inside w",
    d: "RERUN inside w",
    e: "UNKNOWN handles w",
    f: "RERUN handles w",
    g: "RERUN after w",
  };

  for (const [from, anchor, fails] of [
    ["from a task in it", "task:c", ""],
    ["from itself", "task:w", ""],
    ["from what failed in it", "failed", "c 1"],
  ] as const)
    it(`runs it again as a whole, ${from}`, () =>
      db.inTransaction(async (client) => {
        const id = await anEndedExecution(client, await aBlockFlow(client, body), failing(fails));
        const plan = await aPlan(client, id, { anchors: [anchor] });
        assert.deepEqual(plan.brief, whole);
        assert.equal(plan.tasks[3]?.explanation, "It stands in `w`, and goes with it.");
        const replay = await aReplay(client, id, { anchors: [anchor], plan_hash: plan.plan_hash as string });
        await (await aHandWorker(client)).drain();
        assert.deepEqual(await linesOf(client, replay.id, true), [
          "a SUCCESS 1",
          "w SUCCESS 2",
          "b SUCCESS 2",
          `c SUCCESS 2`,
          `d SUCCESS ${fails === "" ? 2 : 1}`,
          "f SUCCESS 2",
          `g SUCCESS ${fails === "" ? 2 : 1}`,
          "= SUCCESS",
        ]);
        const named = fails === "" ? anchor.slice(5) : "c";
        assert.deepEqual(
          (replay.anchors as { taskId: string }[]).map(({ taskId }) => taskId),
          [named],
          "the lineage names what was asked for",
        );
      }));

  it("carries it with what ran in it, when the replay starts behind it", () =>
    db.inTransaction(async (client) => {
      const id = await anEndedExecution(client, await aBlockFlow(client, body));
      const plan = await aPlan(client, id, { anchors: ["task:g"] });
      assert.deepEqual(
        ["w", "b", "c", "d", "e", "f"].map((task) => plan.brief[task]),
        [
          "CARRIED unchanged",
          "CARRIED inside w",
          "CARRIED inside w",
          "CARRIED inside w",
          "NOT_REACHED not_chosen w",
          "CARRIED inside w",
        ],
      );
      const replay = await aReplay(client, id, { anchors: ["task:g"] });
      await (await aHandWorker(client)).drain();
      const runs = await taskRunsOf(client, replay.id);
      assert.deepEqual(runs.c?.outputs, { value: "c 1" });
      assert.equal(runs.w?.is_carried, true);
    }));

  it("runs what had not ended again, and what failed beside the anchor is carried as a whole", () =>
    db.inTransaction(async (client) => {
      const flow = await aBlockFlow(
        client,
        `tasks: [${block("p", "Parallel", `tasks: [${directory("w", [log("b"), log("c")])}, ${log("x")}]`)}]`,
      );
      const worker = await aHandWorker(client);
      const running = await anExecution(client, flow);
      const held = await worker.drain({}, { holds: ({ taskId }) => taskId === "c" });
      assert.deepEqual(await linesOf(client, running), [
        "p RUNNING",
        "w RUNNING",
        "x SUCCESS",
        "b SUCCESS",
        "c RUNNING",
        "= RUNNING",
      ]);
      assert.deepEqual((await aPlan(client, running, { anchors: ["task:x"] })).brief, {
        p: "REOPENED around",
        w: "RERUN not_ended",
        b: "RERUN inside w",
        c: "RERUN inside w",
        x: "RERUN anchor",
      });
      assert.equal(held.length, 2);

      const failed = await anEndedExecution(client, flow, failing("c 1"));
      const replay = await aReplay(client, failed, { anchors: ["task:x"] });
      await worker.drain({}, { waits: (execution) => execution === running });
      assert.deepEqual((await linesOf(client, replay.id, true)).toSorted(), [
        "= FAILED",
        "b SUCCESS 1",
        "c FAILED 1",
        "p FAILED",
        "w FAILED 1",
        "x SUCCESS 2",
      ]);
      await callOne(client, "reprise_api.restart_execution", { execution_id: replay.id });
      await worker.drain({}, { waits: (execution) => execution === running });
      assert.deepEqual((await linesOf(client, replay.id, true)).toSorted(), [
        "= SUCCESS",
        "b SUCCESS 2",
        "c SUCCESS 2",
        "p SUCCESS",
        "w SUCCESS 2",
        "x SUCCESS 2",
      ]);
    }));

  it("starts at it, by auto, when a revision changes a task in it", () =>
    db.inTransaction(async (client) => {
      const flow = await aBlockFlow(client, body);
      const id = await anEndedExecution(client, flow);
      await revised(client, flow, body.replace(log("c"), log("c").replace("hi", "ho")));
      const plan = await aPlan(client, id, { anchors: ["auto"], revision: "latest" });
      assert.deepEqual(plan.brief, whole);
    }));

  it("runs it again where a revision puts something into it, and carries what is between", () =>
    db.inTransaction(async (client) => {
      const flow = await aBlockFlow(
        client,
        `tasks: [${directory("w", [log("b")])}, ${log("g")}, ${log("h")}]`,
      );
      const id = await anEndedExecution(client, flow);
      await revised(
        client,
        flow,
        `tasks: [${directory("w", [log("b"), log("n")])}, ${log("g")}, ${log("h")}]`,
      );
      const given = { anchors: ["task:h"], revision: "latest" };
      const plan = await aPlan(client, id, given);
      assert.deepEqual(plan.brief, {
        w: "RERUN inserted_with",
        b: "RERUN inside w",
        n: "RERUN inside w",
        g: "CARRIED unchanged",
        h: "RERUN anchor",
      });
      const replay = await aReplay(client, id, given);
      await (await aHandWorker(client)).drain();
      assert.deepEqual((await linesOf(client, replay.id, true)).toSorted(), [
        "= SUCCESS",
        "b SUCCESS 2",
        "g SUCCESS 1",
        "h SUCCESS 2",
        "n SUCCESS 1",
        "w SUCCESS 2",
      ]);
    }));
});

describe("restarting a WorkingDirectory", () => {
  const body = `tasks: [${directory("w", [log("b"), log("c"), log("d")], `, errors: [${log("e")}]`)}, ${log("g")}]`;

  it("runs it again as a whole, and its tasks keep their attempts", () =>
    db.inTransaction(async (client) => {
      const id = await anEndedExecution(client, await aBlockFlow(client, body), failing("d 1"));
      assert.deepEqual((await linesOf(client, id)).at(-2), "e SUCCESS");
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      assert.deepEqual(await linesOf(client, id, true), [
        "w RESTARTED 1",
        "b RESTARTED 1",
        "c RESTARTED 1",
        "d RESTARTED 1",
        "= RESTARTED",
      ]);
      await (await aHandWorker(client)).drain();
      assert.deepEqual(await linesOf(client, id, true), [
        "w SUCCESS 2",
        "b SUCCESS 2",
        "c SUCCESS 2",
        "d SUCCESS 2",
        "g SUCCESS 1",
        "= SUCCESS",
      ]);
      assert.deepEqual((await taskRunsOf(client, id)).d?.attempts, ["1 FAILED", "2 SUCCESS"]);
    }));

  it("cancels what it does not come to again", () =>
    db.inTransaction(async (client) => {
      const id = await anEndedExecution(client, await aBlockFlow(client, body), failing("d 1", "b 2"));
      const worker = await aHandWorker(client);
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      await worker.drain(failing("b 2"));
      assert.deepEqual(await linesOf(client, id, true), [
        "w FAILED 2",
        "b FAILED 2",
        "c CANCELLED 1",
        "d CANCELLED 1",
        "e SUCCESS 1",
        "= FAILED",
      ]);
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      await worker.drain();
      assert.deepEqual(await linesOf(client, id, true), [
        "w SUCCESS 3",
        "b SUCCESS 3",
        "c SUCCESS 2",
        "d SUCCESS 2",
        "g SUCCESS 1",
        "= SUCCESS",
      ]);
    }));

  it("goes on behind a kill", () =>
    db.inTransaction(async (client) => {
      const id = await anExecution(client, await aBlockFlow(client, body));
      const worker = await aHandWorker(client);
      const held = await worker.drain({}, { holds: ({ taskId }) => taskId === "c" });
      await callOne(client, "reprise_api.kill_execution", { execution_id: id });
      await callMany(client, "reprise_engine.finish_children", {
        worker_id: worker.id,
        attempt_ids: [held[0]?.begun.attempt_id as string],
        outcomes: ["KILLED"],
        outputs: [null],
        errors: [null],
      });
      await worker.finish([{ attemptId: held[1]?.begun.attempt_id as string, state: "RUNNING" }]);
      assert.deepEqual(await linesOf(client, id), ["w KILLED", "b SUCCESS", "c KILLED", "= KILLED"]);
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      await worker.drain();
      assert.deepEqual(await linesOf(client, id, true), [
        "w SUCCESS 2",
        "b SUCCESS 2",
        "c SUCCESS 2",
        "d SUCCESS 1",
        "g SUCCESS 1",
        "= SUCCESS",
      ]);
    }));
});

describe("the history of a block", () => {
  it("does not end with the attempt that it begins with", () =>
    db.inTransaction(async (client) => {
      const flow = await aBlockFlow(
        client,
        `tasks: [${directory("w", [log("b")])}, ${block("i", "If", `condition: true, then: [${log("c")}]`)}, ${directory("x", [log("d")])}]`,
      );
      const id = await anEndedExecution(client, flow, failing("d 1"));
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      await (await aHandWorker(client)).drain();
      const { rows } = await client.query<{ line: string }>(
        `select r.task_id || ': ' || string_agg(h.entry ->> 'state', ' ' order by h.place) as line
        from reprise_api.task_runs as r
        cross join jsonb_array_elements(r.state_history) with ordinality as h (entry, place)
        where r.execution_id = $1 and r.task_kind <> 'RUNNABLE'
        group by r.id, r.task_id
        order by r.id`,
        [id],
      );
      assert.deepEqual(
        rows.map(({ line }) => line),
        [
          "w: CREATED RUNNING SUCCESS",
          "i: CREATED RUNNING SUCCESS",
          "x: CREATED RUNNING RESTARTED RUNNING SUCCESS",
        ],
      );
    }));
});

describe("what a worker reports of a WorkingDirectory", () => {
  /** One that runs `b` and `c`, and is held at `c`. */
  const held = async (client: ClientBase) => {
    const id = await anExecution(
      client,
      await aBlockFlow(client, `tasks: [${directory("w", [log("b"), log("c")])}]`),
    );
    const worker = await aHandWorker(client);
    const [child, around] = await worker.drain({}, { holds: ({ taskId }) => taskId === "c" });
    const begin = async () =>
      await callMany(client, "reprise_engine.begin_children", {
        worker_id: worker.id,
        attempt_ids: [around?.begun.attempt_id as string],
        task_keys: [child?.begun.task_key as number],
      });
    const finish = async (attempt = child?.begun.attempt_id as string) =>
      await callMany(client, "reprise_engine.finish_children", {
        worker_id: worker.id,
        attempt_ids: [attempt],
        outcomes: ["SUCCESS"],
        outputs: [{ value: "done" }],
        errors: [null],
      });
    return { id, worker, child, around, begin, finish };
  };

  it("changes nothing when it is said twice", () =>
    db.inTransaction(async (client) => {
      const { id, child, begin, finish } = await held(client);
      assert.deepEqual(
        (await begin()).map(({ attempt_id }) => attempt_id),
        [child?.begun.attempt_id],
      );
      assert.equal((await finish())[0]?.state, "SUCCESS");
      assert.equal((await finish())[0]?.state, "SUCCESS");
      assert.deepEqual(await begin(), [], "what has ended does not begin again");
      assert.deepEqual(await linesOf(client, id, true), [
        "w RUNNING 1",
        "b SUCCESS 1",
        "c SUCCESS 1",
        "= RUNNING",
      ]);
    }));

  for (const [what, pick] of [
    ["the block is lost", 1],
    ["what runs in it is lost", 0],
  ] as const)
    it(`changes nothing once ${what}, and the block runs again`, () =>
      db.inTransaction(async (client) => {
        const { id, worker, child, around, begin, finish } = await held(client);
        const lost = [child, around][pick]?.begun.attempt_id as string;
        await callOne(client, "reprise_engine.resubmit_attempts", { attempt_ids: [lost] });
        assert.deepEqual(await linesOf(client, id, true), [
          "w CREATED 1",
          "b CREATED 1",
          "c CREATED 1",
          "= RUNNING",
        ]);
        assert.deepEqual(await begin(), []);
        assert.deepEqual(await finish(), []);
        await callOne(client, "reprise_engine.leave_children", {
          worker_id: worker.id,
          attempt_id: around?.begun.attempt_id as string,
        });
        assert.equal(
          await callOne(client, "reprise_engine.reconcile_jobs", {}),
          0,
          "only the block has a job",
        );
        await worker.drain();
        assert.deepEqual(await linesOf(client, id, true), [
          "w SUCCESS 2",
          "b SUCCESS 2",
          "c SUCCESS 2",
          "= SUCCESS",
        ]);
        const runs = await taskRunsOf(client, id);
        assert.deepEqual(runs.c?.attempts, ["1 RESUBMITTED", "2 SUCCESS"]);
        assert.equal(runs.c?.try, 1);
      }));

  it("is believed of no other worker", () =>
    db.inTransaction(async (client) => {
      const { id, around, child } = await held(client);
      const other = await aHandWorker(client);
      const begun = await callMany(client, "reprise_engine.begin_children", {
        worker_id: other.id,
        attempt_ids: [around?.begun.attempt_id as string],
        task_keys: [child?.begun.task_key as number],
      });
      assert.deepEqual(begun, []);
      await callOne(client, "reprise_engine.leave_children", {
        worker_id: other.id,
        attempt_id: around?.begun.attempt_id as string,
      });
      assert.deepEqual(await linesOf(client, id), ["w RUNNING", "b SUCCESS", "c RUNNING", "= RUNNING"]);
    }));

  it("fails the block with what runs in it, when it keeps killing its workers", () =>
    db.inTransaction(async (client) => {
      const id = await anExecution(
        client,
        await aBlockFlow(client, `tasks: [${directory("w", [log("b"), log("c")])}]`),
      );
      for (let count = 0; count < 3; count += 1) {
        const worker = await aHandWorker(client);
        const begun = await worker.drain({}, { holds: ({ taskId }) => taskId === "c" });
        await client.query("update reprise.workers set state = 'LOST', stopped_at = now() where id = $1", [
          worker.id,
        ]);
        const attempt_ids = begun.map(({ begun: { attempt_id } }) => attempt_id);
        await callOne(client, "reprise_engine.resubmit_attempts", { attempt_ids });
      }
      assert.deepEqual(await linesOf(client, id, true), [
        "w FAILED 3",
        "b SUCCESS 3",
        "c FAILED 3",
        "= FAILED",
      ]);
      const { error } = (await taskRunsOf(client, id)).w ?? {};
      assert.equal((error as { reason: string }).reason, "worker_lost_repeatedly");
    }));
});
