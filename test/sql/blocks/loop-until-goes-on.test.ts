import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { anEndedExecution, anExecution, aPlan, aReplay } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type Script } from "../../support/hand-worker.ts";
import { aBlockFlow, linesOf, log } from "./block-flows.ts";
import { aLoop, countOf, doneIn, iterationOf } from "./loop-flows.ts";

const db = await testDatabase();

const run = async (client: ClientBase, body: string, script: Script) =>
  await anEndedExecution(client, await aBlockFlow(client, body), script);

describe("an execution with a LoopUntil", () => {
  it("begins no iteration while it is being killed", () =>
    db.inTransaction(async (client) => {
      const loop = `{ id: l, type: io.kestra.plugin.core.flow.LoopUntil, condition: "{{ false }}", checkFrequency: { interval: PT1S }, tasks: [${log("a")}] }`;
      const flow = await aBlockFlow(
        client,
        `tasks: [{ id: p, type: io.kestra.plugin.core.flow.Parallel, tasks: [${loop}, ${log("k")}] }]`,
      );
      const id = await anExecution(client, flow);
      const worker = await aHandWorker(client);
      // The loop waits for its next iteration, and k runs.
      const [held] = await worker.drain({}, { rounds: 3, holds: ({ taskId }) => taskId === "k" });
      await callOne(client, "reprise_api.kill_execution", { execution_id: id });
      await client.query(
        "select set_config('reprise.now', (reprise_engine.clock() + interval '1 minute')::text, true)",
      );
      await callOne(client, "reprise_engine.wake_due", {});
      await worker.finish([{ attemptId: held?.begun.attempt_id as string, state: "KILLED" }]);
      assert.deepEqual(await linesOf(client, id), [
        "p KILLED",
        "l KILLED",
        "k KILLED",
        "a SUCCESS",
        "= KILLED",
      ]);
    }));

  it("keeps no file that only an iteration before has named", () =>
    db.inTransaction(async (client) => {
      const id = await anExecution(
        client,
        await aBlockFlow(client, aLoop("checkFrequency: { interval: PT1S }")),
      );
      const worker = await aHandWorker(client);
      // The loop begins, and its task has run once.
      await worker.drain(doneIn(2), { rounds: 2 });
      await client.query(
        `insert into reprise.files (id, uri, name, state, chunk_size, attempt_id, created_at)
        select gen_random_uuid(), 'kestra:///of-iteration-' || a.id, 'x', 'STORED', 1, a.id, now()
        from reprise.attempts as a join reprise.task_runs as r on r.id = a.task_run_id join reprise.tasks as t on t.key = r.task_key
        where r.execution_id = $1 and t.id = 'a'`,
        [id],
      );
      const count = async () =>
        (
          await client.query(
            "select count(*)::integer from reprise.files where uri like 'kestra:///of-iteration-%'",
          )
        ).rows[0].count;
      assert.equal(await count(), 1);
      await worker.drain(doneIn(2));
      assert.deepEqual(await countOf(client, id), { iterationCount: 2 });
      assert.equal(await count(), 0);
    }));

  it("is killed while the loop waits, and restarted where it was", () =>
    db.inTransaction(async (client) => {
      const flow = await aBlockFlow(client, aLoop("checkFrequency: { interval: PT10S }"));
      const worker = await aHandWorker(client);
      const id = await anExecution(client, flow);
      // The task, the condition: then it waits.
      await worker.drain(doneIn(3), { rounds: 3 });
      await callOne(client, "reprise_api.kill_execution", { execution_id: id, actor: null });
      assert.deepEqual(await linesOf(client, id), ["l KILLED", "a SUCCESS", "= KILLED"]);

      await callOne(client, "reprise_api.restart_execution", { execution_id: id, actor: null });
      await worker.drain(doneIn(3));
      assert.deepEqual(await linesOf(client, id), ["l SUCCESS", "a SUCCESS", "z SUCCESS", "= SUCCESS"]);
      assert.deepEqual(await countOf(client, id), { iterationCount: 3 });
    }));

  it("is restarted from the iteration that failed, and from the start where the maximum was reached", () =>
    db.inTransaction(async (client) => {
      const worker = await aHandWorker(client);
      const failed = await run(client, aLoop("checkFrequency: { interval: PT1S }"), (run) =>
        iterationOf(run) === 1 ? "FAILED" : { outputs: { done: false } },
      );
      await callOne(client, "reprise_api.restart_execution", { execution_id: failed, actor: null });
      await worker.drain(doneIn(3));
      assert.deepEqual(await countOf(client, failed), { iterationCount: 3 });

      const stopped = await run(
        client,
        aLoop("failOnMaxReached: true\n    checkFrequency: { interval: PT1S, maxIterations: 2 }"),
        doneIn(3),
      );
      await callOne(client, "reprise_api.restart_execution", { execution_id: stopped, actor: null });
      await worker.drain(doneIn(2));
      assert.deepEqual(await countOf(client, stopped), { iterationCount: 2 });
      assert.deepEqual(await linesOf(client, stopped), ["l SUCCESS", "a SUCCESS", "z SUCCESS", "= SUCCESS"]);
    }));

  it("is replayed from inside the last iteration, which goes on", () =>
    db.inTransaction(async (client) => {
      const worker = await aHandWorker(client);
      const id = await run(client, aLoop("checkFrequency: { interval: PT1S }", `, ${log("b")}`), doneIn(2));
      const plan = await aPlan(client, id, { anchors: ["task:b"] });
      assert.deepEqual(
        plan.tasks.map((task) => `${task.task_id} ${task.disposition}`),
        ["l REOPENED", "a UNKNOWN", "b RERUN", "z RERUN"],
      );
      const replay = await aReplay(client, id, { anchors: ["task:b"] });
      await worker.drain({}, { rounds: 8 });
      assert.deepEqual(await linesOf(client, replay.id), [
        "l SUCCESS",
        "a SUCCESS",
        "b SUCCESS",
        "z SUCCESS",
        "= SUCCESS",
      ]);
      assert.deepEqual(await countOf(client, replay.id), { iterationCount: 2 });
      assert.deepEqual(await linesOf(client, id), [
        "l SUCCESS",
        "a SUCCESS",
        "b SUCCESS",
        "z SUCCESS",
        "= SUCCESS",
      ]);
    }));

  it("is replayed from the loop, which counts from the start", () =>
    db.inTransaction(async (client) => {
      const worker = await aHandWorker(client);
      const id = await run(client, aLoop("checkFrequency: { interval: PT1S }"), doneIn(3));
      const replay = await aReplay(client, id, { anchors: ["task:l"] });
      await worker.drain(doneIn(2));
      assert.deepEqual(await countOf(client, replay.id), { iterationCount: 2 });
    }));

  it("has the attempt that the plan of a replay from inside of it says", () =>
    db.inTransaction(async (client) => {
      const body = aLoop("", `, ${log("b")}`);
      const id = await anEndedExecution(client, await aBlockFlow(client, body), doneIn(2));
      assert.ok((await linesOf(client, id, true)).includes("l SUCCESS 3"));
      const plan = await aPlan(client, id, { anchors: ["task:b"] });
      const [loop] = plan.tasks.filter(({ task_id }) => task_id === "l");
      const replay = await aReplay(client, id, { anchors: ["task:b"] });
      await (await aHandWorker(client)).drain({ a: { outputs: { done: true } } });
      assert.equal(loop?.disposition, "REOPENED");
      assert.ok((await linesOf(client, replay.id, true)).includes(`l SUCCESS ${loop?.attempt_number}`));
    }));

  const answers = { yes: { iterationCount: 2, isOver: true }, no: { iterationCount: 3, waitMs: 1000 } };
  for (const [answer, outputs] of Object.entries(answers)) {
    it(`is replayed from inside where a worker said ${answer} while it was being killed`, () =>
      db.inTransaction(async (client) => {
        const worker = await aHandWorker(client);
        const body = aLoop("checkFrequency: { interval: PT1S }", `, ${log("b")}`);
        const id = await anExecution(client, await aBlockFlow(client, body));
        const [held] = await worker.drain(doneIn(5), {
          holds: ({ taskId, number }) => taskId === "l" && number === 3,
        });
        await callOne(client, "reprise_api.kill_execution", { execution_id: id, actor: null });
        await worker.finish([{ attemptId: held?.begun.attempt_id as string, state: "RUNNING", outputs }]);
        assert.deepEqual(await linesOf(client, id), ["l KILLED", "a SUCCESS", "b SUCCESS", "= KILLED"]);
        assert.deepEqual(await countOf(client, id), { iterationCount: 2 });

        const ran: string[] = [];
        const replay = await aReplay(client, id, { anchors: ["task:b"] });
        await worker.drain((run) => {
          ran.push(`${run.taskId} ${iterationOf(run)}`);
          return doneIn(3)(run);
        });
        assert.deepEqual(ran, ["b 1", "a 2", "b 2", "z null"]);
        assert.deepEqual(await countOf(client, replay.id), { iterationCount: 3 });
      }));
  }

  const maxima = {
    "a maximum": "checkFrequency: { interval: PT1S, maxIterations: 2 }",
    "a maximum that fails it":
      "failOnMaxReached: true\n    checkFrequency: { interval: PT1S, maxIterations: 2 }",
    "a maximum of time": "checkFrequency: { interval: PT1S, maxDuration: PT1S }",
  };
  for (const [what, rest] of Object.entries(maxima)) {
    it(`is replayed from inside the last iteration where ${what} has ended it`, () =>
      db.inTransaction(async (client) => {
        const worker = await aHandWorker(client);
        const shows = `, { id: b, type: io.kestra.plugin.core.log.Log, message: "{{ outputs.l.iterationCount }} {{ outputs }}" }`;
        const id = await run(client, aLoop(rest, shows), { a: { outputs: { done: false } } });
        assert.deepEqual(await countOf(client, id), { iterationCount: 3 });

        const replayed = async (original: string) => {
          const ran: unknown[] = [];
          const replay = await aReplay(client, original, { anchors: ["task:b"] });
          await worker.drain(
            (inside) => {
              if (inside.taskId === "b") ran.push(iterationOf(inside), inside.outputs.l);
              return {};
            },
            { rounds: 1 },
          );
          // Time passes, as it had in the original.
          await client.query(
            "select set_config('reprise.now', (reprise_engine.clock() + interval '1 minute')::text, true)",
          );
          await worker.drain({ a: { outputs: { done: false } } }, { rounds: 8 });
          assert.deepEqual(ran, [1, { iterationCount: 2 }]);
          assert.deepEqual(await countOf(client, replay.id), { iterationCount: 3 });
          assert.deepEqual(
            (await linesOf(client, replay.id)).toSorted(),
            (await linesOf(client, id)).toSorted(),
          );
          return replay.id;
        };
        await replayed(await replayed(id));
      }));
  }

  it("is replayed in the iteration whose condition could not be asked", () =>
    db.inTransaction(async (client) => {
      const worker = await aHandWorker(client);
      const body = aLoop("checkFrequency: { interval: PT1S }", `, ${log("b")}`);
      const id = await run(client, body, (inside) => {
        if (inside.taskId !== "a") return {};
        return iterationOf(inside) === 1 ? {} : { outputs: { done: false } };
      });
      assert.deepEqual(await linesOf(client, id), ["l FAILED", "a SUCCESS", "b SUCCESS", "= FAILED"]);
      assert.deepEqual(await countOf(client, id), { iterationCount: 2 });
      const replay = await aReplay(client, id, { anchors: ["task:a"] });
      await worker.drain(doneIn(2));
      assert.deepEqual(await countOf(client, replay.id), { iterationCount: 2 });
    }));
});
