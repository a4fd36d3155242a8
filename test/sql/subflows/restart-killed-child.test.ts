import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { anExecution, executionOf, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type Script } from "../../support/hand-worker.ts";
import { aBlockFlow, block, failing, linesOf, log } from "../blocks/block-flows.ts";
import { childrenOf, subflow } from "./subflow-flows.ts";

const db = await testDatabase();
const restart = (client: ClientBase, execution_id: string) =>
  callOne(client, "reprise_api.restart_execution", { execution_id });
const kill = (client: ClientBase, execution_id: string) =>
  callOne(client, "reprise_api.kill_execution", { execution_id });
const sorted = async (client: ClientBase, id: string) => (await linesOf(client, id, true)).toSorted();

/** An execution that goes on in its parent, that one in its own: its last, which runs `x`, is killed by itself. */
async function aKilledLine(client: ClientBase, write: (task: string) => string, script: Script = {}) {
  const last = await aBlockFlow(client, `tasks: [${log("x")}]`);
  const middle = await aBlockFlow(client, `tasks: [${subflow("t", last)}, ${log("m")}]`);
  const id = await anExecution(client, await aBlockFlow(client, write(subflow("s", middle))));
  const worker = await aHandWorker(client);
  await worker.drain(script, { rounds: 2 });
  const below = (await childrenOf(client, id))[0]?.id as string;
  const deepest = (await childrenOf(client, below))[0]?.id as string;
  await kill(client, deepest);
  return { id, below, deepest, worker };
}

describe("restarting a child alone that was killed", () => {
  it("goes on in its parents, which run again what has run behind it", () =>
    db.inTransaction(async (client) => {
      const { id, below, deepest, worker } = await aKilledLine(
        client,
        (task) => `tasks: [${block("q", "Sequential", `tasks: [${task}, ${log("c")}]`)}, ${log("b")}]`,
      );
      await worker.drain();
      assert.deepEqual(await sorted(client, below), ["= KILLED", "m SUCCESS 1", "t KILLED 1"]);
      assert.deepEqual(await sorted(client, id), ["= KILLED", "b SUCCESS 1", "q KILLED 1", "s KILLED 1"]);
      await restart(client, deepest);
      await worker.drain();
      assert.deepEqual(await sorted(client, below), ["= SUCCESS", "m SUCCESS 2", "t SUCCESS 2"]);
      assert.deepEqual(await sorted(client, id), [
        ...["= SUCCESS", "b SUCCESS 2", "c SUCCESS 1", "q SUCCESS 1", "s SUCCESS 2"],
      ]);
      assert.deepEqual((await taskRunsOf(client, id)).s?.attempts, ["1 KILLED", "2 SUCCESS"]);
      assert.deepEqual(await childrenOf(client, id), [{ id: below, state: "SUCCESS" }]);
    }));

  it("leaves a parent as it is that failed by something else as well", () =>
    db.inTransaction(async (client) => {
      const script = failing("f 1");
      const { id, below, deepest, worker } = await aKilledLine(
        client,
        (task) => `tasks: [${task}, ${log("f")}]`,
        script,
      );
      await worker.drain(script);
      const was = ["= KILLED", "f FAILED 1", "s KILLED 1"];
      assert.deepEqual(await sorted(client, id), was);
      await restart(client, deepest);
      await worker.drain();
      assert.equal((await executionOf(client, below)).state, "SUCCESS");
      assert.deepEqual(await sorted(client, id), was);
      await restart(client, id);
      await worker.drain();
      assert.deepEqual(await sorted(client, id), ["= SUCCESS", "f SUCCESS 2", "s SUCCESS 2"]);
    }));

  it("goes on where another child beside it had failed, when both have ended well", () =>
    db.inTransaction(async (client) => {
      const script = failing("x 1");
      const { id, below, worker } = await aKilledLine(
        client,
        (task) => `tasks: [${block("p", "Parallel", `tasks: [${task}, ${task.replace("id: s", "id: o")}]`)}]`,
      );
      await worker.drain(script);
      assert.deepEqual(await sorted(client, id), ["= KILLED", "o FAILED 1", "p KILLED 1", "s KILLED 1"]);
      const other = (await childrenOf(client, id))[1]?.id as string;
      await restart(client, below);
      await worker.drain();
      assert.equal((await executionOf(client, id)).state, "KILLED");
      await restart(client, other);
      await worker.drain();
      assert.deepEqual(await sorted(client, id), ["= SUCCESS", "o SUCCESS 2", "p SUCCESS 1", "s SUCCESS 2"]);
    }));

  it("waits for the end of a parent that still goes on", () =>
    db.inTransaction(async (client) => {
      const { id, deepest, worker } = await aKilledLine(client, (task) => `tasks: [${task}, ${log("b")}]`);
      const [held] = await worker.drain({}, { holds: ({ taskId }) => taskId === "b" });
      await restart(client, deepest);
      await worker.drain();
      assert.deepEqual(await sorted(client, id), ["= RUNNING", "b RUNNING 1", "s KILLED 1"]);
      await client.query("select set_config('reprise.now', (now() + interval '1 minute')::text, true)");
      await callOne(client, "reprise_engine.reconcile_jobs", {});
      const { rows } = await client.query("select from graphile_worker.jobs where key like 'subflow:%'");
      assert.equal(rows.length, 0);
      await worker.finish([worker.outcome(held as NonNullable<typeof held>, {})]);
      await callOne(client, "reprise_engine.reconcile_jobs", {});
      await worker.drain();
      assert.deepEqual(await sorted(client, id), ["= SUCCESS", "b SUCCESS 2", "s SUCCESS 2"]);
    }));

  it("changes nothing in a parent that was killed itself, before its child or behind it", () =>
    db.inTransaction(async (client) => {
      const before = await aKilledLine(client, (task) => `tasks: [${task}, ${log("b")}]`);
      await kill(client, before.id);
      await before.worker.drain();
      const behind = await aKilledLine(client, (task) => `tasks: [${task}, ${log("b")}]`);
      const [held] = await behind.worker.drain({}, { holds: ({ taskId }) => taskId === "b" });
      await kill(client, behind.id);
      await behind.worker.finish([{ attemptId: held?.begun.attempt_id as string, state: "KILLED" }]);
      for (const { id, below, worker } of [before, behind]) {
        const was = await sorted(client, id);
        assert.equal(was[0], "= KILLED");
        await restart(client, below);
        await worker.drain();
        assert.equal((await executionOf(client, below)).state, "SUCCESS");
        assert.deepEqual(await sorted(client, id), was);
        const { rows } = await client.query("select from reprise.ended_subflows");
        assert.equal(rows.length, 0);
      }
    }));

  it("changes nothing in a parent that an Exit has ended as KILLED", () =>
    db.inTransaction(async (client) => {
      const exit = "{ id: e, type: io.kestra.plugin.core.execution.Exit }";
      const script: Script = { e: { state: "RUNNING", outputs: { exit: "KILLED" } } };
      const { id, below, deepest, worker } = await aKilledLine(
        client,
        (task) => `tasks: [${task}, ${exit}]`,
        script,
      );
      await worker.drain(script);
      const was = ["= KILLED", "e KILLED 1", "s KILLED 1"];
      assert.deepEqual(await sorted(client, id), was);
      await restart(client, deepest);
      await worker.drain();
      assert.equal((await executionOf(client, below)).state, "SUCCESS");
      assert.deepEqual(await sorted(client, id), was);
    }));
});
