import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { tendSubflows } from "../../../src/worker/tend-subflows.ts";
import { aWrittenFlow } from "../../support/a-flow.ts";
import { anEndedExecution, anExecution, executionOf, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type Script } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "../blocks/block-flows.ts";
import { childrenOf, subflow } from "./subflow-flows.ts";

const db = await testDatabase();

/** Runs a parent `s`, `b` whose child has one task, `x`, and gives what became of it. */
async function ends(client: ClientBase, script: Script, rest = "", tail = `, ${log("b")}`) {
  const child = await aBlockFlow(client, `tasks: [${log("x")}]`);
  const parent = await aBlockFlow(client, `tasks: [${subflow("s", child, rest)}${tail}]`);
  const id = await anEndedExecution(client, parent, script);
  return { id, lines: await linesOf(client, id), runs: await taskRunsOf(client, id) };
}

describe("what the end of a child makes of its Subflow", () => {
  const fails = { x: "FAILED" } as const;
  const cases: [what: string, script: Script, rest: string, lines: string[]][] = [
    ["a failure fails it", fails, "", ["s FAILED", "= FAILED"]],
    [
      "a failure that is allowed warns",
      fails,
      ", allowFailure: true",
      ["s WARNING", "b SUCCESS", "= WARNING"],
    ],
    [
      "a failure and a warning that are allowed are nothing",
      fails,
      ", allowFailure: true, allowWarning: true",
      ["s SUCCESS", "b SUCCESS", "= SUCCESS"],
    ],
    [
      "a failure that is not passed on is nothing",
      fails,
      ", transmitFailed: false",
      ["s SUCCESS", "b SUCCESS", "= SUCCESS"],
    ],
    ["a warning warns", { x: "WARNING" }, "", ["s WARNING", "b SUCCESS", "= WARNING"]],
    [
      "a warning that is allowed is nothing",
      { x: "WARNING" },
      ", allowWarning: true",
      ["s SUCCESS", "b SUCCESS", "= SUCCESS"],
    ],
  ];
  for (const [what, script, rest, lines] of cases) {
    it(what, () =>
      db.inTransaction(async (client) => {
        const seen = await ends(client, script, rest);
        assert.deepEqual(seen.lines, lines);
        const [child] = await childrenOf(client, seen.id);
        assert.deepEqual(seen.runs.s?.outputs, { executionId: child?.id, state: child?.state });
      }),
    );
  }

  it("says so in its error and its log", () =>
    db.inTransaction(async (client) => {
      const { id, runs } = await ends(client, fails);
      const [child] = await childrenOf(client, id);
      assert.deepEqual(runs.s?.attempts, ["1 FAILED"]);
      assert.deepEqual(runs.s?.error, {
        reason: "subflow_failed",
        message: `Subflow execution ${child?.id} ends in FAILED state`,
      });
      const { flow_id } = await executionOf(client, child?.id as string);
      const link = `[[link execution="${child?.id}" flowId="${flow_id}" namespace="company.team"]]`;
      const { rows } = await client.query(
        "select level || ' ' || message as line from reprise.logs where task_run_id = $1 order by id",
        [runs.s?.id],
      );
      assert.deepEqual(
        rows.map(({ line }) => line),
        [`INFO Created new execution ${link}`, `ERROR Subflow execution ${link} ends in FAILED state`],
      );
    }));

  it("comes when what the child runs after its end has run too", () =>
    db.inTransaction(async (client) => {
      const child = await aBlockFlow(client, `tasks: [${log("x")}]\nafterExecution: [${log("y")}]`);
      const id = await anExecution(client, await aBlockFlow(client, `tasks: [${subflow("s", child)}]`));
      const worker = await aHandWorker(client);
      const [held] = await worker.drain({}, { holds: ({ taskId }) => taskId === "y" });
      assert.deepEqual(await linesOf(client, id), ["s RUNNING", "= RUNNING"]);
      await worker.finish([worker.outcome(held as NonNullable<typeof held>, {})]);
      await worker.drain();
      assert.deepEqual(await linesOf(client, id), ["s SUCCESS", "= SUCCESS"]);
    }));

  it("is not lost with the worker that started the child, and taken once however often somebody looks", () =>
    db.inTransaction(async (client) => {
      const child = await aBlockFlow(client, `tasks: [${log("x")}]`);
      const id = await anExecution(
        client,
        await aBlockFlow(client, `tasks: [${subflow("s", child)}, ${log("b")}]`),
      );
      const lost = await aHandWorker(client);
      await lost.drain({}, { rounds: 1 });
      await client.query("update reprise.workers set state = 'LOST', stopped_at = now() where id = $1", [
        lost.id,
      ]);
      await callOne(client, "reprise_engine.take_over", { worker_ids: [lost.id] });
      assert.deepEqual(await linesOf(client, id, true), ["s RUNNING 1", "= RUNNING"]);

      const worker = await aHandWorker(client);
      await worker.drain({}, { rounds: 2 });
      const runs = await taskRunsOf(client, id);
      for (let time = 0; time < 2; time += 1)
        await tendSubflows(client, [runs.s?.id as string], { envs: {} });
      await worker.drain();
      assert.deepEqual(await linesOf(client, id, true), ["s SUCCESS 1", "b SUCCESS 1", "= SUCCESS"]);
    }));

  it("waits for nothing with wait: false", () =>
    db.inTransaction(async (client) => {
      const child = await aBlockFlow(client, `tasks: [${log("x")}]`);
      const id = await anExecution(
        client,
        await aBlockFlow(client, `tasks: [${subflow("s", child, ", wait: false")}]`),
      );
      const worker = await aHandWorker(client);
      await worker.drain({}, { rounds: 1 });
      assert.deepEqual(await linesOf(client, id), ["s SUCCESS", "= SUCCESS"]);
      const [started] = await childrenOf(client, id);
      const runs = await taskRunsOf(client, id);
      assert.deepEqual(runs.s?.outputs, { executionId: started?.id, state: "CREATED" });
      await worker.drain({ x: "FAILED" });
      assert.deepEqual(await linesOf(client, id), ["s SUCCESS", "= SUCCESS"]);
      assert.equal((await executionOf(client, started?.id as string)).state, "FAILED");
    }));

  it("is the end of a lane of a block", () =>
    db.inTransaction(async (client) => {
      const child = await aBlockFlow(client, `tasks: [${log("x")}]`);
      const loop = block(
        "l",
        "ForEach",
        `values: [u, v], concurrencyLimit: 0, tasks: [${subflow("s", child)}, ${log("b")}]`,
      );
      const id = await anEndedExecution(client, await aBlockFlow(client, `tasks: [${loop}]`));
      // Which of the two children ends first is a matter of chance.
      assert.deepEqual((await linesOf(client, id)).toSorted(), [
        ...["= SUCCESS", "b[u] SUCCESS", "b[v] SUCCESS", "l SUCCESS", "s[u] SUCCESS", "s[v] SUCCESS"],
      ]);
      const [first] = await childrenOf(client, id);
      const { trigger } = await executionOf(client, first?.id as string);
      const { variables } = trigger as { variables: Record<string, unknown> };
      assert.deepEqual([variables.taskRunValue, variables.taskRunIteration], ["u", 0]);
    }));
});

describe("a Subflow that tries again", () => {
  const retry = ", retry: { type: constant, interval: PT1S, maxAttempts: 3 }";
  it("starts another child each time", () =>
    db.inTransaction(async (client) => {
      const seen = await ends(client, (run) => (run.taskId === "x" ? "FAILED" : {}), retry);
      assert.deepEqual(seen.lines, ["s FAILED", "= FAILED"]);
      assert.deepEqual(seen.runs.s?.attempts, ["1 FAILED", "2 FAILED", "3 FAILED"]);
      const children = await childrenOf(client, seen.id);
      assert.deepEqual(
        children.map(({ state }) => state),
        ["FAILED", "FAILED", "FAILED"],
      );
    }));

  it("takes the retry of its flow", () =>
    db.inTransaction(async (client) => {
      const child = await aBlockFlow(client, `tasks: [${log("x")}]`);
      const parent = await aBlockFlow(
        client,
        `retry: { type: constant, interval: PT1S, maxAttempts: 3 }\ntasks: [${subflow("s", child)}]`,
      );
      const id = await anEndedExecution(client, parent, { x: "FAILED" });
      assert.deepEqual((await taskRunsOf(client, id)).s?.attempts.length, 3);
    }));

  it("tries again when there is nothing that it could start", () =>
    db.inTransaction(async (client) => {
      const id = await anEndedExecution(
        client,
        await aBlockFlow(
          client,
          `tasks: [${subflow("s", { namespace: "company.team", id: "nowhere" }, retry)}]`,
        ),
      );
      const runs = await taskRunsOf(client, id);
      assert.deepEqual(runs.s?.attempts, ["1 FAILED", "2 FAILED", "3 FAILED"]);
    }));
});

describe("a Subflow that cannot start anything", () => {
  const failsWith = async (client: ClientBase, task: string, error: unknown) => {
    const id = await anEndedExecution(client, await aBlockFlow(client, `tasks: [${task}]`));
    assert.deepEqual(await linesOf(client, id), ["s FAILED", "= FAILED"]);
    assert.deepEqual((await taskRunsOf(client, id)).s?.error, error);
    assert.deepEqual(await childrenOf(client, id), []);
  };

  it("fails when there is no such flow", () =>
    db.inTransaction((client) =>
      failsWith(client, subflow("s", { namespace: "company.team", id: "nowhere" }), {
        reason: "flow_not_found",
        message: "Unable to find flow 'company.team'.'nowhere' with revision '0'",
      }),
    ));

  it("fails when there is no such revision", () =>
    db.inTransaction(async (client) => {
      const child = await aBlockFlow(client, `tasks: [${log("x")}]`);
      await failsWith(client, subflow("s", child, ", revision: 7"), {
        reason: "flow_not_found",
        message: `Unable to find flow 'company.team'.'${child.id}' with revision '7'`,
      });
    }));

  it("fails when the flow is disabled", () =>
    db.inTransaction(async (client) => {
      const child = await aBlockFlow(client, `tasks: [${log("x")}]`);
      await callOne(client, "reprise_api.disable_flow", { namespace: child.namespace, flow_id: child.id });
      await failsWith(client, subflow("s", child), {
        reason: "flow_disabled",
        message: "Cannot execute a flow which is disabled",
      });
    }));

  it("fails for each input that does not fit", () =>
    db.inTransaction(async (client) => {
      const child = await aBlockFlow(
        client,
        `inputs: [{ id: n, type: INT }, { id: m, type: STRING }]\ntasks: [${log("x")}]`,
      );
      await failsWith(client, subflow("s", child, ", inputs: { n: many }"), {
        reason: "invalid_inputs",
        message: 'Invalid value for input `n`. Cause: For input string: "many"\nMissing required input:m',
      });
    }));

  it("fails when a flow starts itself without end", () =>
    db.inTransaction(async (client) => {
      const flow = await aBlockFlow(client, `tasks: [${log("x")}]`);
      const source = `id: ${flow.id}\nnamespace: company.team\ntasks: [${subflow("s", { ...flow, id: '"{{ flow.id }}"' })}]`;
      const id = await anEndedExecution(client, await aWrittenFlow(client, source));
      assert.deepEqual(await linesOf(client, id), ["s FAILED", "= FAILED"]);
      const { rows: all } = await client.query(
        "select count(*)::integer as count from reprise.executions where flow_id = $1 and state = 'FAILED'",
        [flow.id],
      );
      assert.equal(all[0].count, 101);
    }));
});
