import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { anEndedExecution, aPlan, aReplay, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type HandRun, type Script } from "../../support/hand-worker.ts";
import { aBlockFlow, block, log } from "./block-flows.ts";
import { aLoop, doneIn, iterationOf } from "./loop-flows.ts";

const db = await testDatabase();

const exit = "{ id: exit, type: io.kestra.plugin.core.execution.Exit }";
const both = block("p", "Parallel", `tasks: [${log("x")}, ${log("y")}]`);
const until = (rest: string, condition = "true") =>
  `tasks: [${block("u", "LoopUntil", `condition: ${condition}, ${rest}`)}, ${log("c")}]`;
const handlers = `errors: [${log("e")}, ${log("e2")}], finally: [${log("f")}, ${log("f2")}]`;
const exits: Script = { exit: { state: "RUNNING", outputs: { exit: "FAILED" } } };

const bodies = {
  "where a failure in it is carried": until(`tasks: [${both}, ${log("z")}], ${handlers}`),
  "where a failure in it is allowed": until(
    `tasks: [${block("al", "AllowFailure", `tasks: [${both}]`)}, ${log("z")}], ${handlers}`,
  ),
  "where nothing fails": until(`tasks: [${log("y")}, ${log("z")}], ${handlers}`),
  "where it came to its maximum": until(
    `failOnMaxReached: true, checkFrequency: { maxIterations: 1 }, tasks: [${log("y")}, ${log("z")}], ${handlers}`,
    "false",
  ),
  "where an Exit in it has ended all": until(
    `tasks: [${block("p", "Parallel", `tasks: [${exit}, ${log("y")}]`)}, ${log("z")}]`,
  ),
};

describe("a loop until a condition holds, in a replay that goes on in it", () => {
  for (const [where, body] of Object.entries(bodies))
    it(`has the attempt that the plan says, ${where}`, () =>
      db.inTransaction(async (client) => {
        const id = await anEndedExecution(client, await aBlockFlow(client, body), { ...exits, x: "FAILED" });
        const worker = await aHandWorker(client);
        let reopened = 0;
        for (const [anchor, { id: anchorId }] of Object.entries(await taskRunsOf(client, id))) {
          const anchors = [anchorId];
          const { tasks } = await aPlan(client, id, { anchors });
          const loop = tasks.find(({ task_id }) => task_id === "u");
          // An Exit that runs again by itself may be come to or not.
          const isOpen = tasks.some(({ task_id, reason }) => task_id === "exit" && reason !== "exits");
          if (loop?.disposition !== "REOPENED" || isOpen) continue;
          const replay = await aReplay(client, id, { anchors });
          await worker.drain(exits);
          assert.equal((await taskRunsOf(client, replay.id)).u?.attempt_number, loop.attempt_number, anchor);
          reopened += 1;
        }
        assert.ok(reopened > 0);
      }));
});

describe("attempt numbers in a loop until a condition holds", () => {
  const numbersOf = async (client: ClientBase, id: string, task: string) => {
    const { rows } = await client.query<{ line: string }>(
      `select a.number || case when a.execution_id = r.execution_id then '' else ' before' end as line
      from reprise_api.task_runs as r cross join lateral reprise_api.list_attempts(r.id) as a
      where r.execution_id = $1 and r.task_id = $2 order by a.number`,
      [id, task],
    );
    return rows.map(({ line }) => line);
  };
  const inner = block("q", "Sequential", `tasks: [${log("b")}]`);
  const body = aLoop("checkFrequency: { interval: PT1S }", `, ${inner}, ${log("f")}`);
  const fails = (run: HandRun) => (run.taskId === "f" && iterationOf(run) === 1 ? "FAILED" : doneIn(9)(run));

  it("go on from what a replay has carried when it comes to the next iterations", () =>
    db.inTransaction(async (client) => {
      const id = await anEndedExecution(client, await aBlockFlow(client, body), fails);
      const replay = await aReplay(client, id, { anchors: ["failed"] });
      const worker = await aHandWorker(client);
      const [held] = await worker.drain(doneIn(4), {
        holds: ({ taskId, number }) => taskId === "f" && number > 1,
      });
      for (const task of ["a", "b"]) assert.deepEqual(await numbersOf(client, replay.id, task), ["1 before"]);
      await worker.finish([worker.outcome(held as HandRun, {})]);
      await worker.drain(doneIn(4));
      for (const task of ["a", "b", "f"])
        assert.deepEqual(await numbersOf(client, replay.id, task), ["1 before", "2"], task);
      // And on from there.
      const next = await aReplay(client, replay.id, { anchors: ["task:a"] });
      await worker.drain(doneIn(4));
      assert.deepEqual(await numbersOf(client, next.id, "a"), ["1 before", "2 before", "3"]);
    }));

  it("go on in a restart of the replay that lets the loop begin from its start", () =>
    db.inTransaction(async (client) => {
      const id = await anEndedExecution(client, await aBlockFlow(client, body), fails);
      const replay = await aReplay(client, id, { anchors: ["failed"] });
      const worker = await aHandWorker(client);
      const isAsked = ({ taskId, begun }: HandRun) => taskId === "l" && begun.execution_id === replay.id;
      const [asked] = await worker.drain({}, { holds: isAsked });
      await worker.finish([
        {
          attemptId: asked?.begun.attempt_id as string,
          state: "FAILED",
          error: { reason: "x", message: "x" },
        },
      ]);
      await callOne(client, "reprise_api.restart_execution", { execution_id: replay.id });
      await worker.drain(doneIn(1));
      // What the restart has deleted counts: the replay had run f alone.
      for (const task of ["a", "b"])
        assert.deepEqual(await numbersOf(client, replay.id, task), ["1 before", "2"], task);
      assert.deepEqual(await numbersOf(client, replay.id, "f"), ["1 before", "3"]);
    }));

  it("begin anew in each iteration where nothing is carried", () =>
    db.inTransaction(async (client) => {
      const id = await anEndedExecution(client, await aBlockFlow(client, body), fails);
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      await (await aHandWorker(client)).drain(doneIn(4));
      for (const task of ["a", "b", "f"]) assert.deepEqual(await numbersOf(client, id, task), ["1"], task);
    }));
});
