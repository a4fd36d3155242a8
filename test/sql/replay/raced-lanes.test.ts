import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { anEndedExecution, anExecution, aPlan, aReplay } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type HandRun, type Scripted } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "../blocks/block-flows.ts";

const db = await testDatabase();

const failsInX = ({ taskId, begun }: HandRun): Scripted =>
  taskId === "f" && ["x", "1,x"].includes(String(begun.iteration_path)) ? "FAILED" : "SUCCESS";

/** What a replay from `anchor` plans of lanes that had not begun beside a block that fails again, and which of them run at last. */
async function unbegunOf(list: string, anchor: string, of: RegExp) {
  return await db.inTransaction(async (client) => {
    const id = await anExecution(client, await aBlockFlow(client, `tasks: [${list}]`));
    const worker = await aHandWorker(client);
    // What stands beside the failure takes its time.
    const held = await worker.drain(failsInX, {
      holds: ({ taskId, begun }) => taskId === "a" || String(begun.iteration_path) === "2",
    });
    await worker.finish(held.map((run) => worker.outcome(run, failsInX)));
    await worker.drain(failsInX);
    const { tasks } = await aPlan(client, id, { anchors: [anchor] });
    const planned = tasks.map(
      ({ task_id, iteration_path, disposition, reason, because_of }) =>
        `${task_id}${iteration_path === null ? "" : `[${iteration_path}]`} ${disposition}${disposition === "UNKNOWN" ? ` ${reason} ${because_of}` : ""}`,
    );
    const replay = await aReplay(client, id, { anchors: [anchor] });
    await worker.drain({});
    const ran = await linesOf(client, replay.id);
    assert.equal(ran.at(-1), "= FAILED");
    return { planned: planned.filter((line) => of.test(line)), ran: ran.filter((line) => of.test(line)) };
  });
}

const inner = block("l", "ForEach", `concurrencyLimit: 0, values: [x, w], tasks: [${log("p")}, ${log("f")}]`);

describe("a replay of a block that goes on beside a lane that fails again", () => {
  it("has those lanes begin for which there is room at once, and others perhaps", async () => {
    const lanes = block(
      "par",
      "Parallel",
      `concurrent: 2, tasks: [${inner}, ${["a", "b", "c", "d"].map((id) => log(id)).join(", ")}]`,
    );
    const { planned, ran } = await unbegunOf(lanes, 'task:p["w"]', /^[a-d] /);
    const begun = planned.filter((line) => / CARRIED/.test(line)).length;
    assert.ok(begun < 3, planned.join());
    assert.deepEqual(
      planned.slice(begun),
      ["a NEW", "b NEW", "c NEW", "d NEW"]
        .slice(begun)
        .map((line, place) => (place === 0 ? line : line.replace("NEW", "UNKNOWN decided l"))),
    );
    assert.ok(ran.length > begun, ran.join());
  });

  it("has all of them begin that stand before it", async () => {
    const before = block("s", "Sequential", `tasks: [${log("a")}, ${log("b")}]`);
    const lanes = block("par", "Parallel", `concurrent: 1, tasks: [${before}, ${inner}, ${log("c")}]`);
    const { planned } = await unbegunOf(lanes, "task:b", /^[a-c] /);
    assert.deepEqual(planned, ["a CARRIED", "b RERUN", "c NOT_REACHED"]);
  });

  it("holds for iterations, and all that is in them", async () => {
    const body = block("par", "Parallel", `tasks: [${log("p")}, ${inner.replace(/\bp\b/, "q")}]`);
    const outer = block("o", "ForEach", `concurrencyLimit: 2, values: [1, 2, 3, 4], tasks: [${body}]`);
    const { planned } = await unbegunOf(outer, 'task:p["1"]', /^(par|p)\[/);
    for (const line of planned.filter((one) => /\[4\]/.test(one))) assert.match(line, /UNKNOWN decided par$/);
    assert.ok(planned.some((one) => /\[4\]/.test(one)));
  });

  it("has all begin at once where there is no limit", async () => {
    const lanes = block("par", "Parallel", `tasks: [${inner}, ${log("a")}, ${log("b")}]`);
    const { planned } = await unbegunOf(lanes, 'task:p["w"]', /^[ab] /);
    assert.deepEqual(planned, ["a CARRIED", "b CARRIED"]);
  });

  for (const limit of ["", "concurrent: 2, "])
    for (const isFirst of [false, true])
      it(`has what depends on a lane that is to run begin perhaps, ${limit}${isFirst ? "before it" : "behind it"}`, async () => {
        const last = `{ task: ${log("d")}, dependsOn: [b] }`;
        const parts = [
          `{ task: ${inner} }`,
          `{ task: ${log("a")} }`,
          `{ task: ${log("b")}, dependsOn: [a] }`,
        ];
        const all = isFirst ? [last, ...parts] : [...parts, last];
        const dag = block("dag", "Dag", `${limit}tasks: [${all.join(", ")}]`);
        const { planned, ran } = await unbegunOf(dag, 'task:p["w"]', /^[abd] /);
        assert.deepEqual(planned.toSorted(), ["a CARRIED", "b NEW", "d UNKNOWN decided l"]);
        assert.ok(ran.includes("b SUCCESS"), ran.join());
      });

  for (const limit of ["", "concurrent: 2, "])
    it(`has nothing begin behind the anchor beside a failure that is carried, ${limit || "without a limit"}`, () =>
      db.inTransaction(async (client) => {
        const parts = [
          `{ task: ${log("f")} }`,
          `{ task: ${log("h")} }`,
          `{ task: ${log("n")}, dependsOn: [h] }`,
        ];
        const dag = block("dag", "Dag", `${limit}tasks: [${parts.join(", ")}]`);
        const id = await anEndedExecution(client, await aBlockFlow(client, `tasks: [${dag}]`), {
          f: "FAILED",
        });
        const { tasks } = await aPlan(client, id, { anchors: ["task:h"] });
        assert.deepEqual(
          tasks.map(({ task_id, disposition, reason }) => `${task_id} ${disposition} ${reason}`),
          ["dag REOPENED around", "f CARRIED_FAILED failed", "h RERUN anchor", "n NOT_REACHED held_back"],
        );
        const replay = await aReplay(client, id, { anchors: ["task:h"] });
        await (await aHandWorker(client)).drain({});
        assert.deepEqual(await linesOf(client, replay.id), [
          "dag FAILED",
          "f FAILED",
          "h SUCCESS",
          "= FAILED",
        ]);
      }));

  it("has nothing begin that depends on the failure", async () => {
    const parts = [
      `{ task: ${inner} }`,
      `{ task: ${log("a")} }`,
      `{ task: ${log("b")}, dependsOn: [a] }`,
      `{ task: ${log("d")}, dependsOn: [b, l] }`,
    ];
    const { planned } = await unbegunOf(
      block("dag", "Dag", `tasks: [${parts.join(", ")}]`),
      'task:p["w"]',
      /^[abd] /,
    );
    assert.deepEqual(planned, ["a CARRIED", "b NEW", "d NOT_REACHED"]);
  });
});
