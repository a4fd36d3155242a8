import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { aFlow, type TaskSpec } from "../../support/a-flow.ts";
import {
  anEndedExecution,
  anExecution,
  executionOf,
  statesOf,
  taskRunsOf,
} from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type Script } from "../../support/hand-worker.ts";

const db = await testDatabase();

async function run(client: ClientBase, tasks: (string | TaskSpec)[], script: Script) {
  const id = await anEndedExecution(client, await aFlow(client, tasks), script);
  return { id, states: await statesOf(client, id), runs: await taskRunsOf(client, id) };
}

describe("reprise_engine.finish_attempts", () => {
  it("records what came out and opens what comes next, with a job", () =>
    db.inTransaction(async (client) => {
      const id = await anExecution(client, await aFlow(client, ["a", "b"]));
      const worker = await aHandWorker(client);
      const [begun] = await worker.begin((await taskRunsOf(client, id)).a?.id as string);
      assert.equal((await executionOf(client, id)).state, "RUNNING");
      assert.deepEqual(
        await worker.finish([{ attemptId: begun?.attempt_id as string, outputs: { x: 1 } }]),
        [],
      );
      const { a, b } = await taskRunsOf(client, id);
      assert.deepEqual([a?.state, a?.outputs, a?.attempts], ["SUCCESS", { x: 1 }, ["1 SUCCESS"]]);
      assert.equal(b?.state, "CREATED");
      const { rowCount } = await client.query("select from graphile_worker.jobs where key = $1", [
        `task_run:${b?.id}`,
      ]);
      assert.equal(rowCount, 1);
    }));

  it("begins what comes next for a worker with room, without a job", () =>
    db.inTransaction(async (client) => {
      const id = await anExecution(client, await aFlow(client, ["a", { id: "b", reads: ["a"] }]));
      const worker = await aHandWorker(client);
      const [first] = await worker.begin((await taskRunsOf(client, id)).a?.id as string);
      const given = { attemptId: first?.attempt_id as string, outputs: { x: 1 } };
      const [next] = await worker.finish([given], 1);
      const { b } = await taskRunsOf(client, id);
      assert.equal(next?.task_run_id, b?.id);
      assert.deepEqual(next?.outputs, [["a", null, "SUCCESS", { x: 1 }]]);
      assert.deepEqual([b?.state, b?.attempts], ["RUNNING", ["1 RUNNING"]]);
      assert.equal(
        (await client.query("select from graphile_worker.jobs where key = $1", [`task_run:${b?.id}`]))
          .rowCount,
        0,
      );
      // Had its answer been lost, a second report would change nothing.
      assert.deepEqual(await worker.finish([given], 1), []);
    }));

  it("begins no more than there is room for, and only what the worker accepts", () =>
    db.inTransaction(async (client) => {
      const plain = await aFlow(client, ["a", "b"]);
      const other = await aFlow(client, ["a", { id: "b", type: "test.Other" }]);
      const ids = [
        await anExecution(client, plain),
        await anExecution(client, other),
        await anExecution(client, plain),
      ];
      const worker = await aHandWorker(client);
      const waiting = await Promise.all(
        ids.map(async (id) => (await taskRunsOf(client, id)).a?.id as string),
      );
      const begun = await worker.begin(...waiting);
      const next = await worker.finish(
        begun.map(({ attempt_id }) => ({ attemptId: attempt_id })),
        1,
      );
      assert.equal(next.length, 1);
      assert.notEqual(next[0]?.execution_id, ids[1]);
      const states: (string | undefined)[] = [];
      for (const id of ids) states.push((await taskRunsOf(client, id)).b?.state);
      assert.deepEqual(states.sort(), ["CREATED", "CREATED", "RUNNING"]);
    }));

  describe("gives a task only the outputs that it reads", () => {
    for (const [title, spec, expected] of [
      ["one", { id: "c", reads: ["a"] }, ["a"]],
      ["none", { id: "c" }, []],
      ["all of them when that cannot be told", { id: "c", readsAll: true }, ["a", "b", "c"]],
    ] as const) {
      it(title, () =>
        db.inTransaction(async (client) => {
          const seen: string[][] = [];
          await run(client, ["a", "b", spec as unknown as TaskSpec], ({ taskId, outputs }) => {
            if (taskId === "c") seen.push(Object.keys(outputs).sort());
            return "SUCCESS";
          });
          assert.deepEqual(seen, [expected]);
        }),
      );
    }
  });

  describe("ends an execution", () => {
    const b: TaskSpec = { id: "b" };
    const endings: [
      title: string,
      spec: TaskSpec,
      ending: string,
      task: string,
      execution: string,
      follows: boolean,
    ][] = [
      ["SUCCESS when all went well", b, "SUCCESS", "SUCCESS", "SUCCESS", true],
      ["WARNING when a task warned", b, "WARNING", "WARNING", "WARNING", true],
      ["FAILED at a failed task, without what follows", b, "FAILED", "FAILED", "FAILED", false],
      ["SUCCESS over a skipped task", b, "SKIPPED", "SKIPPED", "SUCCESS", true],
      [
        "WARNING over an allowed failure",
        { id: "b", allowFailure: true },
        "FAILED",
        "WARNING",
        "WARNING",
        true,
      ],
      [
        "SUCCESS over an allowed failure whose warning is allowed",
        { id: "b", allowFailure: true, allowWarning: true },
        "FAILED",
        "SUCCESS",
        "SUCCESS",
        true,
      ],
      [
        "SUCCESS over an allowed warning",
        { id: "b", allowWarning: true },
        "WARNING",
        "SUCCESS",
        "SUCCESS",
        true,
      ],
      [
        "FAILED when only warnings are allowed",
        { id: "b", allowWarning: true },
        "FAILED",
        "FAILED",
        "FAILED",
        false,
      ],
    ];
    for (const [title, spec, ending, task, execution, follows] of endings) {
      it(title, () =>
        db.inTransaction(async (client) => {
          const { id, states } = await run(client, ["a", spec, "c"], { b: ending as "SUCCESS" });
          assert.deepEqual(states, {
            execution,
            a: "SUCCESS",
            b: task,
            ...(follows ? { c: "SUCCESS" } : {}),
          });
          assert.notEqual((await executionOf(client, id)).ended_at, null);
        }),
      );
    }

    it("as the worst of its tasks ended", () =>
      db.inTransaction(async (client) => {
        const { states } = await run(client, ["a", "b"], { a: "WARNING", b: "FAILED" });
        assert.equal(states.execution, "FAILED");
      }));

    it("without what is disabled, in the middle and at the end", () =>
      db.inTransaction(async (client) => {
        const off = (id: string) => ({ id, isDisabled: true });
        const { states } = await run(client, ["a", off("b"), off("c"), "d", off("e")], {});
        assert.deepEqual(states, { execution: "SUCCESS", a: "SUCCESS", d: "SUCCESS" });
      }));
  });

  it("keeps no attempt of a skipped task run, and takes no number for it", () =>
    db.inTransaction(async (client) => {
      const { runs } = await run(client, ["a"], { a: "SKIPPED" });
      assert.deepEqual([runs.a?.attempt_number, runs.a?.try, runs.a?.attempts], [0, 0, []]);
    }));

  it("keeps what a failed attempt said of its error", () =>
    db.inTransaction(async (client) => {
      const error = { reason: "bad_row", message: "Row 3.", details: { row: 3 } };
      const { runs } = await run(client, ["a"], { a: { state: "FAILED", error } });
      assert.deepEqual(runs.a?.error, error);
    }));

  it("changes nothing for a late or a repeated result, nor for one from another worker", () =>
    db.inTransaction(async (client) => {
      const id = await anExecution(client, await aFlow(client, ["a", "b"]));
      const [mine, other] = [await aHandWorker(client), await aHandWorker(client)];
      const [begun] = await mine.begin((await taskRunsOf(client, id)).a?.id as string);
      const attemptId = begun?.attempt_id as string;

      await other.finish([{ attemptId, outputs: { stolen: true } }], 1);
      assert.equal((await taskRunsOf(client, id)).a?.state, "RUNNING");

      await mine.finish([{ attemptId, outputs: { x: 1 } }]);
      const before = [await taskRunsOf(client, id), await executionOf(client, id)];
      await mine.finish([{ attemptId, state: "FAILED", error: { reason: "late", message: "Late." } }], 1);
      await other.finish([{ attemptId, state: "KILLED" }], 1);
      assert.deepEqual([await taskRunsOf(client, id), await executionOf(client, id)], before);
    }));

  it("takes an attempt that is reported twice in one call once", () =>
    db.inTransaction(async (client) => {
      const id = await anExecution(client, await aFlow(client, ["a", "b"]));
      const worker = await aHandWorker(client);
      const [begun] = await worker.begin((await taskRunsOf(client, id)).a?.id as string);
      const attemptId = begun?.attempt_id as string;
      assert.equal((await worker.finish([{ attemptId }, { attemptId }], 2)).length, 1);
      assert.deepEqual((await taskRunsOf(client, id)).b?.attempts, ["1 RUNNING"]);
    }));
});

describe("reprise_engine.begin_attempts", () => {
  it("begins a task run once, whoever asks and however often", () =>
    db.inTransaction(async (client) => {
      const id = await anExecution(client, await aFlow(client, ["a"]));
      const [one, two] = [await aHandWorker(client), await aHandWorker(client)];
      const a = (await taskRunsOf(client, id)).a?.id as string;
      assert.equal((await one.begin(a, a)).length, 1);
      assert.deepEqual(await two.begin(a), []);
      assert.deepEqual(await one.begin(a), []);
      assert.deepEqual((await taskRunsOf(client, id)).a?.attempts, ["1 RUNNING"]);
    }));

  it("knows nothing of task runs that are not there", () =>
    db.inTransaction(async (client) => {
      assert.deepEqual(await (await aHandWorker(client)).begin("999999999"), []);
      assert.deepEqual(await (await aHandWorker(client)).begin(), []);
    }));

  it("tells when the execution began", () =>
    db.inTransaction(async (client) => {
      const id = await anExecution(client, await aFlow(client, ["a"]));
      assert.equal((await executionOf(client, id)).started_at, null);
      await (await aHandWorker(client)).begin((await taskRunsOf(client, id)).a?.id as string);
      assert.notEqual((await executionOf(client, id)).started_at, null);
    }));
});
