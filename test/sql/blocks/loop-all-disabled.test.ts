import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, it } from "node:test";
import { aWrittenFlow } from "../../support/a-flow.ts";
import { anEndedExecution, aPlan, aReplay, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type HandRun } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "./block-flows.ts";

const db = await testDatabase();

const off = log("off", ", disabled: true");
const aLoop = (tasks: string, rest = "") =>
  `tasks: [${block("l", "Loop", `values: [x, y], concurrencyLimit: 0, tasks: [${tasks}]${rest}`)}, ${log("z")}]`;
const shown = (states: Record<string, number>) => ({
  iterationCount: 2,
  runningIterations: 0,
  terminatedIterations: states,
});

describe("the iterations of a Loop in which all is disabled", () => {
  for (const rest of ["", `, errors: [${log("e")}]`, `, finally: [${log("f")}]`])
    it(`have all ended well: ${rest === "" ? "nothing else" : rest.slice(2)}`, () =>
      db.inTransaction(async (client) => {
        const id = await anEndedExecution(client, await aBlockFlow(client, aLoop(off, rest)));
        assert.deepEqual((await taskRunsOf(client, id)).l?.outputs, shown({ SUCCESS: 2 }));
      }));

  it("are none where there are no values", () =>
    db.inTransaction(async (client) => {
      const flow = await aBlockFlow(client, aLoop(off).replace("[x, y]", "[]"));
      const id = await anEndedExecution(client, flow);
      assert.deepEqual((await taskRunsOf(client, id)).l?.outputs, {
        ...shown({}),
        iterationCount: 0,
      });
    }));

  for (const [which, from, to] of [
    ["the only task", log("off"), off],
    ["the only task, which had a handler", log("off"), `${off}], errors: [${log("e")}`],
    ["the only task, behind which something runs finally", log("off"), `${off}], finally: [${log("f")}`],
    ["the task behind another", `${log("a")}, ${log("off")}`, `${log("a")}, ${off}`],
    ["the task before another", `${log("off")}, ${log("a")}`, `${off}, ${log("a")}`],
  ] as const)
    it(`have ended well in a replay on a revision that disables what had failed, as planned: ${which}`, () =>
      db.inTransaction(async (client) => {
        const id = `flow-${randomUUID()}`;
        const save = (tasks: string) =>
          aWrittenFlow(client, `id: ${id}\nnamespace: company.team\n${aLoop(tasks)}`);
        const flow = await save(from);
        const fails = ({ taskId, begun }: HandRun) =>
          taskId === "off" && begun.iteration_path?.[0] === "y" ? "FAILED" : "SUCCESS";
        const original = await anEndedExecution(client, flow, fails);
        await save(to);
        const asked = { anchors: ["failed"], revision: "latest" };
        const { brief, tasks } = await aPlan(client, original, asked);
        assert.equal(brief.l, "REOPENED unstopped");
        const replay = await aReplay(client, original, asked);
        await (await aHandWorker(client)).drain();
        assert.deepEqual((await linesOf(client, replay.id, true))[0], "l SUCCESS 2");
        assert.equal(tasks.find(({ task_id }) => task_id === "l")?.attempt_number, 2);
        assert.deepEqual((await taskRunsOf(client, replay.id)).l?.outputs, shown({ SUCCESS: 2 }));
      }));
});
