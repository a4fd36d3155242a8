import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { anEndedExecution, anExecution, aReplay } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type Script } from "../../support/hand-worker.ts";
import { aBlockFlow, block, historyOf, linesOf, log } from "./block-flows.ts";

const db = await testDatabase();
const exit = (id: string) => `{ id: ${id}, type: io.kestra.plugin.core.execution.Exit }`;

/** What the task says when its state is this. */
const exitsAs = (state: string): Script => ({ exit: { state: "RUNNING", outputs: { exit: state } } });

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

  it("stops what runs beside it, whose end comes too late", () =>
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
