import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aWrittenFlow } from "../../support/a-flow.ts";
import { anEndedExecution, anExecution, aReplay, executionOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type HandRun, type Scripted } from "../../support/hand-worker.ts";
import { aBlockFlow, block, log } from "../blocks/block-flows.ts";

const db = await testDatabase();

const set = (id: string) =>
  `{ id: ${id}, type: io.kestra.plugin.core.execution.SetVariables, variables: { x: ${id} } }`;
const unset = (id: string) =>
  `{ id: ${id}, type: io.kestra.plugin.core.execution.UnsetVariables, variables: [x] }`;

/** Who sets gives its own name. */
const script = ({ taskId }: HandRun): Scripted => {
  if (taskId.startsWith("b")) return "SUCCESS";
  const change = taskId.startsWith("u") ? { unset: ["x"] } : { set: { x: taskId } };
  return { state: "RUNNING", outputs: { change } };
};

describe("a change of variables that a revision has put in", () => {
  for (const [where, was, becomes, given] of [
    ["before the one that is carried", [set("a")], [set("n"), set("a")], "a"],
    ["between two", [set("a"), set("c")], [set("a"), set("n"), set("c")], "c"],
    ["behind them", [set("a"), set("c")], [set("a"), set("c"), set("n")], "n"],
    ["twice before it", [set("a")], [set("n"), set("m"), set("a")], "a"],
    ["before and behind it", [set("a")], [set("n"), set("a"), set("m")], "m"],
    [
      "in a block before it",
      [block("b1", "Sequential", `tasks: [${set("o")}]`), set("a")],
      [block("b1", "Sequential", `tasks: [${set("o")}, ${set("n")}]`), set("a")],
      "a",
    ],
    ["before it, to remove it", [set("a")], [unset("u"), set("a")], "a"],
    ["behind it, to remove it", [set("a")], [set("a"), unset("u")], undefined],
  ] as const)
    it(`comes ${where}`, () =>
      db.inTransaction(async (client) => {
        const body = (tasks: readonly string[]) => `tasks: [${[...tasks, log("b")].join(", ")}]`;
        const flow = await aBlockFlow(client, body(was));
        const id = await anEndedExecution(client, flow, script);
        const latest = await aWrittenFlow(
          client,
          `id: ${flow.id}\nnamespace: company.team\n${body(becomes)}`,
        );
        const replay = await aReplay(client, id, { anchors: ["task:b"], revision: "latest" });
        const fresh = await anExecution(client, latest);
        await (await aHandWorker(client)).drain(script);
        for (const each of [fresh, replay.id])
          assert.deepEqual(((await executionOf(client, each)).variables as { x?: string }).x, given);
      }));
});
