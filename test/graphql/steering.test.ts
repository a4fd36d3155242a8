import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aGatedFlow, someExecutions } from "../sql/gates/gate-flows.ts";
import { anExecution } from "../support/an-execution.ts";
import { ownLabels } from "../support/own-labels.ts";
import { anApi } from "./an-api.ts";

const api = await anApi();
const create = `mutation ($input: CreateExecutionInput!) {
  createExecution(input: $input) { execution { id state scheduleDate error } }
}`;

async function aQueued(): Promise<string> {
  const flow = await aGatedFlow(api.db.pool, "concurrency: { limit: 1 }");
  return (await someExecutions(api.db.pool, flow, 2))[1] as string;
}

describe("Mutation.unqueueExecution", () => {
  const unqueue = `mutation ($input: UnqueueExecutionInput!) {
    unqueueExecution(input: $input) { execution { state queuedAt stateHistory { state } } }
  }`;

  it("starts what waits for a slot, or ends it", async () => {
    const { unqueueExecution } = await api.read(unqueue, { input: { executionId: await aQueued() } });
    const { state, queuedAt, stateHistory } = unqueueExecution.execution;
    assert.deepEqual([state, typeof queuedAt], ["RUNNING", "string"]);
    assert.deepEqual(
      stateHistory.map((past: { state: string }) => past.state),
      ["CREATED", "QUEUED", "RUNNING"],
    );
    const ended = await api.read(unqueue, { input: { executionId: await aQueued(), state: "CANCELLED" } });
    assert.equal(ended.unqueueExecution.execution.state, "CANCELLED");
  });

  it("refuses what does not wait", async () => {
    const executionId = await anExecution(api.db.pool, await aGatedFlow(api.db.pool, ""));
    const { extensions } = await api.fail(unqueue, { input: { executionId } });
    assert.deepEqual([extensions?.code, extensions?.reason], ["RP409", "execution_not_queued"]);
  });
});

describe("Mutation.createExecution", () => {
  it("takes a date to start at, which force-running passes over", async () => {
    const flow = await aGatedFlow(api.db.pool, "");
    const input = { namespace: flow.namespace, flowId: flow.id, scheduleDate: "2100-01-01T00:00:00Z" };
    const { execution } = (await api.read(create, { input })).createExecution;
    assert.deepEqual(
      [execution.state, new Date(execution.scheduleDate)],
      ["CREATED", new Date(input.scheduleDate)],
    );
    const forced = await api.read(
      "mutation ($input: ForceRunExecutionInput!) { forceRunExecution(input: $input) { execution { state } } }",
      { input: { executionId: execution.id } },
    );
    assert.equal(forced.forceRunExecution.execution.state, "RUNNING");
    const { extensions } = await api.fail(create, { input: { ...input, scheduleDate: "soon" } });
    assert.deepEqual([extensions?.code, extensions?.reason], ["RP400", "malformed_value"]);
  });

  it("refuses what the checks of the flow block, and says which", async () => {
    const flow = await aGatedFlow(
      api.db.pool,
      `inputs: [{ id: n, type: INT }]
checks:
  - { condition: "{{ inputs.n > 5 }}", message: Too few }
  - { condition: "{{ inputs.n > 9 }}", message: Not many, behavior: FAIL_EXECUTION }`,
    );
    const input = (n: number) => ({ input: { namespace: flow.namespace, flowId: flow.id, inputs: { n } } });
    const { message, extensions } = await api.fail(create, input(1));
    assert.deepEqual([extensions?.code, extensions?.reason], ["RP422", "execution_blocked"]);
    assert.equal(
      message,
      "Flow execution blocked: one or more condition checks evaluated to false.\nFailed checks: Too few, Not many",
    );
    const failed = (await api.read(create, input(7))).createExecution.execution;
    assert.deepEqual([failed.state, failed.error.reason], ["FAILED", "check_failed"]);
    assert.equal((await api.read(create, input(10))).createExecution.execution.state, "CREATED");
  });
});

describe("Mutation.setLabels", () => {
  const set = `mutation ($input: SetLabelsInput!) { setLabels(input: $input) { execution { labels } } }`;

  it("labels an execution, and refuses what is the system's", async () => {
    const executionId = await anExecution(api.db.pool, await aGatedFlow(api.db.pool, "labels: { a: b }"));
    const done = await api.read(set, { input: { executionId, labels: { c: "d" } } });
    assert.deepEqual(ownLabels(done.setLabels.execution.labels), { c: "d" });
    const { extensions } = await api.fail(set, { input: { executionId, labels: { "system.x": "y" } } });
    assert.deepEqual([extensions?.code, extensions?.reason], ["RP422", "system_label"]);
  });
});

describe("Mutation.pauseExecution and resumeExecution", () => {
  const pause = `mutation ($input: PauseExecutionInput!) {
    pauseExecution(input: $input) { execution { state waits { nodes { kind since taskRun { id } } } } }
  }`;
  const resume =
    "mutation ($input: ResumeExecutionInput!) { resumeExecution(input: $input) { execution { state } } }";

  it("hold an execution and let it go on", async () => {
    const executionId = await anExecution(api.db.pool, await aGatedFlow(api.db.pool, ""));
    const paused = await api.read(pause, { input: { executionId } });
    assert.equal(paused.pauseExecution.execution.state, "PAUSED");
    const [wait] = paused.pauseExecution.execution.waits.nodes;
    assert.deepEqual([wait.kind, typeof wait.since, wait.taskRun], ["HELD", "string", null]);
    const resumed = await api.read(resume, { input: { executionId } });
    assert.equal(resumed.resumeExecution.execution.state, "RUNNING");
    const { extensions } = await api.fail(resume, { input: { executionId } });
    assert.equal(extensions?.reason, "execution_not_paused");
  });
});

describe("Mutation.changeTaskRunState", () => {
  it("refuses what there is not", async () => {
    const change =
      "mutation ($input: ChangeTaskRunStateInput!) { changeTaskRunState(input: $input) { execution { state } } }";
    const { extensions } = await api.fail(change, { input: { taskRunId: "999999999", state: "SUCCESS" } });
    assert.deepEqual([extensions?.code, extensions?.reason], ["RP404", "task_run_not_found"]);
  });
});
