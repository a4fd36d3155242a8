import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { anEndedExecution, aReplay, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type HandRun } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "./block-flows.ts";

const db = await testDatabase();
const script = ({ taskId, begun }: HandRun) =>
  taskId === "a" && begun.iteration_path?.[0] === "y" ? "FAILED" : {};

describe("outputs of an iteration that fails its Loop", () => {
  for (const [handlers, handled] of [
    [`errors: [${log("e")}]`, ["e[y]"]],
    [`finally: [${log("f")}]`, ["f[x]", "f[y]"]],
    [`errors: [${log("e")}], finally: [${log("f")}]`, ["e[y]", "f[x]", "f[y]"]],
  ] as const)
    it(`are not rendered behind ${handled.join(" and ")}, nor in a replay from there`, () =>
      db.inTransaction(async (client) => {
        const gives = 'outputs: [{ id: made, type: STRING, value: "{{ outputs.a.value }}" }]';
        const loop = block(
          "l",
          "Loop",
          `values: [x, y], concurrencyLimit: 0, ${handlers}, ${gives}, tasks: [${log("a")}]`,
        );
        const id = await anEndedExecution(client, await aBlockFlow(client, `tasks: [${loop}]`), script);
        const lines = [
          "= FAILED",
          "a[x] SUCCESS",
          "a[y] FAILED",
          ...handled.map((name) => `${name} SUCCESS`),
          "l FAILED",
          "l_outputs[x] SUCCESS",
        ];
        assert.deepEqual((await linesOf(client, id)).toSorted(), lines);
        const last = (await taskRunsOf(client, id))[handled.at(-1)?.[0] as string];
        const replay = await aReplay(client, id, { anchors: [last?.id as string] });
        await (await aHandWorker(client)).drain(script);
        assert.deepEqual((await linesOf(client, replay.id)).toSorted(), lines);
      }));
});
