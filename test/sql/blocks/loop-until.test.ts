import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { anEndedExecution, anExecution, aPlan, aReplay } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type HandRun, type Script } from "../../support/hand-worker.ts";
import { aBlockFlow, linesOf, log } from "./block-flows.ts";

const db = await testDatabase();

/** A loop over `a`, until `a` has made `done`. */
function aLoop(rest = "", more = "", type = "LoopUntil"): string {
  return `tasks:
  - id: l
    type: io.kestra.plugin.core.flow.${type}
    condition: "{{ outputs.a.done }}"
    ${rest}
    tasks: [${log("a")}${more}]
  - ${log("z")}`;
}

/** `a` is done in its nth iteration. */
const doneIn =
  (nth: number): Script =>
  (run) =>
    run.taskId === "a" ? { outputs: { done: iterationOf(run) === nth - 1 } } : {};

function iterationOf({ begun }: HandRun): number | null {
  return begun.loop_iteration;
}

async function countOf(client: ClientBase, executionId: string): Promise<unknown> {
  const { rows } = await client.query(
    "select outputs from reprise_api.task_runs where execution_id = $1 and task_id = 'l'",
    [executionId],
  );
  return rows[0].outputs;
}

const run = async (client: ClientBase, body: string, script: Script) =>
  await anEndedExecution(client, await aBlockFlow(client, body), script);

describe("LoopUntil", () => {
  it("goes through its tasks until the condition holds, and waits in between", () =>
    db.inTransaction(async (client) => {
      const id = await run(client, aLoop("checkFrequency: { interval: PT10S }"), doneIn(3));
      assert.deepEqual(await linesOf(client, id), ["l SUCCESS", "a SUCCESS", "z SUCCESS", "= SUCCESS"]);
      assert.deepEqual(await countOf(client, id), { iterationCount: 3 });
      const { rows } = await client.query(
        "select extract(epoch from ended_at - started_at)::integer as took from reprise.executions where id = $1",
        [id],
      );
      assert.equal(rows[0].took, 20);
    }));

  it("looks at the condition only behind an iteration, and shows its number inside", () =>
    db.inTransaction(async (client) => {
      const seen: unknown[] = [];
      const body = `tasks:
        - { id: l, type: io.kestra.plugin.core.flow.WaitFor, condition: "{{ outputs.a.count == '3' and outputs.l.iterationCount == 3 }}",
            tasks: [{ id: a, type: io.kestra.plugin.core.log.Log, message: "{{ outputs.l.iterationCount }}" }] }`;
      const id = await run(client, body, (run) => {
        seen.push([run.outputs.l, iterationOf(run)]);
        return { outputs: { count: String(seen.length) } };
      });
      assert.deepEqual(await linesOf(client, id), ["l SUCCESS", "a SUCCESS", "= SUCCESS"]);
      assert.deepEqual(seen, [
        [{ iterationCount: 1 }, 0],
        [{ iterationCount: 2 }, 1],
        [{ iterationCount: 3 }, 2],
      ]);
    }));

  it("ends at its maximum, well or badly", () =>
    db.inTransaction(async (client) => {
      const well = await run(client, aLoop("checkFrequency: { maxIterations: 3 }"), doneIn(10));
      assert.deepEqual(await linesOf(client, well), ["l SUCCESS", "a SUCCESS", "z SUCCESS", "= SUCCESS"]);
      assert.deepEqual(await countOf(client, well), { iterationCount: 4 });

      const badly = await run(
        client,
        aLoop(
          "failOnMaxReached: true\n    checkFrequency: { interval: PT1M, maxDuration: PT3M }\n    errors: [" +
            log("e") +
            "]",
        ),
        doneIn(10),
      );
      assert.deepEqual(await linesOf(client, badly), ["l FAILED", "a SUCCESS", "= FAILED"]);
      assert.deepEqual(await countOf(client, badly), { iterationCount: 5 });
    }));

  it("ends at the first iteration in which something fails", () =>
    db.inTransaction(async (client) => {
      const body = aLoop(`errors: [${log("e")}]\n    finally: [${log("f")}]`, `, ${log("b")}`);
      const id = await run(client, body, (run) =>
        run.taskId === "b" && iterationOf(run) === 1 ? "FAILED" : { outputs: { done: false } },
      );
      assert.deepEqual(await linesOf(client, id), [
        "l FAILED",
        "a SUCCESS",
        "b FAILED",
        "e SUCCESS",
        "f SUCCESS",
        "= FAILED",
      ]);
    }));

  it("runs its finally once, behind the last iteration, and is warned by what is in that", () =>
    db.inTransaction(async (client) => {
      const body = aLoop(`finally: [${log("f")}]`, `, ${log("b", ", allowFailure: true")}`);
      const id = await run(client, body, (run) =>
        run.taskId === "b" ? "FAILED" : { outputs: { done: iterationOf(run) === 1 } },
      );
      assert.deepEqual(await linesOf(client, id), [
        "l WARNING",
        "a SUCCESS",
        "b WARNING",
        "f SUCCESS",
        "z SUCCESS",
        "= WARNING",
      ]);
    }));

  it("starts the blocks in it anew in each iteration", () =>
    db.inTransaction(async (client) => {
      const nested = (n: number, inner: string) =>
        `{ id: l${n}, type: io.kestra.plugin.core.flow.LoopUntil, condition: "{{ outputs.l${n}.iterationCount >= 3 }}", checkFrequency: { interval: PT1S }, tasks: [${log(`a${n}`)}, ${inner}] }`;
      const id = await run(client, `tasks: [${nested(1, nested(2, nested(3, log("leaf"))))}]`, {});
      assert.deepEqual(await linesOf(client, id), [
        "l1 SUCCESS",
        "a1 SUCCESS",
        "l2 SUCCESS",
        "a2 SUCCESS",
        "l3 SUCCESS",
        "a3 SUCCESS",
        "leaf SUCCESS",
        "= SUCCESS",
      ]);
    }));

  it("counts for each value of a loop around it", () =>
    db.inTransaction(async (client) => {
      const id = await run(
        client,
        `tasks:
          - id: each
            type: io.kestra.plugin.core.flow.ForEach
            values: [1, 2]
            concurrencyLimit: 0
            tasks:
              - { id: l, type: io.kestra.plugin.core.flow.LoopUntil, checkFrequency: { interval: PT1S },
                  condition: "{{ outputs.l[taskrun.value].iterationCount == taskrun.value | number }}", tasks: [${log("a")}] }`,
        {},
      );
      const { rows } = await client.query(
        "select iteration_path, outputs from reprise_api.task_runs where execution_id = $1 and task_id = 'l' order by iteration",
        [id],
      );
      assert.deepEqual(rows, [
        { iteration_path: ["1"], outputs: { iterationCount: 1 } },
        { iteration_path: ["2"], outputs: { iterationCount: 2 } },
      ]);
    }));

  it("fails by a condition that cannot be rendered", () =>
    db.inTransaction(async (client) => {
      const id = await run(client, aLoop(), {});
      assert.deepEqual(await linesOf(client, id), ["l FAILED", "a SUCCESS", "= FAILED"]);
    }));

  it("fails by a maximum that is no number", () =>
    db.inTransaction(async (client) => {
      const id = await run(client, aLoop(`checkFrequency: { maxIterations: "{{ 'abc' }}" }`), doneIn(9));
      assert.deepEqual(await linesOf(client, id), ["l FAILED", "a SUCCESS", "= FAILED"]);
    }));

  it("does nothing where all in it is disabled", () =>
    db.inTransaction(async (client) => {
      const body = `tasks: [{ id: l, type: io.kestra.plugin.core.flow.LoopUntil, condition: "{{ false }}", tasks: [${log("a", ", disabled: true")}] }]`;
      assert.deepEqual(await linesOf(client, await run(client, body, {})), ["l SUCCESS", "= SUCCESS"]);
    }));
});

describe("an execution with a LoopUntil", () => {
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
      assert.deepEqual(await linesOf(client, id), ["l KILLED", "= KILLED"]);

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
        ["l REOPENED", "a CARRIED", "b RERUN", "z RERUN"],
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
});
