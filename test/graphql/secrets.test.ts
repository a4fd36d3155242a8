import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import { openSecretBox } from "../../src/base/secret-box.ts";
import { aWorkerFlow } from "../support/worker-flows.ts";
import { anApi } from "./an-api.ts";

const secretBox = openSecretBox(randomBytes(32));
const { db, read, fail } = await anApi({ secretBox });

const start = `mutation ($input: CreateExecutionInput!) { createExecution(input: $input) { execution { id inputs } } }`;
const plan = `query ($id: UUID!, $inputs: JSON) { replayPlan(executionId: $id, anchors: ["start"], inputs: $inputs) { isRunnable inputs planHash } }`;
const replay = `mutation ($input: ReplayExecutionInput!) { replayExecution(input: $input) { execution { id inputs } } }`;

describe("secrets in GraphQL", () => {
  it("are taken, encrypted and never given back, in plans and replays neither", async () => {
    const flow = await aWorkerFlow(
      db.pool,
      `inputs: [{ id: pw, type: SECRET, validator: "[a-z]+" }, { id: n, type: INT, displayName: Number, prefill: 3, required: false }]
tasks: [{ id: a, type: io.kestra.plugin.core.debug.Return, format: "{{ inputs.pw }}" }]`,
    );
    const given = (pw: string) => ({ namespace: flow.namespace, flowId: flow.id, inputs: { pw } });
    const { createExecution } = await read(start, { input: given("geheim") });
    const { id, inputs } = createExecution.execution;
    assert.deepEqual(inputs, { n: null, pw: "******" });

    const error = await fail(start, { input: given("123") });
    assert.equal(
      error.message,
      "Invalid value for input `pw`. Cause: pw: it must match the pattern `[a-z]+`",
    );
    assert.equal(error.extensions?.reason, "invalid_inputs");

    const { replayPlan } = await read(plan, { id, inputs: { pw: "anders" } });
    assert.deepEqual([replayPlan.isRunnable, replayPlan.inputs], [true, { n: null, pw: "******" }]);
    const { replayExecution } = await read(replay, {
      input: { executionId: id, inputs: { pw: "anders" }, planHash: replayPlan.planHash },
    });
    assert.deepEqual(replayExecution.execution.inputs, { n: null, pw: "******" });
    const { rows } = await db.pool.query(
      "select from reprise.executions where inputs::text ~ 'geheim|anders'",
    );
    assert.equal(rows.length, 0);
  });

  it("are the same for an idempotency key that is sent again", async () => {
    const flow = await aWorkerFlow(
      db.pool,
      "inputs: [{ id: pw, type: SECRET }]\ntasks: [{ id: a, type: io.kestra.plugin.core.log.Log, message: x }]",
    );
    const input = {
      ...{ namespace: flow.namespace, flowId: flow.id },
      inputs: { pw: "x" },
      idempotencyKey: flow.id,
    };
    const first = await read(start, { input });
    const second = await read(start, { input });
    assert.equal(second.createExecution.execution.id, first.createExecution.execution.id);
  });

  it("shows what a flow asks for, with names and what a form is filled with", async () => {
    const flow = await aWorkerFlow(
      db.pool,
      "inputs: [{ id: n, type: INT, displayName: Number, prefill: 3, required: false }]\ntasks: [{ id: a, type: io.kestra.plugin.core.log.Log, message: x }]",
    );
    const { flow: found } = await read(
      `query ($namespace: String!, $id: String!) { flow(namespace: $namespace, id: $id) { latest { inputs } } }`,
      { namespace: flow.namespace, id: flow.id },
    );
    assert.deepEqual(
      { ...found.latest.inputs[0] },
      { id: "n", type: "INT", displayName: "Number", prefill: 3, required: false, isTemplated: false },
    );
  });
});
