import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callMany } from "../../../src/db/call.ts";
import { anEndedExecution, anExecution } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type Script } from "../../support/hand-worker.ts";
import { aBlockFlow, linesOf, log } from "./block-flows.ts";
import { aLoop, countOf, doneIn, iterationOf } from "./loop-flows.ts";

const db = await testDatabase();

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

  it("leaves what its tasks have said in the log, and which task it was", () =>
    db.inTransaction(async (client) => {
      const flow = await aBlockFlow(client, aLoop("checkFrequency: { interval: PT10S }"));
      const id = await anExecution(client, flow);
      const worker = await aHandWorker(client);
      for (let round = 0; round < 10; round += 1) {
        await worker.drain(doneIn(3), { rounds: 1 });
        await client.query(
          `insert into reprise.logs (logged_at, execution_id, task_run_id, attempt_id, level, message)
          select now(), r.execution_id, r.id, a.id, 'ERROR', 'said'
          from reprise.task_runs as r
          join reprise.tasks as t on t.key = r.task_key and t.id = 'a'
          join reprise.attempts as a on a.task_run_id = r.id
          where r.execution_id = $1 and not exists (select from reprise.logs as l where l.attempt_id = a.id)`,
          [id],
        );
      }
      const { rows } = await client.query(
        "select l.task_id from reprise_api.logs as l where l.execution_id = $1 and l.message = 'said'",
        [id],
      );
      assert.deepEqual(rows, [{ task_id: "a" }, { task_id: "a" }, { task_id: "a" }]);
      const errors = await callMany(client, "reprise_engine.read_error_logs", { execution_id: id, most: 10 });
      assert.deepEqual(
        errors.map(({ task_id }) => task_id),
        ["a", "a", "a"],
      );
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

  it("is told by a template whether its maximum fails it", () =>
    db.inTransaction(async (client) => {
      const ends = async (said: string) =>
        await linesOf(
          client,
          await run(
            client,
            aLoop(`failOnMaxReached: "${said}"\n    checkFrequency: { maxIterations: 1 }`),
            doneIn(10),
          ),
        );
      const well = ["l SUCCESS", "a SUCCESS", "z SUCCESS", "= SUCCESS"];
      assert.deepEqual(await ends("{{ 1 > 2 }}"), well);
      for (const said of ["{{ 1 < 2 }}", "{{ 'x' }}"])
        assert.deepEqual(await ends(said), ["l FAILED", "a SUCCESS", "= FAILED"]);
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

  it("has no maximum where its template gives none, and waits as long as usual", () =>
    db.inTransaction(async (client) => {
      const nothing = '"{{ null }}"';
      const rest = `checkFrequency: { interval: ${nothing}, maxIterations: ${nothing}, maxDuration: ${nothing} }`;
      const id = await run(client, aLoop(rest), doneIn(3));
      assert.deepEqual(await linesOf(client, id), ["l SUCCESS", "a SUCCESS", "z SUCCESS", "= SUCCESS"]);
      assert.deepEqual(await countOf(client, id), { iterationCount: 3 });
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
