import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callOne } from "../../../src/db/call.ts";
import { aWrittenFlow } from "../../support/a-flow.ts";
import { anExecution, aPlan, aReplay } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type Script } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "./block-flows.ts";

const db = await testDatabase();

const flowHandlers = `errors: [${log("e1")}, ${log("e2")}]
finally: [${log("f1")}, ${log("f2")}]
afterExecution: [${log("x1")}, ${log("x2")}]`;
const sequence = `tasks: [${log("a")}, ${log("b")}, ${log("c")}]\n${flowHandlers}`;
const inBlock = `tasks: [${block("s", "Sequential", `tasks: [${log("a")}, ${log("b")}, ${log("c")}], errors: [${log("e1")}, ${block("t", "Sequential", `tasks: [${log("e2")}, ${log("e3")}]`)}], finally: [${log("f1")}]`)}, ${log("d")}]`;

interface Case {
  title: string;
  body: string;
  script?: Script;
  anchor: string;
  plan: string[];
  ends: string[];
}

const cases: Case[] = [
  {
    title: "the second handler of a failure of the flow",
    body: sequence,
    script: { b: "FAILED" },
    anchor: "task:e2",
    plan: [
      ...["a CARRIED", "b CARRIED_FAILED", "c NOT_REACHED", "e1 CARRIED", "e2 RERUN"],
      ...["f1 RERUN", "f2 RERUN", "x1 RERUN", "x2 RERUN"],
    ],
    ends: [
      ...["a SUCCESS 1", "b FAILED 1", "e1 SUCCESS 1", "e2 SUCCESS 2", "f1 SUCCESS 2", "f2 SUCCESS 2"],
      ...["x1 SUCCESS 2", "x2 SUCCESS 2", "= FAILED"],
    ],
  },
  {
    title: "a handler behind one that failed itself",
    body: sequence,
    script: { b: "FAILED", e1: "FAILED" },
    anchor: "task:e2",
    plan: [
      ...["a CARRIED", "b CARRIED_FAILED", "c NOT_REACHED", "e1 CARRIED", "e2 RERUN"],
      ...["f1 RERUN", "f2 RERUN", "x1 RERUN", "x2 RERUN"],
    ],
    ends: [
      ...["a SUCCESS 1", "b FAILED 1", "e1 FAILED 1", "e2 SUCCESS 2", "f1 SUCCESS 2", "f2 SUCCESS 2"],
      ...["x1 SUCCESS 2", "x2 SUCCESS 2", "= FAILED"],
    ],
  },
  {
    title: "what runs at the end of the flow",
    body: sequence,
    anchor: "task:f2",
    plan: [
      ...[
        "a CARRIED",
        "b CARRIED",
        "c CARRIED",
        "e1 NOT_REACHED",
        "e2 NOT_REACHED",
        "f1 CARRIED",
        "f2 RERUN",
      ],
      ...["x1 RERUN", "x2 RERUN"],
    ],
    ends: [
      ...["a SUCCESS 1", "b SUCCESS 1", "c SUCCESS 1", "f1 SUCCESS 1", "f2 SUCCESS 2"],
      ...["x1 SUCCESS 2", "x2 SUCCESS 2", "= SUCCESS"],
    ],
  },
  {
    title: "what runs after a failed execution",
    body: sequence,
    script: { b: "FAILED" },
    anchor: "task:x2",
    plan: [
      ...[
        "a CARRIED",
        "b CARRIED_FAILED",
        "c NOT_REACHED",
        "e1 CARRIED",
        "e2 CARRIED",
        "f1 CARRIED",
        "f2 CARRIED",
      ],
      ...["x1 CARRIED", "x2 RERUN"],
    ],
    ends: [
      ...["a SUCCESS 1", "b FAILED 1", "e1 SUCCESS 1", "e2 SUCCESS 1", "f1 SUCCESS 1", "f2 SUCCESS 1"],
      ...["x1 SUCCESS 1", "x2 SUCCESS 2", "= FAILED"],
    ],
  },
  {
    title: "a task in a block among the handlers of a block",
    body: inBlock,
    script: { b: "FAILED" },
    anchor: "task:e3",
    plan: [
      ...[
        "s REOPENED",
        "a CARRIED",
        "b CARRIED_FAILED",
        "c NOT_REACHED",
        "e1 CARRIED",
        "t REOPENED",
        "e2 CARRIED",
      ],
      ...["e3 RERUN", "f1 RERUN", "d NOT_REACHED"],
    ],
    ends: [
      ...[
        "s FAILED 1",
        "a SUCCESS 1",
        "b FAILED 1",
        "e1 SUCCESS 1",
        "t SUCCESS 1",
        "e2 SUCCESS 1",
        "e3 SUCCESS 2",
      ],
      ...["f1 SUCCESS 2", "= FAILED"],
    ],
  },
  {
    title: "the end of a block that ended well",
    body: inBlock,
    anchor: "task:f1",
    plan: [
      ...[
        "s REOPENED",
        "a CARRIED",
        "b CARRIED",
        "c CARRIED",
        "e1 NOT_REACHED",
        "t NOT_REACHED",
        "e2 NOT_REACHED",
      ],
      ...["e3 NOT_REACHED", "f1 RERUN", "d RERUN"],
    ],
    ends: [
      ...[
        "s SUCCESS 1",
        "a SUCCESS 1",
        "b SUCCESS 1",
        "c SUCCESS 1",
        "f1 SUCCESS 2",
        "d SUCCESS 2",
        "= SUCCESS",
      ],
    ],
  },
];

describe("a replay from inside of handlers", () => {
  it("runs all handlers where what they handle runs again", () =>
    db.inTransaction(async (client) => {
      const id = await anExecution(client, await aBlockFlow(client, sequence));
      const worker = await aHandWorker(client);
      const [held] = await worker.drain({}, { holds: ({ taskId }) => taskId === "b" });
      await callOne(client, "reprise_api.kill_execution", { execution_id: id });
      await worker.finish([{ attemptId: held?.begun.attempt_id as string, state: "KILLED" }]);
      await worker.drain();
      const { tasks } = await aPlan(client, id, { anchors: ["task:x2"] });
      assert.deepEqual(
        tasks.map((task) => `${task.task_id} ${task.disposition}`),
        [
          ...["a CARRIED", "b RERUN", "c NEW", "e1 UNKNOWN", "e2 UNKNOWN"],
          ...["f1 RERUN", "f2 RERUN", "x1 RERUN", "x2 RERUN"],
        ],
      );
    }));
});

describe("a replay from inside of handlers: from", () => {
  for (const { title, body, script = {}, anchor, plan: planned, ends } of cases)
    it(title, () =>
      db.inTransaction(async (client) => {
        const id = await anExecution(client, await aBlockFlow(client, body));
        const worker = await aHandWorker(client);
        await worker.drain(script);
        const plan = await aPlan(client, id, { anchors: [anchor] });
        assert.deepEqual(
          plan.tasks.map((task) => `${task.task_id} ${task.disposition}`),
          planned,
        );
        assert.ok(plan.is_runnable);
        const replay = await aReplay(client, id, { anchors: [anchor], plan_hash: plan.plan_hash as string });
        await worker.drain({});
        assert.deepEqual(await linesOf(client, replay.id, true), ends);
      }),
    );
});

describe("what handles an end", () => {
  it("runs again after an execution that will end otherwise, since a block goes on that had been killed", () =>
    db.inTransaction(async (client) => {
      const body = `tasks: [${block("p", "Parallel", `tasks: [${log("f")}, ${log("s")}]`)}]\nafterExecution: [${log("x1")}, ${log("x2")}]`;
      const id = await anExecution(client, await aBlockFlow(client, body));
      const worker = await aHandWorker(client);
      const held = await worker.drain({ f: "FAILED" }, { holds: ({ taskId }) => taskId === "s" });
      await callOne(client, "reprise_api.kill_execution", { execution_id: id });
      await worker.finish(
        held.map(({ begun }) => ({ attemptId: begun.attempt_id as string, state: "KILLED" })),
      );
      await worker.drain();
      const plan = await aPlan(client, id, { anchors: ["task:x2"] });
      assert.deepEqual([plan.brief.x1, plan.brief.x2], ["RERUN handles", "RERUN handles"]);
    }));

  it("runs in an iteration that was killed when all in it had ended", () =>
    db.inTransaction(async (client) => {
      const loop = block("l", "Loop", `values: [1, 2], tasks: [${log("a")}], finally: [${log("f")}]`);
      const id = await anExecution(client, await aBlockFlow(client, `tasks: [${loop}]`));
      const worker = await aHandWorker(client);
      const held = await worker.drain({}, { holds: ({ taskId }) => taskId === "a" });
      await callOne(client, "reprise_api.kill_execution", { execution_id: id });
      await worker.finish(held.map(({ begun }) => ({ attemptId: begun.attempt_id as string })));
      assert.deepEqual((await linesOf(client, id)).sort(), ["= KILLED", "a[1] SUCCESS", "l KILLED"]);
      const plan = await aPlan(client, id, { anchors: ["failed"] });
      const said = plan.tasks.map(
        ({ task_id, iteration_path, disposition }) => `${task_id}[${iteration_path}] ${disposition}`,
      );
      assert.deepEqual(said.sort(), [
        ...["a[1] CARRIED", "a[2] NEW", "f[1] NEW", "f[2] RERUN", "l[null] REOPENED"],
      ]);
      const replay = await aReplay(client, id, { anchors: ["failed"] });
      await worker.drain();
      assert.deepEqual((await linesOf(client, replay.id)).sort(), [
        ...["= SUCCESS", "a[1] SUCCESS", "a[2] SUCCESS", "f[1] SUCCESS", "f[2] SUCCESS", "l SUCCESS"],
      ]);
    }));

  const changed: [title: string, before: string, after: string, anchors: string[], ran: string[]][] = [
    [
      "that ended",
      `finally: [${log("h")}]`,
      `finally: [${log("h", ", description: x").replace("hi", "other")}]`,
      ["h"],
      ["h"],
    ],
    [
      "that ended, with something new",
      `finally: [${log("h")}]`,
      `finally: [${log("h")}, ${log("k")}]`,
      ["k"],
      ["k"],
    ],
    [
      "that has handled nothing",
      `errors: [${log("h")}]`,
      `errors: [${log("h").replace("hi", "other")}]`,
      [],
      [],
    ],
  ];
  for (const [title, before, after, anchors, ran] of changed)
    for (const [where, wrap] of [
      ["a block", (rest: string) => `tasks: [${block("s", "Sequential", `tasks: [${log("a")}], ${rest}`)}]`],
      ["the flow", (rest: string) => `tasks: [${log("a")}]\n${rest}`],
    ] as const)
      it(`is what auto starts from in ${where} ${title}, where a revision changes it`, () =>
        db.inTransaction(async (client) => {
          const flow = await aBlockFlow(client, wrap(before));
          const id = await anExecution(client, flow);
          const worker = await aHandWorker(client);
          await worker.drain();
          await aWrittenFlow(client, `id: ${flow.id}\nnamespace: company.team\n${wrap(after)}`);
          const plan = await aPlan(client, id, { anchors: ["auto"], revision: "latest" });
          assert.deepEqual(plan.codes, anchors.length === 0 ? ["nothing_to_replay"] : []);
          if (anchors.length === 0) return;
          await aReplay(client, id, { anchors: ["auto"], revision: "latest" });
          const seen: string[] = [];
          await worker.drain(({ taskId }) => {
            seen.push(taskId);
            return "SUCCESS";
          });
          assert.deepEqual(seen, ran);
        }));

  it("is planned as what the block does that it stands in", () =>
    db.inTransaction(async (client) => {
      const handler = block("s", "Sequential", `tasks: [${log("e")}]`);
      const id = await anExecution(
        client,
        await aBlockFlow(client, `tasks: [${log("a")}]\nerrors: [${handler}]`),
      );
      await (await aHandWorker(client)).drain({ a: "FAILED" });
      const { brief } = await aPlan(client, id, { anchors: ["task:a"] });
      assert.match(brief.e ?? "", /^UNKNOWN inside s/);
    }));
});
