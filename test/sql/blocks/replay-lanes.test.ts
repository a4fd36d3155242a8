import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { aWrittenFlow } from "../../support/a-flow.ts";
import { anEndedExecution, aPlan, aReplay } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type Script } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "./block-flows.ts";

const db = await testDatabase();

/** Runs the first text to its end, and the second as a replay of that; gives both. */
async function replayOn(
  client: ClientBase,
  [first, second]: [first: string, second: string],
  anchors: string[],
  [original, again]: [Script, Script],
): Promise<[string, string]> {
  const id = `flow-${randomUUID()}`;
  const write = (tasks: string) => `id: ${id}\nnamespace: company.team\ntasks: [${tasks}]\n`;
  const ended = await anEndedExecution(client, await aWrittenFlow(client, write(first)), original);
  await aWrittenFlow(client, write(second));
  const replay = await aReplay(client, ended, { anchors, revision: "latest" });
  await (await aHandWorker(client)).drain(again);
  return [ended, replay.id];
}

const sequential = (id: string, ...tasks: string[]) => block(id, "Sequential", `tasks: [${tasks}]`);

describe("the lanes of a block that a replay opens again", () => {
  it("are in a Dag with a limit begun one after the other", () =>
    db.inTransaction(async (client) => {
      for (const limit of [1, 2]) {
        const dag = block(
          "g",
          "Dag",
          `concurrent: ${limit}, tasks: [${["p", "q", "r"].map((id) => `{ task: ${sequential(id, log(`${id}1`))} }`)}, { task: ${log("end")}, dependsOn: [p, q, r] }]`,
        );
        const anchors = ["task:p1", "task:q1", "task:r1"];
        const [original, replay] = await replayOn(client, [dag, dag], anchors, [{}, {}]);
        const lines = (await linesOf(client, original)).sort();
        assert.deepEqual((await linesOf(client, replay)).sort(), lines);
      }
    }));

  it("are those that had begun, wherever a revision has put them", () =>
    db.inTransaction(async (client) => {
      const parallel = (...tasks: string[]) => block("p", "Parallel", `concurrent: 2, tasks: [${tasks}]`);
      const [, replay] = await replayOn(
        client,
        [parallel(log("f"), log("r"), log("z")), parallel(log("w"), log("z"), log("r"), log("f"))],
        ["task:r"],
        [{ f: "FAILED" }, {}],
      );
      assert.deepEqual((await linesOf(client, replay)).sort(), [
        "= FAILED",
        "f FAILED",
        "p FAILED",
        "r SUCCESS",
      ]);
    }));

  it("are those iterations that had begun", () =>
    db.inTransaction(async (client) => {
      const loop = block(
        "l",
        "EachParallel",
        `value: [x, y, z], concurrent: 3, tasks: [${log("a")}, ${log("b")}]`,
      );
      const script: Script = ({ taskId, begun }) =>
        taskId === "a" && begun.iteration_path?.[0] === "x" ? "FAILED" : "SUCCESS";
      const [original, replay] = await replayOn(client, [loop, loop], ['task:a["y"]'], [script, {}]);
      assert.deepEqual((await linesOf(client, original)).length, 1 + 3 + 1);
      assert.deepEqual((await linesOf(client, replay)).sort(), (await linesOf(client, original)).sort());
    }));

  it("are CANCELLED where something before them has failed anew, and run in a restart", () =>
    db.inTransaction(async (client) => {
      const loop = block("l", "ForEach", `values: [x, y], tasks: [${sequential("s", log("t"), log("u"))}]`);
      const failing: Script = ({ taskId, begun }) =>
        taskId === "t" && begun.iteration_path?.[0] === "x" ? "FAILED" : "SUCCESS";
      const [original, replay] = await replayOn(
        client,
        [loop, loop],
        ['task:t["x"]', 'task:t["y"]'],
        [{}, failing],
      );
      assert.deepEqual(
        (await linesOf(client, replay)).sort(),
        ["= FAILED", "l FAILED", "s[x] FAILED", "s[y] CANCELLED", "t[x] FAILED"].sort(),
      );
      await callOne(client, "reprise_api.restart_execution", { execution_id: replay });
      await (await aHandWorker(client)).drain();
      assert.deepEqual((await linesOf(client, replay)).sort(), (await linesOf(client, original)).sort());

      const [, another] = await replayOn(
        client,
        [sequential("b", log("t"), log("u")), `${log("n")}, ${sequential("b", log("t"), log("u"))}`],
        ["task:u"],
        [{}, { n: "FAILED" }],
      );
      assert.deepEqual(await linesOf(client, another), ["b CANCELLED", "t SUCCESS", "n FAILED", "= FAILED"]);
    }));

  it("wait in a restart for those before them, as they did", () =>
    db.inTransaction(async (client) => {
      const loop = block(
        "l",
        "ForEach",
        `values: [x, y, z], tasks: [${sequential("s", log("t"), log("u"))}]`,
      );
      const failing: Script = ({ taskId, begun }) =>
        taskId === "t" && begun.iteration_path?.[0] === "x" ? "FAILED" : "SUCCESS";
      const anchors = ["x", "y", "z"].map((value) => `task:t["${value}"]`);
      const [original, replay] = await replayOn(client, [loop, loop], anchors, [{}, failing]);
      const ended = (await linesOf(client, replay)).sort();
      assert.deepEqual(
        ended,
        ["= FAILED", "l FAILED", "s[x] FAILED", "s[y] CANCELLED", "s[z] CANCELLED", "t[x] FAILED"].sort(),
      );
      await callOne(client, "reprise_api.restart_execution", { execution_id: replay });
      const worker = await aHandWorker(client);
      await worker.drain(failing);
      assert.deepEqual((await linesOf(client, replay)).sort(), ended);
      await callOne(client, "reprise_api.restart_execution", { execution_id: replay });
      await worker.drain();
      assert.deepEqual((await linesOf(client, replay)).sort(), (await linesOf(client, original)).sort());
    }));

  it("stand behind the end of the execution, too", () =>
    db.inTransaction(async (client) => {
      const flow = await aBlockFlow(
        client,
        `tasks: [${log("a")}]\nafterExecution: [${sequential("q", log("t"), log("u"))}]`,
      );
      const ended = await anEndedExecution(client, flow);
      const replay = await aReplay(client, ended, { anchors: ["task:u"] });
      await (await aHandWorker(client)).drain();
      assert.deepEqual((await linesOf(client, replay.id)).sort(), (await linesOf(client, ended)).sort());
    }));

  it("are held back by a failure that is carried, among handlers and behind the end as elsewhere", () =>
    db.inTransaction(async (client) => {
      const loop = block(
        "l",
        "Loop",
        `values: [x, y], concurrencyLimit: 1, tasks: [${log("d")}], errors: [${log("h")}]`,
      );
      for (const flow of [
        `tasks: [${log("a")}, ${loop}]`,
        `tasks: [${log("a")}]\nfinally: [${loop}]`,
        `tasks: [${log("a")}]\nafterExecution: [${loop}]`,
      ]) {
        const id = await anEndedExecution(client, await aBlockFlow(client, flow), { d: "FAILED" });
        const { tasks } = await aPlan(client, id, { anchors: ['task:h["x"]'] });
        const planned = tasks.map(({ task_id, iteration_path, disposition }) => [
          `${task_id}[${iteration_path}]`,
          disposition,
        ]);
        assert.equal(Object.fromEntries(planned)["d[y]"], "NOT_REACHED", flow);
      }
    }));
});
