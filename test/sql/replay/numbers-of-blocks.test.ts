import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { aWrittenFlow } from "../../support/a-flow.ts";
import { anEndedExecution, aPlan, aReplay } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, block, failing, linesOf, log } from "../blocks/block-flows.ts";

const db = await testDatabase();

const blocks = {
  Sequential: block("b", "Sequential", `tasks: [${log("a")}]`),
  Parallel: block("b", "Parallel", `tasks: [${log("a")}]`),
  Dag: block("b", "Dag", `tasks: [{ task: ${log("a")} }]`),
  AllowFailure: block("b", "AllowFailure", `tasks: [${log("a")}]`),
  If: block("b", "If", `condition: "{{ true }}", then: [${log("a")}]`),
};

/** The numbers that a plan gives to tasks, and those that the task runs of an execution are shown with. */
async function planned(client: ClientBase, id: string, anchor: string) {
  const { tasks } = await aPlan(client, id, { anchors: [anchor] });
  return Object.fromEntries(tasks.map((task) => [task.task_id, task.attempt_number]));
}

async function shown(client: ClientBase, id: string) {
  const { rows } = await client.query<{ task_id: string; attempt_number: number; attempts: number[] }>(
    `select r.task_id, r.attempt_number, array(select a.number from reprise_api.list_attempts(r.id) as a) as attempts
    from reprise_api.task_runs as r where r.execution_id = $1`,
    [id],
  );
  return {
    numbers: Object.fromEntries(rows.map((row) => [row.task_id, row.attempt_number])),
    attempts: Object.fromEntries(rows.map((row) => [row.task_id, row.attempts])),
  };
}

describe("attempt numbers of blocks", () => {
  for (const [type, body] of Object.entries(blocks)) {
    it(`go on in replays from the start, as those of what is in them: ${type}`, () =>
      db.inTransaction(async (client) => {
        const flow = await aBlockFlow(client, `tasks: [${body}]`);
        const id = await anEndedExecution(client, flow);
        const worker = await aHandWorker(client);
        assert.deepEqual((await shown(client, id)).numbers, { a: 1, b: 1 });

        const first = await aReplay(client, id, { anchors: ["start"] });
        await worker.drain();
        assert.deepEqual(await linesOf(client, first.id, true), ["b SUCCESS 2", "a SUCCESS 2", "= SUCCESS"]);
        assert.deepEqual(await planned(client, first.id, "start"), { a: 3, b: 3 });

        const second = await aReplay(client, first.id, { anchors: ["task:b"] });
        await worker.drain();
        assert.deepEqual(await shown(client, second.id), {
          numbers: { a: 3, b: 3 },
          attempts: { a: [1, 2, 3], b: [1, 2, 3] },
        });
      }));

    it(`stay where a replay goes on in them, carries them, or a restart goes on: ${type}`, () =>
      db.inTransaction(async (client) => {
        const flow = await aBlockFlow(client, `tasks: [${body}, ${log("z")}]`);
        const id = await anEndedExecution(client, flow, failing("a 1"));
        const worker = await aHandWorker(client);
        assert.equal((await planned(client, id, "task:a")).b, 1);
        const first = await aReplay(client, id, { anchors: ["start"] });
        await worker.drain(failing("z 1", "z 2"));
        const inside = await aReplay(client, first.id, { anchors: ["task:a"] });
        const behind = await aReplay(client, first.id, { anchors: ["task:z"] });
        for (const anchor of ["task:a", "task:z"])
          assert.equal((await planned(client, first.id, anchor)).b, 2);
        await callOne(client, "reprise_api.restart_execution", { execution_id: first.id });
        await worker.drain();
        for (const replay of [inside, behind, first])
          assert.equal((await shown(client, replay.id)).numbers.b, 2, replay.id);
        assert.deepEqual((await shown(client, behind.id)).attempts.b, [1, 2]);
      }));
  }

  it("go on in blocks that a restart begins anew", () =>
    db.inTransaction(async (client) => {
      const flow = await aBlockFlow(client, `tasks: [${log("z")}]\nerrors: [${blocks.Parallel}]`);
      const id = await anEndedExecution(client, flow, failing("z 1", "z 2"));
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      await (await aHandWorker(client)).drain(failing("z 2"));
      assert.deepEqual((await shown(client, id)).numbers, { a: 2, b: 2, z: 2 });
      assert.equal((await planned(client, id, "failed")).b, 3);
    }));

  it("begin in each iteration of a LoopUntil where those of the original ended", () =>
    db.inTransaction(async (client) => {
      const check = "checkFrequency: { maxIterations: 2, interval: PT0S }";
      const flow = await aBlockFlow(
        client,
        `tasks: [${block("l", "LoopUntil", `condition: "{{ false }}", ${check}, tasks: [${blocks.Sequential}]`)}]`,
      );
      const id = await anEndedExecution(client, flow);
      const replay = await aReplay(client, id, { anchors: ["start"] });
      await (await aHandWorker(client)).drain();
      const { numbers } = await shown(client, replay.id);
      assert.deepEqual([numbers.a, numbers.b], [2, 2]);
    }));

  it("stand in their order where a revision makes another block of it, whose attempts are stored", () =>
    db.inTransaction(async (client) => {
      const flow = await aBlockFlow(client, `tasks: [${blocks.Parallel}]`);
      const id = await anEndedExecution(client, flow);
      await aWrittenFlow(client, `id: ${flow.id}\nnamespace: ${flow.namespace}\ntasks: [${blocks.If}]`);
      const replay = await aReplay(client, id, { anchors: ["start"], revision: "latest" });
      await (await aHandWorker(client)).drain();
      assert.deepEqual((await shown(client, replay.id)).attempts, { a: [1, 2], b: [1, 2] });
    }));

  it("do not count what waits at a breakpoint", () =>
    db.inTransaction(async (client) => {
      const flow = await aBlockFlow(client, `tasks: [${blocks.Dag}]`);
      const id = await anEndedExecution(client, flow);
      const replay = await aReplay(client, id, { anchors: ["start"], breakpoints: ["b"] });
      assert.deepEqual(await shown(client, replay.id), { numbers: { b: 1 }, attempts: { b: [1] } });
      await callOne(client, "reprise_api.resume_execution", { execution_id: replay.id });
      await (await aHandWorker(client)).drain();
      assert.deepEqual((await shown(client, replay.id)).attempts, { a: [1, 2], b: [1, 2] });
    }));
});
