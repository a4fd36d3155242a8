import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callOne } from "../../../src/db/call.ts";
import { anExecution } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "./block-flows.ts";
import { replayed } from "./replayed.ts";

const db = await testDatabase();

const sequential = (id: string, tasks: string[], rest = "") =>
  block(id, "Sequential", `tasks: [${tasks}]${rest}`);

describe("a replay of what was killed while the last task of a block ran", () => {
  it("ends the block, and goes on behind it", () =>
    db.inTransaction(async (client) => {
      const choice = block(
        "c",
        "If",
        `condition: "{{ false }}", then: [${log("no")}], else: [${log("yes")}]`,
      );
      const parallel = block("p", "Parallel", `tasks: [${log("b")}]`);
      const dag = block(
        "g",
        "Dag",
        `concurrent: 1, tasks: [{ task: ${parallel} }, { task: ${choice}, dependsOn: [p] }, { task: ${log("i")}, dependsOn: [p, c] }]`,
      );
      for (const block of [dag, sequential("g", [choice, log("i")])]) {
        for (const behind of [[], [log("n")]]) {
          const id = await anExecution(client, await aBlockFlow(client, `tasks: [${[block, ...behind]}]`));
          const worker = await aHandWorker(client);
          const [last] = await worker.drain({}, { holds: ({ taskId }) => taskId === "i" });
          await callOne(client, "reprise_api.kill_execution", { execution_id: id });
          await worker.finish([{ attemptId: last?.begun.attempt_id as string }]);
          const before = await linesOf(client, id);
          assert.ok(before.includes("g KILLED") && before.includes("i SUCCESS"), before.join());
          const { lines } = await replayed(client, id, "failed");
          assert.deepEqual(
            lines.filter((line) => !line.endsWith("SUCCESS")),
            [],
          );
          assert.equal(lines.includes("n SUCCESS"), behind.length > 0);
        }
      }
    }));
});

describe("a replay of what was killed while a block found out what to run", () => {
  for (const [title, inner, tasks] of [
    ["Switch", block("b", "Switch", `value: "x", cases: { x: [${log("t")}] }, defaults: [${log("u")}]`), "t"],
    ["If", block("b", "If", `condition: "{{ true }}", then: [${log("t")}], else: [${log("u")}]`), "t"],
    ["ForEach", block("b", "ForEach", `values: [x, y], tasks: [${log("t")}]`), "t[x] t[y]"],
    ["Parallel with a condition", block("b", "Parallel", `runIf: "{{ true }}", tasks: [${log("t")}]`), "t"],
  ] as const)
    it(`asks the ${title} again, wherever it starts, and says so`, () =>
      db.inTransaction(async (client) => {
        const body = `tasks: [${block("p", "Parallel", `tasks: [${log("a")}, ${inner}]`)}, ${log("n")}]`;
        // Whoever was asked is stopped, or has just found it out.
        for (const isReported of [false, true]) {
          for (const anchor of ["failed", "task:a", "task:n"]) {
            const id = await anExecution(client, await aBlockFlow(client, body));
            const worker = await aHandWorker(client);
            const [asked] = await worker.drain({}, { holds: ({ taskId }) => taskId === "b" });
            await callOne(client, "reprise_api.kill_execution", { execution_id: id });
            assert.ok(asked);
            const attemptId = asked.begun.attempt_id;
            await worker.finish([isReported ? worker.outcome(asked, {}) : { attemptId, state: "KILLED" }]);
            const { plan, lines } = await replayed(client, id, anchor);
            if (!isReported || title === "ForEach")
              assert.match(plan[2] as string, /^b RERUN/, `${anchor}: ${plan.join()}`);
            const expected = ["a", "b", "n", "p", ...tasks.split(" ")].map((name) => `${name} SUCCESS`);
            assert.deepEqual(lines, ["= SUCCESS", ...expected]);
          }
        }
      }));

  it("keeps what has ended in one that had found it out", () =>
    db.inTransaction(async (client) => {
      const loop = block("b", "ForEach", `values: [x, y], tasks: [${log("t")}]`);
      const id = await anExecution(client, await aBlockFlow(client, `tasks: [${loop}]`));
      const worker = await aHandWorker(client);
      const [last] = await worker.drain({}, { holds: ({ taskId }) => taskId === "t" });
      await callOne(client, "reprise_api.kill_execution", { execution_id: id });
      await worker.finish([{ attemptId: last?.begun.attempt_id as string }]);
      assert.deepEqual(await linesOf(client, id), ["b KILLED", "t[x] SUCCESS", "= KILLED"]);
      const { plan, lines } = await replayed(client, id, "failed");
      assert.deepEqual(plan, ["b REOPENED not_ended", "t[x] CARRIED unchanged", "t[y] NEW not_reached"]);
      assert.deepEqual(lines, ["= SUCCESS", "b SUCCESS", "t[x] SUCCESS", "t[y] SUCCESS"]);
    }));
});
