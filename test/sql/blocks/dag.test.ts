import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { anExecution, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "./block-flows.ts";

const db = await testDatabase();

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
        const flow = await aBlockFlow(
          client,
          `tasks: [${block("g", "Dag", `tasks: [{ task: ${log("a")} }, { task: ${inside} }, { task: ${log("c")}, dependsOn: [b] }]`)}]`,
        );
        const id = await anExecution(client, flow);
        const worker = await aHandWorker(client);
        // Both are begun, and reported together.
        await worker.drain({}, { rounds: 1 });
        assert.equal((await taskRunsOf(client, id)).a?.state, "SUCCESS");
        await worker.drain();
        const lines = ["= SUCCESS", "a SUCCESS", "b SUCCESS", "c SUCCESS", "g SUCCESS", ...inner];
        assert.deepEqual((await linesOf(client, id)).sort(), lines);
      }));
});
