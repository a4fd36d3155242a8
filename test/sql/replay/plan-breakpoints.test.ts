import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { anEndedExecution, aPlan, aReplay, executionOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, block, log } from "../blocks/block-flows.ts";

const db = await testDatabase();

/** What a plan says of each of these breakpoints: `a: …`. */
async function warningsOf(client: ClientBase, id: string, anchors: string[], breakpoints: string[]) {
  const { problems } = await aPlan(client, id, { anchors, breakpoints });
  return (problems ?? [])
    .filter((problem) => problem?.code === "breakpoint_not_reached")
    .map((problem) => problem?.message);
}

/** Each with where to start in it, and what to fail. */
const flows: [string, string, string][] = [
  [`tasks: [${log("a")}, ${log("b")}, ${log("c")}]`, "task:b", ""],
  [`tasks: [${log("a")}, ${log("b")}, ${log("c")}]`, "start", ""],
  [
    `tasks: [${block("s", "Sequential", `tasks: [${log("a")}, ${log("b")}], finally: [${log("f")}]`)}, ${log("c")}]`,
    "task:b",
    "",
  ],
  [
    `tasks: [${block("p", "Parallel", `tasks: [${log("a")}, ${log("b")}]`)}, ${log("c")}]\nerrors: [${log("e")}]`,
    "task:a",
    "b",
  ],
  [
    `tasks: [${block("l", "ForEach", `values: [x, y], tasks: [${log("a")}, ${log("b")}]`)}, ${log("c")}]`,
    'task:b["y"]',
    "",
  ],
  [
    `tasks: [${block("i", "If", `condition: true, then: [${log("a")}, ${log("b")}], else: [${log("d")}]`)}, ${log("c")}]`,
    "task:b",
    "",
  ],
  [
    `tasks: [${block("u", "LoopUntil", `condition: true, tasks: [${log("a")}, ${log("b")}]`)}, ${log("c")}]`,
    "task:b",
    "",
  ],
];

describe("the breakpoints of a plan", () => {
  it("are warned of where the replay does not stop, and of no others", () =>
    db.inTransaction(async (client) => {
      for (const [body, anchor, failing] of flows) {
        const id = await anEndedExecution(client, await aBlockFlow(client, body), { [failing]: "FAILED" });
        const worker = await aHandWorker(client);
        const { tasks } = await aPlan(client, id, { anchors: [anchor] });
        // What only the run decides is warned of as little as what runs.
        const planned = tasks.filter(({ disposition }) => disposition !== "UNKNOWN");
        for (const task of new Set(planned.map(({ task_id }) => task_id as string))) {
          const warnings = await warningsOf(client, id, [anchor], [task]);
          const replay = await aReplay(client, id, { anchors: [anchor], breakpoints: [task] });
          await worker.drain();
          const stops = (await executionOf(client, replay.id)).state === "BREAKPOINT";
          assert.equal(warnings.length, stops ? 0 : 1, `${body} from ${anchor}, before ${task}: ${warnings}`);
        }
      }
    }));

  it("say of the iterations that they name", () =>
    db.inTransaction(async (client) => {
      const loop = block("l", "ForEach", `values: [x, y], tasks: [${log("a")}, ${log("b")}]`);
      const id = await anEndedExecution(client, await aBlockFlow(client, `tasks: [${loop}]`));
      assert.deepEqual(
        await warningsOf(client, id, ['task:b["y"]'], ["l", 'b["x"]', 'b["y"]', 'a["y"]', 'a["w"]']),
        [
          "The replay does not stop before `l`: it goes on, and has begun in the original. Start there, or stop before what runs.",
          "The replay does not stop before `b`: it is carried. Start there, or stop before what runs.",
          "The replay does not stop before `a`: it is carried. Start there, or stop before what runs.",
          "The replay does not stop before `a`: no iteration has this value. Start there, or stop before what runs.",
        ],
      );
    }));

  it("say of values that the loops around may still find nothing", () =>
    db.inTransaction(async (client) => {
      const inner = block("l", "ForEach", `values: [x, y], tasks: [${log("a")}]`);
      const outer = block("o", "ForEach", `values: [p, q], tasks: [${log("s")}, ${inner}]`);
      const id = await anEndedExecution(client, await aBlockFlow(client, `tasks: [${outer}, ${log("z")}]`));
      for (const [anchor, count] of [
        ["task:z", 3],
        ['task:a["p","x"]', 3],
        ['task:s["p"]', 0],
        ["start", 0],
      ] as const) {
        const named = ['a["v"]', 'a["p","v"]', 'a["v","x"]'];
        assert.equal((await warningsOf(client, id, [anchor], named)).length, count, anchor);
      }
    }));

  it("are warned of where the task is disabled, and once where they are named twice", () =>
    db.inTransaction(async (client) => {
      const off = log("d", ", disabled: true");
      const around = block("s", "Sequential", `tasks: [${log("c")}], disabled: true`);
      const id = await anEndedExecution(
        client,
        await aBlockFlow(client, `tasks: [${log("a")}, ${off}, ${around}, ${log("b")}]`),
      );
      const named = ["d", "a", "c", "d", "a"];
      assert.deepEqual(
        await warningsOf(client, id, ["task:b"], named),
        [
          ["d", "it does not run"],
          ["a", "it is carried"],
          ["c", "it does not run"],
        ].map(
          ([task, why]) =>
            `The replay does not stop before \`${task}\`: ${why}. Start there, or stop before what runs.`,
        ),
      );
      assert.equal((await warningsOf(client, id, ["start"], ["d"])).length, 1);
    }));

  it("change nothing about its hash, and are refused as by a replay", () =>
    db.inTransaction(async (client) => {
      const id = await anEndedExecution(
        client,
        await aBlockFlow(client, `tasks: [${log("a")}, ${log("b")}]`),
      );
      const anchors = ["task:b"];
      const { plan_hash } = await aPlan(client, id, { anchors });
      assert.equal((await aPlan(client, id, { anchors, breakpoints: ["a"] })).plan_hash, plan_hash);
      await assert.rejects(aPlan(client, id, { anchors, breakpoints: ["nowhere"] }), {
        code: "RP422",
        reason: "breakpoint_not_in_revision",
      });
    }));
});
