import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callOne } from "../../../src/db/call.ts";
import { aWrittenFlow } from "../../support/a-flow.ts";
import { anEndedExecution, anExecution, aReplay, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "./block-flows.ts";

const db = await testDatabase();

/** A Dag `g` of tasks; one that comes with names waits for these. */
function dagOf(...tasks: (string | [string, ...string[]])[]): string {
  const written = tasks.map((task) =>
    typeof task === "string"
      ? `{ task: ${task} }`
      : `{ task: ${task[0]}, dependsOn: [${task.slice(1).join(", ")}] }`,
  );
  return block("g", "Dag", `tasks: [${written.join(", ")}]`);
}

describe("a Dag", () => {
  for (const [kind, rest, inner] of [
    ["ForEach", "values: []", []],
    ["ForEach", `values: [1, 2]`, ["t[1] SUCCESS", "t[2] SUCCESS"]],
    ["If", "condition: true", ["t SUCCESS"]],
  ] as const)
    it(`opens a block once that is reported beside the end of another of its tasks: ${kind} ${rest}`, () =>
      db.inTransaction(async (client) => {
        const list = kind === "If" ? "then" : "tasks";
        const inside = block("b", kind, `${rest}, ${list}: [${log("t")}]`);
        const flow = await aBlockFlow(client, `tasks: [${dagOf(log("a"), inside, [log("c"), "b"])}]`);
        const id = await anExecution(client, flow);
        const worker = await aHandWorker(client);
        // Both are begun, and reported together.
        await worker.drain({}, { rounds: 1 });
        assert.equal((await taskRunsOf(client, id)).a?.state, "SUCCESS");
        await worker.drain();
        const lines = ["= SUCCESS", "a SUCCESS", "b SUCCESS", "c SUCCESS", "g SUCCESS", ...inner];
        assert.deepEqual((await linesOf(client, id)).sort(), lines);
      }));

  const off = log("off", ", disabled: true");
  for (const inner of [
    block("s", "Sequential", `tasks: [${off}]`),
    block("s", "Parallel", `tasks: [${off}]`),
    block("s", "Dag", `tasks: [{ task: ${off} }]`),
    block("s", "AllowFailure", `tasks: [${off}]`),
  ])
    it(`begins a task once that stands beside one that ends at once: ${inner}`, () =>
      db.inTransaction(async (client) => {
        const dag = dagOf(inner, log("w"), [log("j"), "s"]);
        const ends = ["g SUCCESS", "j SUCCESS", "s SUCCESS", "w SUCCESS"];
        const first = await anExecution(client, await aBlockFlow(client, `tasks: [${dag}]`));
        const later = await anExecution(client, await aBlockFlow(client, `tasks: [${log("a")}, ${dag}]`));
        await (await aHandWorker(client)).drain();
        assert.deepEqual((await linesOf(client, first)).sort(), ["= SUCCESS", ...ends]);
        assert.deepEqual((await linesOf(client, later)).sort(), ["= SUCCESS", "a SUCCESS", ...ends]);
      }));

  it("begins a task once beside a block that a replay opens again with nothing left to do", () =>
    db.inTransaction(async (client) => {
      const write = (...tasks: string[]) =>
        `tasks: [${dagOf(block("i", "Sequential", `tasks: [${tasks.join(", ")}]`), log("w"), [log("k"), "i"])}]`;
      const flow = await aBlockFlow(client, write(log("a"), log("f")));
      const id = await anEndedExecution(client, flow, { f: "FAILED" });
      await aWrittenFlow(client, `id: ${flow.id}\nnamespace: company.team\n${write(log("a"))}`);
      const replay = await aReplay(client, id, { anchors: ["failed", "task:w"], revision: "latest" });
      await (await aHandWorker(client)).drain();
      const lines = ["= SUCCESS", "a SUCCESS", "g SUCCESS", "i SUCCESS", "k SUCCESS", "w SUCCESS"];
      assert.deepEqual((await linesOf(client, replay.id)).sort(), lines);
    }));

  it("begins a task once beside a block that was killed when all in it had ended", () =>
    db.inTransaction(async (client) => {
      const inner = block("i", "If", `condition: true, then: [${log("a")}]`);
      const flow = await aBlockFlow(client, `tasks: [${dagOf(inner, log("w"), [log("j"), "i", "w"])}]`);
      const id = await anExecution(client, flow);
      const worker = await aHandWorker(client);
      const held = await worker.drain({}, { holds: ({ taskId }) => taskId === "a" });
      await callOne(client, "reprise_api.kill_execution", { execution_id: id });
      await worker.finish(held.map(({ begun }) => ({ attemptId: begun.attempt_id as string })));
      const before = ["= KILLED", "a SUCCESS", "g KILLED", "i KILLED", "w SUCCESS"];
      assert.deepEqual((await linesOf(client, id)).sort(), before);
      for (const anchor of ["task:w", "task:i", "task:a", "failed"]) {
        const replay = await aReplay(client, id, { anchors: [anchor] });
        await worker.drain();
        const lines = ["= SUCCESS", "a SUCCESS", "g SUCCESS", "i SUCCESS", "j SUCCESS", "w SUCCESS"];
        assert.deepEqual((await linesOf(client, replay.id)).sort(), lines, `from ${anchor}`);
      }
    }));
});
