import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callOne } from "../../../src/db/call.ts";
import { anEndedExecution, anExecution, aReplay, executionOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type Scripted } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "./block-flows.ts";

const db = await testDatabase();
const after = `afterExecution: [${block("s", "Parallel", `tasks: [${log("x")}, ${log("y")}]`)}, ${log("z")}]`;

describe("what runs after an execution", () => {
  it("begins when it has ended, and changes nothing about that", () =>
    db.inTransaction(async (client) => {
      const flow = await aBlockFlow(client, `tasks: [${log("a")}]\n${after}`);
      const id = await anExecution(client, flow);
      const worker = await aHandWorker(client);
      await worker.drain({}, { rounds: 1 });
      const ended = await executionOf(client, id);
      assert.equal(ended.state, "SUCCESS");
      assert.equal(ended.is_finishing, true);
      await worker.drain({ x: "FAILED" });
      assert.deepEqual(await linesOf(client, id), [
        "a SUCCESS",
        "s FAILED",
        "x FAILED",
        "y SUCCESS",
        "z SUCCESS",
        "= SUCCESS",
      ]);
      assert.deepEqual(await executionOf(client, id), { ...ended, is_finishing: false });
    }));

  it("sees how it ended", () =>
    db.inTransaction(async (client) => {
      const flow = await aBlockFlow(
        client,
        `tasks: [${log("a")}]\nerrors: [${log("e")}]\noutputs: [{ id: said, type: STRING, value: yes }]\nafterExecution: [${log("z")}]`,
      );
      const seen: unknown[] = [];
      await anEndedExecution(client, flow, ({ taskId, begun }) => {
        if (taskId === "z") seen.push(begun.execution_state, begun.execution_outputs);
        return taskId === "a" ? "FAILED" : { outputs: { said: "yes" } };
      });
      assert.deepEqual(seen, ["FAILED", { said: "yes" }]);
    }));

  it("runs after a kill too, and is not killed with it", () =>
    db.inTransaction(async (client) => {
      const id = await anExecution(
        client,
        await aBlockFlow(client, `tasks: [${log("a")}, ${log("b")}]\n${after}`),
      );
      await callOne(client, "reprise_api.kill_execution", { execution_id: id });
      await (await aHandWorker(client)).drain({});
      assert.deepEqual(await linesOf(client, id), [
        "a KILLED",
        "s SUCCESS",
        "x SUCCESS",
        "y SUCCESS",
        "z SUCCESS",
        "= KILLED",
      ]);
    }));

  for (const state of ["SUCCESS", "WARNING", "FAILED", "CANCELLED", "KILLED"])
    it(`goes on behind an Exit as ${state}, which ends nothing but itself`, () =>
      db.inTransaction(async (client) => {
        const exit = (id: string) => `{ id: ${id}, type: io.kestra.plugin.core.execution.Exit }`;
        const flow = await aBlockFlow(
          client,
          `tasks: [${log("a")}]\nafterExecution: [${block("s", "Parallel", `tasks: [${exit("x")}, ${exit("y")}, ${log("w")}]`)}, ${log("z")}]`,
        );
        const exits = { state: "RUNNING", outputs: { exit: state } } satisfies Scripted;
        const id = await anEndedExecution(client, flow, { x: exits, y: exits });
        assert.deepEqual(await linesOf(client, id), [
          "a SUCCESS",
          `s ${state}`,
          `x ${state}`,
          `y ${state}`,
          "w SUCCESS",
          "z SUCCESS",
          "= SUCCESS",
        ]);
        assert.equal((await executionOf(client, id)).is_finishing, false);

        const replay = await aReplay(client, id, { anchors: ["task:z"] });
        await (await aHandWorker(client)).drain({ x: exits, y: exits });
        assert.deepEqual(
          (await linesOf(client, replay.id)).toSorted(),
          (await linesOf(client, id)).toSorted(),
        );
      }));

  it("is replayed alone, and a restart of that runs again the Exit that had ended a block in its handler", () =>
    db.inTransaction(async (client) => {
      const exit = "{ id: h, type: io.kestra.plugin.core.execution.Exit, state: FAILED }";
      const inner = block("i", "Sequential", `tasks: [${log("a")}], finally: [${exit}]`);
      const flow = await aBlockFlow(
        client,
        `tasks: [${block("o", "Sequential", `tasks: [${inner}, ${log("b")}]`)}]\nafterExecution: [${log("z")}]`,
      );
      const exits = { h: { state: "RUNNING", outputs: { exit: "FAILED" } } } satisfies Record<
        string,
        Scripted
      >;
      const id = await anEndedExecution(client, flow, exits);
      const ended = ["o FAILED", "i FAILED", "a SUCCESS", "h FAILED", "z SUCCESS", "= FAILED"];
      assert.deepEqual(await linesOf(client, id), ended);

      const replay = await aReplay(client, id, { anchors: ["task:z"] });
      const worker = await aHandWorker(client);
      await worker.drain(exits);
      assert.deepEqual(await linesOf(client, replay.id), ended);
      await callOne(client, "reprise_api.restart_execution", { execution_id: replay.id });
      await worker.drain(exits);
      assert.deepEqual(await linesOf(client, replay.id), ended);
    }));

  it("goes on behind a Pause that is cancelled", () =>
    db.inTransaction(async (client) => {
      const pause = block("p", "Pause", "pauseDuration: PT1S, behavior: CANCEL");
      const id = await anEndedExecution(
        client,
        await aBlockFlow(client, `tasks: [${log("a")}]\nafterExecution: [${pause}, ${log("z")}]`),
      );
      assert.deepEqual(await linesOf(client, id), ["a SUCCESS", "p CANCELLED", "z SUCCESS", "= SUCCESS"]);
      assert.equal((await executionOf(client, id)).is_finishing, false);
    }));

  it("waits at a Pause until somebody resumes it", () =>
    db.inTransaction(async (client) => {
      const pause = block("p", "Pause", "onResume: [{ id: who, type: STRING }]");
      const flow = await aBlockFlow(client, `tasks: [${log("a")}]\nafterExecution: [${pause}, ${log("z")}]`);
      const id = await anEndedExecution(client, flow);
      const ended = await executionOf(client, id);
      const waits = async () =>
        (
          await client.query(
            "select w.kind, w.task_id from reprise_api.waits as w where w.execution_id = $1",
            [id],
          )
        ).rows;
      const resume = (inputs: unknown) =>
        callOne(client, "reprise_api.resume_execution", { execution_id: id, inputs });
      assert.deepEqual(await waits(), [{ kind: "PAUSE", task_id: "p" }]);
      await client.query("savepoint before");
      await assert.rejects(resume({}), { reason: "invalid_inputs" });
      await client.query("rollback to before");
      await resume({ who: "me" });
      assert.deepEqual(await waits(), []);
      await (await aHandWorker(client)).drain({});
      assert.deepEqual(await linesOf(client, id), ["a SUCCESS", "p SUCCESS", "z SUCCESS", "= SUCCESS"]);
      assert.deepEqual(await executionOf(client, id), { ...ended, is_finishing: false });
      await assert.rejects(resume({}), { code: "RP409", reason: "execution_not_paused" });
    }));

  it("is not purged or restarted away while it runs", () =>
    db.inTransaction(async (client) => {
      const id = await anExecution(client, await aBlockFlow(client, `tasks: [${log("a")}]\n${after}`));
      const worker = await aHandWorker(client);
      await worker.drain({ a: "FAILED" }, { rounds: 1 });
      const purge = async () =>
        (await callOne(client, "reprise_api.purge_executions", { execution_ids: [id] })).purged_count;
      assert.equal(await purge(), 0);
      await client.query("savepoint before");
      await assert.rejects(callOne(client, "reprise_api.restart_execution", { execution_id: id }), {
        code: "RP409",
        reason: "execution_not_ended",
      });
      await client.query("rollback to before");
      await worker.drain({});
      assert.equal(await purge(), 1);
    }));
});
