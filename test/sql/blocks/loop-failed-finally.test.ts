import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { anEndedExecution, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import type { HandRun } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "./block-flows.ts";

const db = await testDatabase();
const script = ({ taskId, begun }: HandRun) =>
  taskId === "f" && begun.iteration_path?.[0] === "x" ? "FAILED" : {};

describe("what fails in the finally of an iteration", () => {
  for (const limit of [0, 1, 2])
    for (const task of [
      log("a"),
      `{ id: a, type: io.kestra.plugin.core.log.Log, message: x, disabled: true }`,
    ])
      it(`lets the others begin, ${limit === 0 ? "all" : limit} at once${task.includes("disabled") ? ", with nothing else in them" : ""}`, () =>
        db.inTransaction(async (client) => {
          const loop = block(
            "l",
            "Loop",
            `values: [x, y, z, w], concurrencyLimit: ${limit}, tasks: [${task}], finally: [${log("f")}]`,
          );
          const id = await anEndedExecution(
            client,
            await aBlockFlow(client, `tasks: [${loop}, ${log("b")}]`),
            script,
          );
          const lines = await linesOf(client, id);
          assert.deepEqual(lines.filter((line) => !line.startsWith("a")).toSorted(), [
            "= SUCCESS",
            "b SUCCESS",
            "f[w] SUCCESS",
            "f[x] FAILED",
            "f[y] SUCCESS",
            "f[z] SUCCESS",
            "l SUCCESS",
          ]);
          const { l } = await taskRunsOf(client, id);
          assert.deepEqual(
            (l?.outputs as { terminatedIterations?: unknown } | undefined)?.terminatedIterations,
            {
              SUCCESS: 4,
            },
          );
        }));
});
