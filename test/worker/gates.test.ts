import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { callOne } from "../../src/db/call.ts";
import { createExecution } from "../../src/worker/create-execution.ts";
import type { Worker } from "../../src/worker/worker.ts";
import { historyOf, logOf, statesOfAll } from "../sql/gates/gate-flows.ts";
import { aWorker } from "../support/a-worker.ts";
import { anExecution, executionOf, statesOf } from "../support/an-execution.ts";
import { testDatabase, until } from "../support/database.ts";
import { ownLabels } from "../support/own-labels.ts";
import { aWorkerFlow, untilEnded, untilRunning } from "../support/worker-flows.ts";

const db = await testDatabase();
let worker: Worker;
before(async () => {
  worker = await aWorker(db.connectionString);
});
after(() => worker[Symbol.asyncDispose]());

const log = "{ id: a, type: io.kestra.plugin.core.log.Log, message: hi }";
const sleep = "{ id: long, type: io.kestra.plugin.core.flow.Sleep, duration: PT1M }";
const give = (value: string) => `{ id: give, type: io.kestra.plugin.core.debug.Return, format: ${value} }`;
const inputs = "inputs: [{ id: word, type: STRING, defaults: OK }]";

describe("a limit of executions, with a worker", () => {
  it("runs all of them in the order in which they came, one at a time", async () => {
    const flow = await aWorkerFlow(db.pool, `concurrency: { limit: 1 }\ntasks: [${log}]`);
    const ids: string[] = [];
    while (ids.length < 20) ids.push(await anExecution(db.pool, flow));
    await untilEnded(db.pool, ...ids);
    const { rows } = await db.pool.query<{ id: string; overlaps: boolean }>(
      `select id, started_at < lag(ended_at) over (order by started_at) as overlaps
      from reprise_api.executions where id = any ($1) order by started_at`,
      [ids],
    );
    assert.deepEqual(
      rows.map(({ id }) => id),
      ids,
    );
    assert.deepEqual(
      rows.filter(({ overlaps }) => overlaps),
      [],
    );
  });

  it("lets the next in when the one that runs is killed", async () => {
    const flow = await aWorkerFlow(db.pool, `concurrency: { limit: 1 }\ntasks: [${sleep}]`);
    const [first, second] = [await anExecution(db.pool, flow), await anExecution(db.pool, flow)];
    await untilRunning(db.pool, first, "long");
    await callOne(db.pool, "reprise_api.kill_execution", { execution_id: first });
    await untilRunning(db.pool, second, "long");
    await callOne(db.pool, "reprise_api.kill_execution", { execution_id: second });
    await untilEnded(db.pool, first, second);
    assert.deepEqual(await historyOf(db.pool, second), ["CREATED", "QUEUED", "RUNNING", "KILLING", "KILLED"]);
  });
});

describe("a schedule date, with a worker", () => {
  it("is waited for", async () => {
    const flow = await aWorkerFlow(db.pool, `tasks: [${log}]`);
    const date = new Date(Date.now() + 700);
    const id = await anExecution(db.pool, flow, { schedule_date: date });
    assert.deepEqual(await statesOfAll(db.pool, [id]), ["CREATED"]);
    await untilEnded(db.pool, id);
    const { started_at, state } = await executionOf(db.pool, id);
    assert.equal(state, "SUCCESS");
    assert.ok((started_at ?? 0) >= date);
  });
});

describe("an SLA on the duration, with a worker", () => {
  it("stops what runs, and what comes after the execution is run", async () => {
    const flow = await aWorkerFlow(
      db.pool,
      `sla: [{ id: s, type: MAX_DURATION, duration: PT0.3S, behavior: FAIL }]\nafterExecution: [${log}]\ntasks: [${sleep}]`,
    );
    const id = await anExecution(db.pool, flow);
    await untilEnded(db.pool, id);
    await until(async () => !(await executionOf(db.pool, id)).is_finishing, { what: "the end for good" });
    assert.deepEqual(await statesOf(db.pool, id), { execution: "FAILED", long: "FAILED", a: "SUCCESS" });
  });
});

describe("an SLA that asserts something", () => {
  const asserts = (assert: string, behavior: string, rest = "") =>
    `sla: [{ id: s, type: EXECUTION_ASSERTION, assert: "${assert}", behavior: ${behavior}${rest} }]`;

  it("holds, ends the execution before anything of it runs, or labels it", async () => {
    for (const [behavior, word, state, labels] of [
      ["CANCEL", "OK", "SUCCESS", {}],
      ["CANCEL", "KO", "CANCELLED", { sla: "violated" }],
      ["NONE", "KO", "SUCCESS", { sla: "violated" }],
    ] as const) {
      const top = asserts("{{ inputs.word == 'OK' }}", behavior, ", labels: { sla: violated }");
      const flow = await aWorkerFlow(db.pool, `${inputs}\n${top}\ntasks: [${log}]`);
      const id = await anExecution(db.pool, flow, { inputs: { word } });
      await untilEnded(db.pool, id);
      const execution = await executionOf(db.pool, id);
      assert.deepEqual([execution.state, ownLabels(execution.labels)], [state, labels]);
      if (state === "CANCELLED") {
        assert.equal((await statesOf(db.pool, id)).a, undefined);
        assert.deepEqual(await logOf(db.pool, id), [
          "WARN SLA 's' violated: assertion is false: {{ inputs.word == 'OK' }}.",
          "ERROR Execution cancelled due to SLA 's' violated: assertion is false: {{ inputs.word == 'OK' }}.",
        ]);
      }
    }
  });

  it("is one of its own, whatever other has its id", async () => {
    const one = (word: string, behavior: string) =>
      `{ id: s, type: EXECUTION_ASSERTION, assert: "{{ inputs.word != '${word}' }}", behavior: ${behavior}, labels: { sla: ${word} } }`;
    const top = `sla: [${one("CANCEL", "CANCEL")}, ${one("LABEL", "NONE")}]`;
    const flow = await aWorkerFlow(db.pool, `${inputs}\n${top}\ntasks: [${log}]`);
    for (const [word, state, labels, violated] of [
      ["PASS", "SUCCESS", {}, []],
      ["CANCEL", "CANCELLED", { sla: "CANCEL" }, ["s"]],
      ["LABEL", "SUCCESS", { sla: "LABEL" }, ["s#2"]],
    ] as const) {
      const id = await anExecution(db.pool, flow, { inputs: { word } });
      await untilEnded(db.pool, id);
      const execution = await executionOf(db.pool, id);
      assert.deepEqual(
        [execution.state, ownLabels(execution.labels), execution.violated_slas],
        [state, labels, violated],
      );
    }
  });

  it("is looked at while tasks end", async () => {
    const top = asserts("{{ outputs.give.value == 'good' }}", "FAIL");
    const flow = await aWorkerFlow(db.pool, `${top}\ntasks: [${give("bad")}, ${sleep}]`);
    const id = await anExecution(db.pool, flow);
    await untilEnded(db.pool, id);
    assert.deepEqual(await statesOf(db.pool, id), { execution: "FAILED", give: "SUCCESS", long: "FAILED" });
  });

  it("is looked at before the execution ends, whose outputs are not lost when it holds", async () => {
    const top = asserts("{{ outputs.give.value == 'good' }}", "FAIL");
    const ends = async (value: string, rest: string) => {
      const id = await anExecution(
        db.pool,
        await aWorkerFlow(db.pool, `${top}\n${rest}\ntasks: [${give(value)}]`),
      );
      await untilEnded(db.pool, id);
      const { state, outputs } = await executionOf(db.pool, id);
      return [state, outputs];
    };
    assert.deepEqual(await ends("bad", "outputs: [{ id: o, type: STRING, value: yes }]"), ["FAILED", null]);
    assert.deepEqual(await ends("good", "outputs: [{ id: o, type: STRING, value: yes }]"), [
      "SUCCESS",
      { o: "yes" },
    ]);
    assert.deepEqual(await ends("good", ""), ["SUCCESS", null]);
  });

  it("is passed over where it cannot be rendered, and says so", async () => {
    const flow = await aWorkerFlow(
      db.pool,
      `${asserts("{{ outputs.give.value.nothing }}", "FAIL")}\ntasks: [${give("x")}]`,
    );
    const id = await anExecution(db.pool, flow);
    await untilEnded(db.pool, id);
    assert.deepEqual(await statesOfAll(db.pool, [id]), ["SUCCESS"]);
    assert.match(
      (await logOf(db.pool, id)).join("\n"),
      /^ERROR SLA 's' is ignored: Unable to find `nothing`/m,
    );
  });
});

describe("checks", () => {
  const checks = (behavior: string, condition = "{{ inputs.word == 'OK' }}") =>
    `${inputs}\nchecks: [{ condition: "${condition}", message: Not OK, behavior: ${behavior} }, { condition: "{{ true }}" }]`;
  const blocked =
    "Flow execution blocked: one or more condition checks evaluated to false.\nFailed checks: Not OK";
  const create = async (text: string, word: string) => {
    const { namespace, id } = await aWorkerFlow(db.pool, `${text}\ntasks: [${log}]`);
    return await createExecution(db.pool, { namespace, flow_id: id, inputs: { word } });
  };

  it("refuse, where templates can be rendered", async () => {
    await assert.rejects(create(checks("BLOCK_EXECUTION"), "KO"), {
      code: "RP422",
      reason: "execution_blocked",
      message: blocked,
    });
    await assert.rejects(create(checks("CREATE_EXECUTION", "{{ inputs.word.more }}"), "KO"), {
      message: /Failed checks: Failed to evaluate check condition. Cause: Unable to find `more`/,
    });
    const { id } = await create(checks("BLOCK_EXECUTION"), "OK");
    await untilEnded(db.pool, id);
    assert.deepEqual(await historyOf(db.pool, id), ["CREATED", "RUNNING", "SUCCESS"]);
  });

  it("have nothing to say of what an idempotency key has made before", async () => {
    const { namespace, id: flow_id } = await aWorkerFlow(
      db.pool,
      `${checks("BLOCK_EXECUTION")}\ntasks: [${log}]`,
    );
    const given = { namespace, flow_id, inputs: { word: "KO" }, idempotency_key: `once ${flow_id}` };
    const { id } = await callOne(db.pool, "reprise_api.create_execution", given);
    assert.equal((await createExecution(db.pool, given)).id, id);
  });

  it("create an execution that has failed", async () => {
    const { id } = await create(checks("FAIL_EXECUTION"), "KO");
    assert.deepEqual(await historyOf(db.pool, id), ["CREATED", "FAILED"]);
    assert.deepEqual(await statesOf(db.pool, id), { execution: "FAILED" });
  });

  it("fail one whose defaults have been rendered, for what comes after it", async () => {
    const text = `inputs: [{ id: i, type: INT }, { id: d, type: STRING, defaults: "d{{ inputs.i }}" }]
checks: [{ condition: "{{ inputs.i < 9 }}", message: Too many, behavior: FAIL_EXECUTION }]
tasks: [${log}]
afterExecution: [${give('"{{ inputs.d }}"')}]`;
    const flow = await aWorkerFlow(db.pool, text);
    const inputs = { i: 9 };
    const { id: at } = await createExecution(db.pool, {
      namespace: flow.namespace,
      flow_id: flow.id,
      inputs,
    });
    assert.deepEqual(await historyOf(db.pool, at), ["CREATED", "FAILED"]);
    const later = await anExecution(db.pool, flow, { inputs });
    await untilEnded(db.pool, later);
    for (const id of [at, later]) {
      await until(async () => !(await executionOf(db.pool, id)).is_finishing, { what: "the end for good" });
      assert.deepEqual((await executionOf(db.pool, id)).inputs, { i: 9, d: "d9" });
      assert.equal((await statesOf(db.pool, id)).give, "SUCCESS");
    }
  });

  it("let through with a word of warning", async () => {
    const { id } = await create(checks("CREATE_EXECUTION"), "KO");
    await untilEnded(db.pool, id);
    assert.deepEqual(await statesOfAll(db.pool, [id]), ["SUCCESS"]);
    assert.match(
      (await logOf(db.pool, id)).join("\n"),
      /^WARN Flow execution created: .*\nFailed checks: Not OK$/m,
    );
  });

  it("are a worker's part for what is created in the database, before the first task", async () => {
    for (const [behavior, word, state] of [
      ["BLOCK_EXECUTION", "KO", "FAILED"],
      ["FAIL_EXECUTION", "KO", "FAILED"],
      ["BLOCK_EXECUTION", "OK", "SUCCESS"],
    ] as const) {
      const flow = await aWorkerFlow(db.pool, `${checks(behavior)}\ntasks: [${log}]`);
      const id = await anExecution(db.pool, flow, { inputs: { word } });
      await untilEnded(db.pool, id);
      const execution = await executionOf(db.pool, id);
      assert.equal(execution.state, state);
      assert.equal((await statesOf(db.pool, id)).a, state === "SUCCESS" ? "SUCCESS" : undefined);
      if (behavior === "BLOCK_EXECUTION" && word === "KO")
        assert.deepEqual(execution.error, { reason: "execution_blocked", message: blocked });
    }
  });

  it("are a worker's part where an input waits for a template", async () => {
    const text =
      'inputs: [{ id: word, type: STRING, defaults: "{{ id() }}" }]\nchecks: [{ condition: "{{ inputs.word == \'OK\' }}", message: No }]';
    const { namespace, id: flow_id } = await aWorkerFlow(db.pool, `${text}\ntasks: [${log}]`);
    const { id } = await createExecution(db.pool, { namespace, flow_id });
    await untilEnded(db.pool, id);
    assert.deepEqual(await statesOf(db.pool, id), { execution: "FAILED", $defaults: "FAILED" });
  });
});
