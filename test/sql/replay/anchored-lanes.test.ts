import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { anEndedExecution, aPlan, aReplay } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type HandRun, type Scripted } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "../blocks/block-flows.ts";

const db = await testDatabase();

const [m, z] = [log("m"), log("z")];
const first = (run: HandRun): Scripted =>
  run.taskId === "f" && [undefined, "x"].includes(run.begun.iteration_path?.[0]) ? "FAILED" : "SUCCESS";

/** What a replay plans from a place that the original had not come to, since something else had failed, and how it ends. */
async function replayed(list: string, anchor: string, ...others: string[]) {
  return await db.inTransaction(async (client) => {
    const id = await anEndedExecution(client, await aBlockFlow(client, `tasks: [${list}, ${z}]`), first);
    const plan = await aPlan(client, id, { anchors: [anchor, ...others] });
    const planned = plan.tasks.map(
      ({ task_id, iteration_path, disposition }) =>
        `${task_id}${iteration_path === null ? "" : `[${iteration_path}]`} ${disposition}`,
    );
    if (!plan.is_runnable) return { planned, codes: plan.codes, ended: [] };
    const replay = await aReplay(client, id, { anchors: [anchor, ...others] });
    await (await aHandWorker(client)).drain({});
    return { planned, codes: plan.codes, ended: await linesOf(client, replay.id, true) };
  });
}

describe("a replay from a lane that had not begun, beside a failure that it carries", () => {
  for (const [type, values] of [
    ["ForEach", "values"],
    ["EachSequential", "value"],
    ["Loop", "values"],
  ] as const) {
    const loop = block("l", type, `${values}: [x, y, w], tasks: [${log("f")}, ${m}]`);

    it(`runs that iteration of a ${type}, and no other`, async () => {
      const outcome = await replayed(loop, 'task:f["y"]');
      const planned = ["f[x] CARRIED_FAILED", "m[x] NOT_REACHED", "f[y] RERUN", "m[y] RERUN"];
      assert.deepEqual(outcome.planned, [
        ...["l REOPENED", ...planned, "f[w] NOT_REACHED", "m[w] NOT_REACHED", "z NOT_REACHED"],
      ]);
      assert.deepEqual(outcome.codes, ["failure_carried"]);
      assert.deepEqual(outcome.ended, [
        ...[
          `l FAILED ${type === "Loop" ? 2 : 1}`,
          "f[x] FAILED 1",
          "f[y] SUCCESS 1",
          "m[y] SUCCESS 1",
          "= FAILED",
        ],
      ]);
      const mended = await replayed(loop, 'task:f["x"]', 'task:m["y"]');
      assert.ok(mended.ended.includes("m[y] SUCCESS 1"));
      assert.equal(mended.ended.at(-1), "= SUCCESS");
    });
  }

  it("runs from inside of a block in it", async () => {
    const inside = block("s", "Sequential", `tasks: [${log("g")}, ${m}]`);
    const loop = block("l", "ForEach", `values: [x, y], tasks: [${log("f")}, ${inside}]`);
    const outcome = await replayed(loop, 'task:m["y"]');
    assert.deepEqual(outcome.codes, ["failure_carried"]);
    assert.deepEqual(outcome.ended, [
      ...[
        "l FAILED 1",
        "f[x] FAILED 1",
        "f[y] SUCCESS 1",
        "s[y] SUCCESS 1",
        "g[y] SUCCESS 1",
        "m[y] SUCCESS 1",
        "= FAILED",
      ],
    ]);
  });

  it("runs that lane of a Parallel", async () => {
    const parallel = block("p", "Parallel", `concurrent: 1, tasks: [${log("f")}, ${m}, ${log("n")}]`);
    const outcome = await replayed(parallel, "task:n");
    assert.deepEqual(outcome.planned, [
      ...["p REOPENED", "f CARRIED_FAILED", "m NOT_REACHED", "n RERUN", "z NOT_REACHED"],
    ]);
    assert.deepEqual(outcome.ended, ["p FAILED 1", "f FAILED 1", "n SUCCESS 1", "= FAILED"]);
  });

  it("runs nothing of a Dag that waits for the failure", async () => {
    const dag = block(
      "d",
      "Dag",
      `tasks: [{ task: ${log("f")} }, { task: ${m}, dependsOn: [f] }, { task: ${log("n")} }]`,
    );
    const outcome = await replayed(dag, "task:m");
    assert.deepEqual(outcome.codes.toSorted(), ["failure_carried", "nothing_reached"]);
    const inside = await replayed(dag.replace(m, block("s", "Sequential", `tasks: [${m}]`)), "task:m");
    assert.deepEqual(inside.codes.toSorted(), ["failure_carried", "nothing_reached"]);
  });
});

describe("a replay from what handles a failure in an iteration that had none", () => {
  it("is refused", async () => {
    const loop = block("l", "Loop", `values: [y, w], tasks: [${m}], errors: [${log("e")}]`);
    assert.deepEqual((await replayed(loop, 'task:e["y"]')).codes, ["nothing_reached"]);
    const off = log("o", ", disabled: true");
    const empty = block("l", "Loop", `values: [y, w], tasks: [${off}], errors: [${log("e")}]`);
    assert.deepEqual((await replayed(empty, 'task:e["y"]')).codes, ["nothing_reached"]);
  });
});
