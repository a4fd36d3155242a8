import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { callOne } from "../../src/db/call.ts";
import type { Worker } from "../../src/worker/worker.ts";
import { aWorker } from "../support/a-worker.ts";
import { anExecution, executionOf, statesOf, taskRunsOf } from "../support/an-execution.ts";
import { testDatabase, until } from "../support/database.ts";
import { aGate } from "../support/gates.ts";
import { aWorkerFlow, untilEnded, untilRunning } from "../support/worker-flows.ts";

const db = await testDatabase();

/** Runs a flow to its end. */
async function run(text: string, inputs: Record<string, unknown> = {}) {
  const id = await anExecution(db.pool, await aWorkerFlow(db.pool, text), { inputs });
  await untilEnded(db.pool, id);
  return {
    id,
    execution: await executionOf(db.pool, id),
    states: await statesOf(db.pool, id),
    runs: await taskRunsOf(db.pool, id),
  };
}

const logsOf = async (id: string) =>
  (
    await db.pool.query<{ line: string }>(
      "select concat_ws(' ', task_id, attempt_number, level, message) as line from reprise_api.logs where execution_id = $1 order by id",
      [id],
    )
  ).rows.map(({ line }) => line);

function assertError(error: unknown, reason: string, message: RegExp): void {
  const said = error as { reason: string; message: string };
  assert.equal(said.reason, reason);
  assert.match(said.message, message);
}

describe("a worker", () => {
  let worker: Worker;
  before(async () => {
    worker = await aWorker(db.connectionString);
  });
  after(async () => {
    await worker[Symbol.asyncDispose]();
  });

  it("runs a flow to its end, with logs, and outputs from task to task", async () => {
    const { id, states, runs } = await run(
      `
inputs: [{ id: name, type: STRING }]
variables: { greeting: "Hello {{ inputs.name }}" }
tasks:
  - { id: first, type: test.Say, text: "{{ render(vars.greeting) }} in {{ envs.place }}" }
  - { id: second, type: test.Say, text: "{{ outputs.first.text }}, attempt {{ taskrun.attemptsCount }}" }`,
      {
        name: "Ada",
      },
    );
    assert.deepEqual(states, { execution: "SUCCESS", first: "SUCCESS", second: "SUCCESS" });
    assert.deepEqual(runs.second?.outputs, { text: "Hello Ada in test, attempt 0" });
    assert.deepEqual(await logsOf(id), [
      "first 1 INFO says Hello Ada in test",
      "second 1 INFO says Hello Ada in test, attempt 0",
    ]);
    const { rows } = await db.pool.query("select from reprise.attempts where worker_id = $1", [worker.id()]);
    assert.equal(rows.length, 2);
  });

  it("tries again what fails, as often as the retry says", async () => {
    const { id, states, runs } = await run(`
tasks:
  - { id: a, type: test.FailFirst, times: 2, retry: { type: constant, interval: PT0.01S, maxAttempts: 3 } }
  - { id: b, type: test.FailFirst, times: 2, retry: { type: constant, interval: PT0.01S, maxAttempts: 2 } }`);
    assert.deepEqual(states, { execution: "FAILED", a: "SUCCESS", b: "FAILED" });
    assert.deepEqual(runs.a?.attempts, ["1 FAILED", "2 FAILED", "3 SUCCESS"]);
    assert.deepEqual(runs.a?.outputs, { attempt: 3 });
    assert.deepEqual(runs.b?.attempts, ["1 FAILED", "2 FAILED"]);
    assert.deepEqual(runs.b?.error, { reason: "not_yet", message: "Attempt 2 fails." });
    assert.ok((await logsOf(id)).includes("b 2 ERROR Attempt 2 fails."));
  });

  it("stops a task that runs when its execution is killed", async () => {
    const id = await anExecution(
      db.pool,
      await aWorkerFlow(
        db.pool,
        `
tasks:
  - { id: a, type: test.Block, until: "${aGate().file}" }
  - { id: b, type: test.Say, text: never }`,
      ),
    );
    await untilRunning(db.pool, id, "a");
    const killedAt = performance.now();
    await callOne(db.pool, "reprise_api.kill_execution", { execution_id: id });
    await untilEnded(db.pool, id);
    // The promise is a second; a busy machine gets more.
    assert.ok(performance.now() - killedAt < 5_000);
    assert.deepEqual(await statesOf(db.pool, id), { execution: "KILLED", a: "KILLED" });
    const { a } = await taskRunsOf(db.pool, id);
    assert.deepEqual(a?.error, { reason: "killed", message: "The execution was killed." });
  });

  it("ends a task that takes longer than its timeout", async () => {
    const { states, runs } = await run(
      `tasks: [{ id: a, type: test.Block, until: "${aGate().file}", timeout: PT0.05S }]`,
    );
    assert.deepEqual(states, { execution: "FAILED", a: "FAILED" });
    assert.deepEqual(runs.a?.error, { reason: "timeout", message: "Timeout after 00:00:00.050" });
  });

  it("skips a task whose runIf is false, and goes on", async () => {
    const { states, runs } = await run(
      `
inputs: [{ id: wanted, type: BOOL }]
tasks:
  - { id: a, type: test.Say, text: a, runIf: "{{ inputs.wanted }}" }
  - { id: b, type: test.Say, text: b, runIf: "{{ not inputs.wanted }}" }`,
      { wanted: false },
    );
    assert.deepEqual(states, { execution: "SUCCESS", a: "SKIPPED", b: "SUCCESS" });
    assert.deepEqual(runs.a?.attempts, []);
  });

  it("fails a task whose template cannot be rendered, and names the variable", async () => {
    const { states, runs } = await run(`tasks: [{ id: a, type: test.Say, text: "{{ labels.nobody }}" }]`);
    assert.deepEqual(states, { execution: "FAILED", a: "FAILED" });
    assertError(
      runs.a?.error,
      "expression_failed",
      /^Unable to find `nobody` used in the expression `\{\{ labels.nobody \}\}`/,
    );
  });

  it("fails a task whose properties do not fit once they are rendered, and names them", async () => {
    const { runs } = await run(`
inputs: [{ id: times, type: STRING, defaults: often }]
tasks: [{ id: a, type: test.FailFirst, times: "{{ inputs.times }}" }]`);
    assertError(runs.a?.error, "invalid_properties", /^The properties of the task do not fit: `times`: /);
  });

  it("fails a task whose outputs Postgres cannot store, and no other one of the same batch", async () => {
    const flow = await aWorkerFlow(
      db.pool,
      `
inputs: [{ id: text, type: STRING }]
tasks: [{ id: a, type: test.Say, text: "{{ inputs.text }}" }, { id: b, type: test.Say, text: "{{ outputs.a.text }}" }]`,
    );
    const texts = Array.from({ length: 20 }, (_, index) => (index === 7 ? "bad ␀ text" : "good"));
    const ids = await Promise.all(texts.map((text) => anExecution(db.pool, flow, { inputs: { text } })));
    for (const [index, id] of ids.entries()) {
      await untilEnded(db.pool, id);
      const { a, execution } = await statesOf(db.pool, id);
      const expected = index === 7 ? "FAILED" : "SUCCESS";
      assert.deepEqual([execution, a], [expected, expected]);
    }
    const { a } = await taskRunsOf(db.pool, ids[7] as string);
    assertError(a?.error, "result_not_storable", /^The result of the task cannot be stored: /);
    assert.deepEqual(a?.attempts, ["1 FAILED"]);
  });

  it("fails a task whose outputs are nothing that JSON has", async () => {
    const { runs } = await run("tasks: [{ id: a, type: test.Odd }]");
    assertError(runs.a?.error, "result_not_storable", /circular/);
  });

  it("drops jobs that name no task run, and runs what comes with them", async () => {
    const flow = await aWorkerFlow(db.pool, "tasks: [{ id: a, type: test.Say, text: a }]");
    const client = await db.connect();
    await client.query("begin");
    for (const payload of [
      "null",
      "{}",
      "[]",
      "7",
      '"text"',
      '{"id": 7}',
      '{"id": "x"}',
      `{"id": "${"9".repeat(30)}"}`,
    ])
      await client.query("select graphile_worker.add_job('test.Say', $1)", [payload]);
    await client.query(`select graphile_worker.add_job('test.Say', '{"id": "123456789012345678"}')`);
    const id = await anExecution(client, flow);
    await client.query("commit");
    await untilEnded(db.pool, id);
    assert.deepEqual(await statesOf(db.pool, id), { execution: "SUCCESS", a: "SUCCESS" });
    const areGone = async () => (await db.pool.query("select from graphile_worker.jobs")).rowCount === 0;
    await until(areGone, { what: "the jobs to be dropped" });
  });

  describe("does what a flow's start and end need it for", () => {
    const text = `
inputs:
  - { id: name, type: STRING }
  - { id: greeting, type: STRING, defaults: "Hello {{ inputs.name }}" }
  - { id: length, type: INT, defaults: "{{ inputs.greeting | length }}" }
tasks:
  - { id: a, type: test.Say, text: "{{ inputs.greeting }} ({{ inputs.length }})" }
outputs:
  - { id: said, type: STRING, value: "{{ outputs.a.text }}" }
  - { id: twice, type: INT, value: "{{ inputs.length * 2 }}" }`;

    it("renders input defaults, each from those before it, and the flow's outputs", async () => {
      const { execution } = await run(text, { name: "Ada" });
      assert.deepEqual(execution.inputs, { name: "Ada", greeting: "Hello Ada", length: 9 });
      assert.deepEqual(execution.outputs, { said: "Hello Ada (9)", twice: 18 });
      assert.equal(execution.state, "SUCCESS");
    });

    it("renders only what was not given", async () => {
      const { execution } = await run(text, { name: "Ada", greeting: "Hi" });
      assert.deepEqual(execution.inputs, { name: "Ada", greeting: "Hi", length: 2 });
    });

    it("misses what a default gives nothing for", async () => {
      const { execution } = await run(`
inputs: [{ id: x, type: INT, defaults: "{{ null }}" }]
tasks: [{ id: a, type: test.Say, text: never }]`);
      assert.equal(execution.state, "FAILED");
      assert.equal((execution.error as { message: string }).message, "Missing required input:x");
    });

    it("fails the execution at a default that does not fit its input", async () => {
      const { execution, states } = await run(
        `
inputs: [{ id: name, type: STRING }, { id: length, type: INT, defaults: "{{ inputs.name }}" }]
tasks: [{ id: a, type: test.Say, text: never }]`,
        { name: "Ada" },
      );
      assert.deepEqual(states, { execution: "FAILED", $defaults: "FAILED" });
      assertError(execution.error, "invalid_inputs", /^Invalid value for input `length`\. Cause: /);
    });

    it("fails the execution at an output that does not fit its type, and calls it an output", async () => {
      const { execution, states } = await run(`
tasks: [{ id: a, type: test.Say, text: hi }]
outputs: [{ id: n, type: INT, value: "{{ outputs.a.text }}" }]`);
      assert.deepEqual(states, { execution: "FAILED", a: "SUCCESS", $outputs: "FAILED" });
      assertError(execution.error, "invalid_outputs", /^Invalid value for output `n`\. Cause: /);
      const infinite = await run(`
tasks: [{ id: a, type: test.Say, text: hi }]
outputs: [{ id: n, type: FLOAT, value: "{{ 10.0 / 0 }}" }]`);
      assertError(
        infinite.execution.error,
        "invalid_outputs",
        /^Invalid value for output `n`\. Cause: .*Infinity/,
      );
    });

    it("fails the execution at an output that cannot be rendered, with its tasks as they were", async () => {
      const { execution, states } = await run(`
tasks: [{ id: a, type: test.Say, text: done }]
outputs: [{ id: x, type: STRING, value: "{{ labels.nobody }}" }]`);
      assert.deepEqual(states, { execution: "FAILED", a: "SUCCESS", $outputs: "FAILED" });
      assertError(
        execution.error,
        "expression_failed",
        /^Failed to render output `x`: Unable to find `nobody`/,
      );
      assert.equal(execution.outputs, null);
    });
  });
});

describe("a worker with the fewest connections that can be configured", () => {
  it("works", async () => {
    await using _worker = await aWorker(db.connectionString, { poolSize: 2 });
    const { execution } = await run("tasks: [{ id: a, type: test.Store, text: stored }]");
    assert.equal(execution.state, "SUCCESS");
  });
});
