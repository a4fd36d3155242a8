import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { aWrittenFlow, type FlowReference } from "../../support/a-flow.ts";
import { anEndedExecution, anExecution, aPlan, aReplay, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, block, directory, failing, linesOf, log } from "./block-flows.ts";

const db = await testDatabase();

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
        assert.match(plan.tasks[1]?.explanation ?? "", /^It runs again as a whole: .* files .* are gone/);
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
        "p FAILED 1",
        "w FAILED 1",
        "x SUCCESS 2",
      ]);
      await callOne(client, "reprise_api.restart_execution", { execution_id: replay.id });
      await worker.drain({}, { waits: (execution) => execution === running });
      assert.deepEqual((await linesOf(client, replay.id, true)).toSorted(), [
        "= SUCCESS",
        "b SUCCESS 2",
        "c SUCCESS 2",
        "p SUCCESS 1",
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
      assert.deepEqual(plan.problems, [
        {
          code: "runs_as_a_whole",
          message:
            "`w` had ended well and runs again as a whole: the target revision puts `n` into it, and its files are gone.",
          task_id: "w",
          is_blocking: false,
        },
      ]);
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

  it("goes on in what handles a failure in it, where it was killed then, unless a revision puts something into it", () =>
    db.inTransaction(async (client) => {
      const write = (tasks: string[]) =>
        `tasks: [${block("p", "Parallel", `tasks: [${directory("w", tasks, `, finally: [${log("f")}]`)}, ${log("x")}]`)}]`;
      const flow = await aBlockFlow(client, write([log("b"), log("c")]));
      const worker = await aHandWorker(client);
      const id = await anExecution(client, flow);
      const [held] = await worker.drain(failing("c 1"), { holds: ({ taskId }) => taskId === "f" });
      await callOne(client, "reprise_api.kill_execution", { execution_id: id });
      await worker.finish([worker.outcome(held as NonNullable<typeof held>, { f: "KILLED" })]);
      assert.deepEqual((await aPlan(client, id, { anchors: ["task:x"] })).brief, {
        p: "REOPENED around",
        w: "REOPENED not_ended",
        b: "CARRIED unchanged",
        c: "CARRIED_FAILED failed",
        f: "RERUN handles w",
        x: "RERUN anchor",
      });
      const replay = await aReplay(client, id, { anchors: ["task:x"] });
      await worker.drain();
      assert.deepEqual((await linesOf(client, replay.id, true)).toSorted(), [
        "= FAILED",
        "b SUCCESS 1",
        "c FAILED 1",
        "f SUCCESS 2",
        "p FAILED 1",
        "w FAILED 1",
        "x SUCCESS 2",
      ]);

      await revised(client, flow, write([log("n"), log("b"), log("c")]));
      const { brief } = await aPlan(client, id, { anchors: ["task:x"], revision: "latest" });
      assert.deepEqual([brief.w, brief.n, brief.c], ["RERUN not_ended", "RERUN inside w", "RERUN inside w"]);
    }));
});
