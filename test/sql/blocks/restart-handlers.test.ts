import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callOne } from "../../../src/db/call.ts";
import { anExecution, aReplay, executionOf, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, block, failing, linesOf, log } from "./block-flows.ts";

const db = await testDatabase();

describe("a restart leaves alone what failed among the handlers of a block that had ended well", () => {
  for (const [title, handler, inner] of [
    ["a task", log("f"), ["f FAILED"]],
    [
      "a task in an AllowFailure",
      block("w", "AllowFailure", `tasks: [${log("f")}]`),
      ["f FAILED", "w WARNING"],
    ],
    ["a task in a Sequential", block("w", "Sequential", `tasks: [${log("f")}]`), ["f FAILED", "w FAILED"]],
  ] as const)
    it(`where the execution was killed later: ${title}`, () =>
      db.inTransaction(async (client) => {
        const body = `tasks: [${block("s", "Sequential", `tasks: [${log("r")}], finally: [${handler}]`)}, ${log("z")}]`;
        const id = await anExecution(client, await aBlockFlow(client, body));
        const worker = await aHandWorker(client);
        const held = await worker.drain(failing("f 1"), { holds: ({ taskId }) => taskId === "z" });
        await callOne(client, "reprise_api.kill_execution", { execution_id: id });
        await worker.finish(
          held.map(({ begun }) => ({ attemptId: begun.attempt_id as string, state: "KILLED" })),
        );
        await callOne(client, "reprise_api.restart_execution", { execution_id: id });
        const ran: string[] = [];
        await worker.drain(({ taskId }) => {
          ran.push(taskId);
          return "SUCCESS";
        });
        assert.deepEqual(ran, ["z"]);
        const lines = ["= SUCCESS", ...inner, "r SUCCESS", "s SUCCESS", "z SUCCESS"].sort();
        assert.deepEqual((await linesOf(client, id)).sort(), lines);
      }));

  it("where something beside it failed, and where it would be tried again", () =>
    db.inTransaction(async (client) => {
      const retry = ", retry: { type: constant, interval: PT1S, maxAttempts: 2 }";
      const sequence = block("s", "Sequential", `tasks: [${log("r")}], finally: [${log("f", retry)}]`);
      const loop = block("d", "ForEach", `values: [1], tasks: [${log("q")}], finally: [${log("b")}]`);
      const body = `tasks: [${block("p", "Parallel", `tasks: [${log("g")}, ${sequence}, ${loop}]`)}]`;
      const id = await anExecution(client, await aBlockFlow(client, body));
      const worker = await aHandWorker(client);
      await worker.drain(failing("f 1", "f 2", "b 1", "g 1"));
      const rest = ["b FAILED", "d SUCCESS", "f FAILED"];
      assert.deepEqual((await linesOf(client, id)).sort(), [
        ...["= FAILED", ...rest, "g FAILED", "p FAILED", "q[1] SUCCESS", "r SUCCESS", "s SUCCESS"],
      ]);
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      await worker.drain();
      assert.deepEqual((await linesOf(client, id)).sort(), [
        ...["= SUCCESS", ...rest, "g SUCCESS", "p SUCCESS", "q[1] SUCCESS", "r SUCCESS", "s SUCCESS"],
      ]);
    }));

  const fails = block("b", "Sequential", `tasks: [${log("c")}, ${log("f")}]`);
  for (const [title, handler] of [
    ["a LoopUntil", block("u", "LoopUntil", `condition: true, tasks: [${log("a")}, ${fails}]`)],
    ["a Switch", block("u", "Switch", `value: x, cases: { x: [${log("a")}, ${fails}] }`)],
  ] as const)
    it(`with what had run in it: ${title}`, () =>
      db.inTransaction(async (client) => {
        const around = block("s", "Sequential", `tasks: [${log("r")}], finally: [${handler}]`);
        const body = `tasks: [${block("p", "Parallel", `tasks: [${around}, ${log("g")}]`)}, ${log("z")}]`;
        const id = await anExecution(client, await aBlockFlow(client, body));
        const worker = await aHandWorker(client);
        await worker.drain(failing("f 1", "z 1"));
        const kept = async (of: string) =>
          Object.entries(await taskRunsOf(client, of)).filter(([task]) => task !== "z");
        const was = await kept(id);
        assert.deepEqual(was.map(([task]) => task).sort(), ["a", "b", "c", "f", "g", "p", "r", "s", "u"]);
        const replay = await aReplay(client, id, { anchors: ["task:z"] });
        await worker.drain(failing("z 2"));
        const carried = await kept(replay.id);
        for (const [of, before] of [
          [id, was],
          [replay.id, carried],
        ] as const) {
          await callOne(client, "reprise_api.restart_execution", { execution_id: of });
          await worker.drain(failing());
          assert.equal((await executionOf(client, of)).state, "SUCCESS");
          assert.deepEqual(await kept(of), before);
        }
      }));
});

describe("a restart runs again", () => {
  it("a handler of an iteration that was killed in it", () =>
    db.inTransaction(async (client) => {
      const loop = block(
        "l",
        "Loop",
        `values: [1], tasks: [${log("a")}], finally: [${log("f")}, ${log("g")}]`,
      );
      const id = await anExecution(client, await aBlockFlow(client, `tasks: [${loop}]`));
      const worker = await aHandWorker(client);
      const held = await worker.drain({}, { holds: ({ taskId }) => taskId === "g" });
      await callOne(client, "reprise_api.kill_execution", { execution_id: id });
      await worker.finish(
        held.map(({ begun }) => ({ attemptId: begun.attempt_id as string, state: "KILLED" })),
      );
      const before = ["= KILLED", "a[1] SUCCESS", "f[1] SUCCESS", "g[1] KILLED", "l KILLED"];
      assert.deepEqual((await linesOf(client, id)).sort(), before);
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      await worker.drain();
      const after = ["= SUCCESS", "a[1] SUCCESS", "f[1] SUCCESS", "g[1] SUCCESS", "l SUCCESS"];
      assert.deepEqual((await linesOf(client, id)).sort(), after);
    }));
});
