import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callOne } from "../../../src/db/call.ts";
import {
  anEndedExecution,
  anExecution,
  aPlan,
  aReplay,
  executionOf,
  type ReadPlan,
  statesOf,
} from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type Script } from "../../support/hand-worker.ts";
import { aBlockFlow, block, directory, historyOf, linesOf, log } from "./block-flows.ts";

const db = await testDatabase();
const exit = (id: string) => `{ id: ${id}, type: io.kestra.plugin.core.execution.Exit }`;

/** What the task says when its state is this. */
const exitsAs = (state: string): Script => ({ exit: { state: "RUNNING", outputs: { exit: state } } });

/** The rows of a plan, each with its iteration. */
const rowsOf = (tasks: ReadPlan["tasks"]) =>
  tasks.map(({ task_id, iteration_path, disposition, reason }) =>
    [task_id, iteration_path, disposition, reason].flat().join(" "),
  );

const handlers = `errors: [${log("e")}]\nfinally: [${log("f")}]\nafterExecution: [${log("x")}]`;

describe("Exit", () => {
  for (const state of ["SUCCESS", "WARNING", "FAILED", "KILLED", "CANCELLED"])
    it(`ends the execution as ${state}, with the blocks around it`, () =>
      db.inTransaction(async (client) => {
        const inner = block(
          "o",
          "If",
          `condition: true, then: [${log("a")}, ${block("i", "If", `condition: true, then: [${exit("exit")}]`)}]`,
        );
        const flow = await aBlockFlow(client, `tasks: [${inner}, ${log("z")}]\n${handlers}`);
        const id = await anEndedExecution(client, flow, exitsAs(state));
        assert.deepEqual(await linesOf(client, id), [
          `o ${state}`,
          "a SUCCESS",
          `i ${state}`,
          `exit ${state}`,
          "x SUCCESS",
          `= ${state}`,
        ]);
        assert.deepEqual(await historyOf(client, id, "exit"), ["CREATED", "RUNNING", state]);
      }));

  it("lets nothing begin behind what ends with it", () =>
    db.inTransaction(async (client) => {
      const flow = await aBlockFlow(
        client,
        `tasks: [${block("p", "Parallel", `tasks: [${block("s", "Sequential", `tasks: [${log("a")}, ${log("b")}]`)}, ${exit("exit")}]`)}, ${log("z")}]`,
      );
      const worker = await aHandWorker(client);
      const id = await anEndedExecution(client, flow, {}, { rounds: 0 });
      const held = await worker.drain({}, { holds: () => true });
      const [a, ending] = held.toSorted((one, two) => one.taskId.localeCompare(two.taskId));
      // Both ends in one report.
      await worker.finish([
        { attemptId: a?.begun.attempt_id as string },
        { attemptId: ending?.begun.attempt_id as string, state: "RUNNING", outputs: { exit: "SUCCESS" } },
      ]);
      await worker.drain();
      assert.deepEqual(await linesOf(client, id), [
        "p SUCCESS",
        "s KILLED",
        "exit SUCCESS",
        "a SUCCESS",
        "= SUCCESS",
      ]);
    }));

  it("ends an execution that stands at a breakpoint", () =>
    db.inTransaction(async (client) => {
      const flow = await aBlockFlow(
        client,
        `tasks: [${block("p", "Parallel", `tasks: [${exit("exit")}, ${block("s", "Sequential", `tasks: [${log("a")}, ${log("b")}]`)}]`)}, ${log("z")}]`,
      );
      const id = await anExecution(client, flow, { breakpoints: ["b"] });
      const worker = await aHandWorker(client);
      const [held] = await worker.drain({}, { holds: ({ taskId }) => taskId === "exit" });
      await worker.finish([
        { attemptId: held?.begun.attempt_id as string, state: "RUNNING", outputs: { exit: "SUCCESS" } },
      ]);
      assert.deepEqual(await linesOf(client, id), [
        "p SUCCESS",
        "s KILLED",
        "exit SUCCESS",
        "a SUCCESS",
        "b KILLED",
        "= SUCCESS",
      ]);
    }));

  for (const state of ["SUCCESS", "FAILED"])
    it(`lets what runs beside it come to its end, and then ends the execution as ${state}`, () =>
      db.inTransaction(async (client) => {
        const beside = (id: string, rest = "") =>
          block(
            id,
            "Sequential",
            `tasks: [${log(`${id}1`, rest)}, ${log(`${id}2`)}], errors: [${log(`${id}e`)}]`,
          );
        const retry = ", retry: { type: constant, interval: PT1S, maxAttempts: 3 }";
        const flow = await aBlockFlow(
          client,
          `tasks: [${block("p", "Parallel", `tasks: [${beside("s")}, ${beside("t")}, ${beside("u", retry)}, ${directory("d", [log("d1")])}, ${block("q", "Sequential", `tasks: [${exit("exit")}]`)}]`)}, ${log("z")}]\n${handlers}`,
        );
        const id = await anExecution(client, flow);
        const worker = await aHandWorker(client);
        const held = await worker.drain({}, { holds: () => true });
        const attempt = (name: string) =>
          held.find(({ taskId }) => taskId === name)?.begun.attempt_id as string;
        await worker.finish([{ attemptId: attempt("exit"), state: "RUNNING", outputs: { exit: state } }]);
        const { state: meanwhile } = await executionOf(client, id);
        assert.equal(meanwhile, "RUNNING");
        await worker.finish([
          { attemptId: attempt("s1") },
          { attemptId: attempt("t1"), state: "FAILED", error: { reason: "scripted", message: "no" } },
        ]);
        await worker.finish([
          { attemptId: attempt("u1"), state: "FAILED", error: { reason: "scripted", message: "no" } },
        ]);
        await worker.finish([{ attemptId: attempt("d"), state: "RUNNING" }]);
        await worker.drain();
        assert.deepEqual((await linesOf(client, id)).toSorted(), [
          `= ${state}`,
          "d SUCCESS",
          `exit ${state}`,
          `p ${state}`,
          `q ${state}`,
          "s KILLED",
          "s1 SUCCESS",
          "t KILLED",
          "t1 FAILED",
          "u KILLED",
          "u1 KILLED",
          "x SUCCESS",
        ]);
      }));

  it("lets a Subflow beside it come to its end, and kills it when it ends as KILLED", () =>
    db.inTransaction(async (client) => {
      const child = await aBlockFlow(client, `tasks: [${log("c")}]`);
      const subflow = `{ id: sub, type: io.kestra.plugin.core.flow.Subflow, namespace: company.team, flowId: ${child.id} }`;
      const flow = await aBlockFlow(
        client,
        `tasks: [${block("p", "Parallel", `tasks: [${subflow}, ${exit("exit")}]`)}, ${log("z")}]`,
      );
      for (const [state, ends] of [
        ["WARNING", "SUCCESS"],
        ["KILLED", "KILLED"],
      ] as const) {
        const id = await anExecution(client, flow);
        const worker = await aHandWorker(client);
        const held = await worker.drain({}, { holds: ({ taskId }) => ["exit", "c"].includes(taskId) });
        const attempt = (name: string) =>
          held.find(({ taskId }) => taskId === name)?.begun.attempt_id as string;
        await worker.finish([{ attemptId: attempt("exit"), state: "RUNNING", outputs: { exit: state } }]);
        await worker.drain();
        await worker.finish([{ attemptId: attempt("c") }]);
        await worker.drain();
        assert.deepEqual(await linesOf(client, id), [
          `p ${state}`,
          `sub ${ends}`,
          `exit ${state}`,
          `= ${state}`,
        ]);
      }
    }));

  it("kills what waits for a time or for somebody, and is itself ended by a kill", () =>
    db.inTransaction(async (client) => {
      const loop = block("l", "LoopUntil", `condition: "{{ false }}", tasks: [${log("a")}]`);
      const pause = block("w", "Pause", `onPause: ${log("o")}`);
      const flow = await aBlockFlow(
        client,
        `tasks: [${block("p", "Parallel", `tasks: [${loop}, ${pause}, ${exit("exit")}, ${log("r")}]`)}]`,
      );
      const id = await anExecution(client, flow);
      const worker = await aHandWorker(client);
      const holds = ({ taskId }: { taskId: string }) => ["exit", "r"].includes(taskId);
      const held = await worker.drain({}, { holds, rounds: 4 });
      assert.equal((await executionOf(client, id)).state, "PAUSED");
      const exiting = held.find(({ taskId }) => taskId === "exit")?.begun.attempt_id as string;
      await worker.finish([{ attemptId: exiting, state: "RUNNING", outputs: { exit: "SUCCESS" } }]);
      await worker.drain();
      assert.equal((await executionOf(client, id)).state, "RUNNING");
      await callOne(client, "reprise_api.kill_execution", { execution_id: id });
      const running = held.find(({ taskId }) => taskId === "r")?.begun.attempt_id as string;
      await worker.finish([{ attemptId: running, state: "KILLED" }]);
      const { l, w, r, p, execution } = await statesOf(client, id);
      assert.deepEqual([l, w, r, p, execution], ["KILLED", "KILLED", "KILLED", "SUCCESS", "KILLED"]);
    }));

  it("is in a plan that comes to it for the first time: nothing is reached behind it, and beside it is a race", () =>
    db.inTransaction(async (client) => {
      const lanes = `tasks: [${block("s", "Sequential", `tasks: [${log("a")}, ${exit("exit")}, ${log("b")}]`)}, ${log("c")}]`;
      const flow = await aBlockFlow(
        client,
        `tasks: [${log("o")}, ${block("p", "Parallel", lanes)}, ${log("z")}]`,
      );
      const id = await anEndedExecution(client, flow, { o: "FAILED" });
      const { brief } = await aPlan(client, id, { anchors: ["task:o"] });
      assert.deepEqual(brief, {
        o: "RERUN anchor",
        p: "RERUN after o",
        s: "RERUN inside p",
        a: "RERUN inside s",
        exit: "RERUN inside s",
        b: "NOT_REACHED exited exit",
        c: "UNKNOWN raced exit",
        z: "UNKNOWN decided exit",
      });
    }));

  it("races with the other iterations of a Loop when it stands in the finally of one", () =>
    db.inTransaction(async (client) => {
      await client.query("select set_config('reprise.first_wave', '1', true)");
      const planOf = async (limit: number) => {
        const loop = block(
          "l",
          "Loop",
          `values: [x, y], concurrencyLimit: ${limit}, tasks: [${log("t")}], finally: [${exit("exit")}]`,
        );
        const flow = await aBlockFlow(client, `tasks: [${loop}]`);
        const id = await anEndedExecution(client, flow, exitsAs("WARNING"));
        const { tasks } = await aPlan(client, id, { anchors: ['task:exit["x"]'] });
        return rowsOf(tasks);
      };
      const begun = ["l  REOPENED around", "t x CARRIED unchanged", "exit x RERUN anchor"];
      assert.deepEqual(await planOf(0), [...begun, "t y UNKNOWN raced", "exit y UNKNOWN raced"]);
      assert.deepEqual(await planOf(1), [...begun, "t y UNKNOWN decided", "exit y UNKNOWN decided"]);
    }));

  it("is not in the way of a replay among the handlers of a loop that had nothing to go through", () =>
    db.inTransaction(async (client) => {
      const loop = block(
        "l",
        "EachParallel",
        `value: [], tasks: [${log("a")}], errors: [${exit("exit")}], finally: [${log("f")}]`,
      );
      const id = await anEndedExecution(
        client,
        await aBlockFlow(client, `tasks: [${loop}, ${log("z")}]`),
        {},
      );
      const { brief, problems } = await aPlan(client, id, { anchors: ["task:f"] });
      assert.deepEqual(problems, []);
      assert.deepEqual(brief, {
        l: "REOPENED around",
        a: "NOT_REACHED not_chosen l",
        exit: "NOT_REACHED not_needed",
        f: "RERUN anchor",
        z: "RERUN after l",
      });
    }));

  it("may let iterations begin beside it that it had come before", () =>
    db.inTransaction(async (client) => {
      await client.query("select set_config('reprise.first_wave', '1', true)");
      const loop = block("l", "ForEach", `values: [x, y], concurrencyLimit: 0, tasks: [${exit("exit")}]`);
      const flow = await aBlockFlow(
        client,
        `tasks: [${block("p", "Parallel", `tasks: [${log("a")}, ${loop}]`)}]`,
      );
      const id = await anEndedExecution(client, flow, exitsAs("WARNING"));
      const { tasks } = await aPlan(client, id, { anchors: ["task:a"] });
      assert.deepEqual(rowsOf(tasks), [
        "p  REOPENED around",
        "a  RERUN anchor",
        "l  REOPENED around_exit",
        "exit x UNKNOWN raced",
        "exit y UNKNOWN raced",
      ]);
    }));

  it("is come to again by a replay", () =>
    db.inTransaction(async (client) => {
      const flow = await aBlockFlow(client, `tasks: [${log("a")}, ${exit("exit")}, ${log("z")}]`);
      const id = await anEndedExecution(client, flow, exitsAs("FAILED"));
      const replay = await aReplay(client, id, { anchors: ["failed"] });
      await (await aHandWorker(client)).drain();
      assert.deepEqual(await linesOf(client, replay.id), [
        "a SUCCESS",
        "exit SUCCESS",
        "z SUCCESS",
        "= SUCCESS",
      ]);
    }));
});
