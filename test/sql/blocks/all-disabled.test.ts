import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { anEndedExecution, aPlan, aReplay, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "./block-flows.ts";

const db = await testDatabase();

const off = log("off", ", disabled: true");

/** Blocks with nothing in them that is enabled. */
const blocks: [type: string, body: string][] = [
  ["Sequential", `tasks: [${off}]`],
  ["Parallel", `tasks: [${off}]`],
  ["Dag", `tasks: [{ task: ${off} }]`],
  ["AllowFailure", `tasks: [${off}]`],
  ["ForEach", `values: [x, y], tasks: [${off}]`],
  ["EachParallel", `value: [x, y], tasks: [${off}]`],
  ["If", `condition: "{{ true }}", then: [${off}]`],
  ["Switch", `value: a, cases: { a: [${off}] }`],
  ["LoopUntil", `condition: "{{ false }}", tasks: [${off}]`],
  ["WorkingDirectory", `tasks: [${off}]`],
];

describe("a block in which all is disabled", () => {
  for (const [type, body] of blocks) {
    it(`ends well, behind what it runs finally: ${type}`, () =>
      db.inTransaction(async (client) => {
        const one = block("b", type, `${body}, finally: [${log("f")}]`);
        const id = await anEndedExecution(client, await aBlockFlow(client, `tasks: [${one}, ${log("z")}]`));
        assert.deepEqual(await linesOf(client, id), ["b SUCCESS", "f SUCCESS", "z SUCCESS", "= SUCCESS"]);
      }));
  }

  const loop = (rest: string, limit = "") =>
    block("l", "Loop", `values: [x, y], tasks: [${off}]${limit}, ${rest}`);

  it("has each iteration of a Loop run what it runs finally, and give its outputs", () =>
    db.inTransaction(async (client) => {
      const gives = 'outputs: [{ id: o, value: "{{ item.value }}" }]';
      const finallys = `finally: [${log("f")}, ${log("g")}]`;
      for (const limit of ["", ", concurrencyLimit: 0"]) {
        const one = loop(`errors: [${log("e")}], ${finallys}, ${gives}`, limit);
        const id = await anEndedExecution(client, await aBlockFlow(client, `tasks: [${one}, ${log("z")}]`));
        const lines = await linesOf(client, id);
        assert.deepEqual(lines.toSorted(), [
          "= SUCCESS",
          "f[x] SUCCESS",
          "f[y] SUCCESS",
          "g[x] SUCCESS",
          "g[y] SUCCESS",
          "l SUCCESS",
          "l_outputs[x] SUCCESS",
          "l_outputs[y] SUCCESS",
          "z SUCCESS",
        ]);
        assert.deepEqual((await taskRunsOf(client, id)).l?.outputs, {
          iterationCount: 2,
          runningIterations: 0,
          terminatedIterations: { SUCCESS: 2 },
          outputs: [
            { item: { value: "x", iteration: 0 }, outputs: { o: "x" } },
            { item: { value: "y", iteration: 1 }, outputs: { o: "y" } },
          ],
        });
      }
    }));

  it("is replayed from what an iteration of a Loop in it runs finally", () =>
    db.inTransaction(async (client) => {
      const one = loop(`finally: [${log("f")}, ${log("g")}]`);
      const id = await anEndedExecution(client, await aBlockFlow(client, `tasks: [${one}, ${log("z")}]`));
      const worker = await aHandWorker(client);
      for (const [anchor, after] of [
        [
          'task:g["y"]',
          [
            "f[x] SUCCESS 1",
            "f[y] SUCCESS 1",
            "g[x] SUCCESS 1",
            "g[y] SUCCESS 2",
            "l SUCCESS 1",
            "z SUCCESS 2",
          ],
        ],
        [
          'task:f["x"]',
          [
            "f[x] SUCCESS 2",
            "f[y] SUCCESS 1",
            "g[x] SUCCESS 2",
            "g[y] SUCCESS 1",
            "l SUCCESS 1",
            "z SUCCESS 2",
          ],
        ],
        [
          "task:l",
          [
            "f[x] SUCCESS 2",
            "f[y] SUCCESS 2",
            "g[x] SUCCESS 2",
            "g[y] SUCCESS 2",
            "l SUCCESS 2",
            "z SUCCESS 2",
          ],
        ],
        [
          "start",
          [
            "f[x] SUCCESS 2",
            "f[y] SUCCESS 2",
            "g[x] SUCCESS 2",
            "g[y] SUCCESS 2",
            "l SUCCESS 2",
            "z SUCCESS 2",
          ],
        ],
      ] as const) {
        const plan = await aPlan(client, id, { anchors: [anchor] });
        const replay = await aReplay(client, id, { anchors: [anchor] });
        await worker.drain();
        const lines = await linesOf(client, replay.id, true);
        assert.deepEqual(lines.toSorted(), ["= SUCCESS", ...after], anchor);
        // What the plan says for sure is what happens.
        for (const { task_id, iteration_path, disposition, attempt_number } of plan.tasks) {
          if (disposition === "UNKNOWN" || disposition === "NOT_REACHED" || disposition === "REMOVED")
            continue;
          const path = iteration_path === null ? "" : `[${iteration_path}]`;
          assert.ok(
            lines.includes(`${task_id}${path} SUCCESS ${attempt_number}`),
            `${anchor}: ${task_id}${path} ${disposition} ${attempt_number}`,
          );
        }
      }
    }));
});
