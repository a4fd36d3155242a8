import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aWrittenFlow } from "../../support/a-flow.ts";
import { anExecution, aPlan, aReplay } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "./block-flows.ts";

const db = await testDatabase();

describe("the plan of a replay from a block with a runIf", () => {
  it("leaves open what runs in it, and what handles its end", () =>
    db.inTransaction(async (client) => {
      const body = `tasks: [${block("s", "Sequential", `runIf: "{{ false }}", tasks: [${log("a")}], finally: [${log("f")}]`)}, ${log("c")}]`;
      const id = await anExecution(client, await aBlockFlow(client, body));
      await (await aHandWorker(client)).drain({});
      assert.deepEqual(await linesOf(client, id), ["s SKIPPED", "c SUCCESS", "= SUCCESS"]);
      assert.deepEqual((await aPlan(client, id, { anchors: ["start"] })).brief, {
        s: "RERUN anchor",
        a: "UNKNOWN decided s",
        f: "UNKNOWN decided s",
        c: "RERUN after s",
      });
    }));

  it("has it asked again for the sake of what a revision puts into it", () =>
    db.inTransaction(async (client) => {
      const body = (more: string) =>
        `id: skipped-block\nnamespace: company.team\ntasks: [${block("s", "Switch", `runIf: "{{ false }}", value: x, defaults: [${log("a")}${more}]`)}]`;
      const id = await anExecution(client, await aWrittenFlow(client, body("")));
      await (await aHandWorker(client)).drain({});
      await aWrittenFlow(client, body(`, ${log("b")}`));
      const replay = await aReplay(client, id, { anchors: ["auto"], revision: "latest" });
      await (await aHandWorker(client)).drain({});
      assert.deepEqual(await linesOf(client, replay.id), ["s SKIPPED", "= SUCCESS"]);
    }));
});

describe("replaying from inside of blocks", () => {
  const cases: [
    title: string,
    body: string,
    fails: string,
    anchor: string,
    plan: string[],
    ends: string[],
  ][] = [
    [
      "an iteration goes on, the others are carried, and what is behind the loop runs again",
      `tasks: [${block("l", "ForEach", `values: [1, 2, 3], tasks: [${log("a")}, ${log("b")}]`)}, ${log("c")}]`,
      "",
      'task:b["2"]',
      [
        "l REOPENED around",
        "a[1] CARRIED unchanged",
        "b[1] CARRIED unchanged",
        "a[2] CARRIED unchanged",
        "b[2] RERUN anchor",
        "a[3] CARRIED unchanged",
        "b[3] CARRIED unchanged",
        "c RERUN after l",
      ],
      [
        "l SUCCESS 1",
        "a[1] SUCCESS 1",
        "b[1] SUCCESS 1",
        "a[2] SUCCESS 1",
        "a[3] SUCCESS 1",
        "b[3] SUCCESS 1",
        "b[2] SUCCESS 2",
        "c SUCCESS 2",
        "= SUCCESS",
      ],
    ],
    [
      "a branch keeps its decision",
      `tasks: [${block("i", "If", `condition: true, then: [${log("a")}, ${log("b")}], else: [${log("c")}]`)}, ${log("d")}]`,
      "",
      "task:b",
      [
        "i REOPENED around",
        "a CARRIED unchanged",
        "b RERUN anchor",
        "c NOT_REACHED not_chosen i",
        "d RERUN after i",
      ],
      ["i SUCCESS 1", "a SUCCESS 1", "b SUCCESS 2", "d SUCCESS 2", "= SUCCESS"],
    ],
    [
      "what fails in another branch is carried as failed",
      `tasks: [${block("p", "Parallel", `tasks: [${log("a")}, ${log("b")}]`)}]\nerrors: [${log("e")}]`,
      "a",
      "task:b",
      ["p REOPENED around", "a CARRIED_FAILED failed", "b RERUN anchor", "e UNKNOWN handles"],
      ["p FAILED 1", "a FAILED 1", "b SUCCESS 2", "e SUCCESS 2", "= FAILED"],
    ],
    [
      "a block that is the anchor runs as a whole",
      `tasks: [${log("a")}, ${block("s", "Sequential", `tasks: [${log("b")}, ${block("l", "ForEach", `values: [1], tasks: [${log("c")}]`)}]`)}]`,
      "",
      "task:s",
      [
        "a CARRIED unchanged",
        "s RERUN anchor",
        "b RERUN inside s",
        "l RERUN inside s",
        "c[1] UNKNOWN decided l",
      ],
      ["a SUCCESS 1", "s SUCCESS 2", "b SUCCESS 2", "l SUCCESS 2", "c[1] SUCCESS 2", "= SUCCESS"],
    ],
    [
      "what a Dag has behind the anchor runs again",
      `tasks: [${block("g", "Dag", `tasks: [{ task: ${log("a")} }, { task: ${log("b")}, dependsOn: [a] }, { task: ${log("c")} }]`)}]`,
      "",
      "task:a",
      ["g REOPENED around", "a RERUN anchor", "b RERUN after a", "c CARRIED unchanged"],
      ["g SUCCESS 1", "c SUCCESS 1", "a SUCCESS 2", "b SUCCESS 2", "= SUCCESS"],
    ],
  ];
  for (const [title, body, fails, anchor, planned, ends] of cases)
    it(title, () =>
      db.inTransaction(async (client) => {
        const id = await anExecution(client, await aBlockFlow(client, body));
        const worker = await aHandWorker(client);
        await worker.drain(({ taskId, number }) => (taskId === fails && number === 1 ? "FAILED" : "SUCCESS"));
        const plan = await aPlan(client, id, { anchors: [anchor] });
        assert.deepEqual(
          plan.tasks.map((task) =>
            [
              task.task_id + (task.iteration_path === null ? "" : `[${task.iteration_path}]`),
              task.disposition,
              task.reason,
              task.because_of,
            ]
              .filter((word) => word !== null)
              .join(" "),
          ),
          planned,
        );
        const replay = await aReplay(client, id, { anchors: [anchor], plan_hash: plan.plan_hash as string });
        await worker.drain();
        assert.deepEqual(await linesOf(client, replay.id, true), ends);
      }),
    );
});
