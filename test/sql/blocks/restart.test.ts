import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callOne } from "../../../src/db/call.ts";
import { aWrittenFlow } from "../../support/a-flow.ts";
import { anEndedExecution, anExecution, aReplay } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, block, directory, failing, linesOf, log } from "./block-flows.ts";

const db = await testDatabase();

describe("restarting an execution with blocks", () => {
  const cases: [title: string, body: string, fails: string, restarted: string[]][] = [
    [
      "goes on inside a Sequential, and drops what handled the failure",
      `tasks: [${block("s", "Sequential", `tasks: [${log("a")}, ${log("b")}, ${log("c")}], errors: [${log("e")}], finally: [${log("f")}]`)}, ${log("d")}]\nerrors: [${log("g")}]`,
      "b",
      ["s SUCCESS 1", "a SUCCESS 1", "b SUCCESS 2", "c SUCCESS 1", "f SUCCESS 2", "d SUCCESS 1", "= SUCCESS"],
    ],
    [
      "goes on with the iterations that a failure held back",
      `tasks: [${block("l", "ForEach", `values: [1, 2, 3], tasks: [${log("a")}, ${log("b")}]`)}]`,
      "b[2]",
      [
        "l SUCCESS 1",
        "a[1] SUCCESS 1",
        "b[1] SUCCESS 1",
        "a[2] SUCCESS 1",
        "b[2] SUCCESS 2",
        "a[3] SUCCESS 1",
        "b[3] SUCCESS 1",
        "= SUCCESS",
      ],
    ],
    [
      "runs only the failed branch of a Parallel",
      `tasks: [${block("p", "Parallel", `tasks: [${log("a")}, ${block("s", "Sequential", `tasks: [${log("b")}, ${log("c")}]`)}, ${log("d")}]`)}]`,
      "c",
      ["p SUCCESS 1", "s SUCCESS 1", "a SUCCESS 1", "d SUCCESS 1", "b SUCCESS 1", "c SUCCESS 2", "= SUCCESS"],
    ],
    [
      "goes on in a Dag with what waited for the failure",
      `tasks: [${block("g", "Dag", `tasks: [{ task: ${log("a")} }, { task: ${log("b")} }, { task: ${log("c")}, dependsOn: [a, b] }]`)}]`,
      "b",
      ["g SUCCESS 1", "a SUCCESS 1", "b SUCCESS 2", "c SUCCESS 1", "= SUCCESS"],
    ],
  ];
  for (const [title, body, fails, restarted] of cases)
    it(title, () =>
      db.inTransaction(async (client) => {
        const id = await anExecution(client, await aBlockFlow(client, body));
        const worker = await aHandWorker(client);
        await worker.drain(({ taskId, number, begun }) => {
          const name = taskId + (begun.iteration_path === null ? "" : `[${begun.iteration_path}]`);
          return name === fails && number === 1 ? "FAILED" : "SUCCESS";
        });
        assert.equal((await linesOf(client, id)).at(-1), "= FAILED");
        await callOne(client, "reprise_api.restart_execution", { execution_id: id });
        await worker.drain();
        assert.deepEqual(await linesOf(client, id, true), restarted);
      }),
    );

  it("lets what failed behind an allowed failure wait for its turn", () =>
    db.inTransaction(async (client) => {
      const allowed = block("f", "AllowFailure", `tasks: [${log("a")}]`);
      const flow = await aBlockFlow(
        client,
        `tasks: [${allowed}, ${block("p", "Parallel", `tasks: [${log("b")}]`)}]`,
      );
      const id = await anExecution(client, flow);
      const worker = await aHandWorker(client);
      await worker.drain({ a: "FAILED", b: "FAILED" });
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      const [held] = await worker.drain({}, { holds: ({ taskId }) => taskId === "a" });
      assert.deepEqual(await linesOf(client, id, true), [
        "f RUNNING 1",
        "a RUNNING 2",
        "p RUNNING 1",
        "b RESTARTED 1",
        "= RUNNING",
      ]);
      assert.equal(await callOne(client, "reprise_engine.reconcile_jobs", {}), 0);

      await worker.finish([{ attemptId: held?.begun.attempt_id as string }]);
      await worker.drain();
      assert.deepEqual(await linesOf(client, id, true), [
        "f SUCCESS 1",
        "a SUCCESS 2",
        "p SUCCESS 1",
        "b SUCCESS 2",
        "= SUCCESS",
      ]);
    }));

  const lanes = {
    "a Parallel": block("p", "Parallel", `tasks: [${block("f", "AllowFailure", `tasks: [${log("a")}]`)}]`),
    "a ForEach": block(
      "p",
      "ForEach",
      `values: [v], tasks: [${block("f", "AllowFailure", `tasks: [${log("a")}]`)}]`,
    ),
    "a Loop that transmits none": block(
      "p",
      "Loop",
      `values: [v], transmitFailed: false, tasks: [${log("a")}]`,
    ),
  };
  for (const [title, tasks] of Object.entries(lanes))
    it(`runs failures again that let their execution end well, in lanes of ${title}`, () =>
      db.inTransaction(async (client) => {
        const id = await anExecution(client, await aBlockFlow(client, `tasks: [${tasks}]`));
        const worker = await aHandWorker(client);
        await worker.drain({ a: "FAILED" });
        assert.notEqual((await linesOf(client, id)).at(-1), "= FAILED");
        await callOne(client, "reprise_api.restart_execution", { execution_id: id });
        await worker.drain();
        const lines = await linesOf(client, id);
        assert.match(lines.find((line) => line.startsWith("a")) ?? "", / SUCCESS$/);
        assert.equal(lines.at(-1), "= SUCCESS");
      }));

  it("ends a kill that comes before the blocks are opened again", () =>
    db.inTransaction(async (client) => {
      const flow = await aBlockFlow(
        client,
        `concurrency: { limit: 1 }\ntasks: [${block("s", "Sequential", `tasks: [${log("a")}]`)}]`,
      );
      const id = await anExecution(client, flow);
      const worker = await aHandWorker(client);
      await worker.drain({ a: "FAILED" });
      await anExecution(client, flow);
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      assert.deepEqual((await linesOf(client, id)).at(-1), "= QUEUED");
      await callOne(client, "reprise_api.kill_execution", { execution_id: id });
      assert.deepEqual(await linesOf(client, id), ["s KILLED", "a KILLED", "= KILLED"]);
    }));

  it("goes on after a kill", () =>
    db.inTransaction(async (client) => {
      const flow = await aBlockFlow(
        client,
        `tasks: [${block("p", "Parallel", `concurrent: 1, tasks: [${log("a")}, ${log("b")}]`)}]`,
      );
      const id = await anExecution(client, flow);
      const worker = await aHandWorker(client);
      const [held] = await worker.drain({}, { holds: ({ taskId }) => taskId === "a" });
      await callOne(client, "reprise_api.kill_execution", { execution_id: id });
      assert.deepEqual(await linesOf(client, id), ["p RUNNING", "a RUNNING", "= KILLING"]);
      await worker.finish([{ attemptId: held?.begun.attempt_id as string, state: "KILLED" }]);
      assert.deepEqual(await linesOf(client, id), ["p KILLED", "a KILLED", "= KILLED"]);
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      await worker.drain();
      assert.deepEqual(await linesOf(client, id), ["p SUCCESS", "a SUCCESS", "b SUCCESS", "= SUCCESS"]);
    }));

  for (const [what, inner, ends] of [
    ["a task", log("w"), ["w SUCCESS 2"]],
    [
      "a block",
      block("w", "Sequential", `tasks: [${log("b")}, ${log("c")}]`),
      ["w SUCCESS 1", "b SUCCESS 1", "c SUCCESS 2"],
    ],
    [
      "a WorkingDirectory",
      directory("w", [log("b"), log("c")]),
      ["w SUCCESS 2", "b SUCCESS 2", "c SUCCESS 2"],
    ],
  ] as const)
    it(`runs what a revision has put before ${what} first, which a replay carried as failed`, () =>
      db.inTransaction(async (client) => {
        const list = (...tasks: string[]) =>
          `tasks: [${block("p", "Parallel", `tasks: [${block("s", "Sequential", `tasks: [${tasks.join(", ")}]`)}, ${log("x")}]`)}]`;
        const flow = await aBlockFlow(client, list(inner));
        const id = await anEndedExecution(client, flow, failing("w 1", "c 1"));
        await aWrittenFlow(client, `id: ${flow.id}\nnamespace: company.team\n${list(log("n"), inner)}`);
        const replay = await aReplay(client, id, { anchors: ["task:x"], revision: "latest" });
        const worker = await aHandWorker(client);
        await worker.drain();
        await callOne(client, "reprise_api.restart_execution", { execution_id: replay.id });
        await worker.drain();
        assert.deepEqual(await linesOf(client, replay.id, true), [
          "p SUCCESS 1",
          "s SUCCESS 1",
          ...ends,
          "x SUCCESS 2",
          "n SUCCESS 1",
          "= SUCCESS",
        ]);
      }));
});
