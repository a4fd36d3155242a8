import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { aFlow, aRevision, type FlowReference } from "../support/a-flow.ts";
import { anEndedExecution, anExecution } from "../support/an-execution.ts";
import { ownLabels } from "../support/own-labels.ts";
import { anApi } from "./an-api.ts";

const api = await anApi();

let flow: FlowReference;
let failed: string;

before(async () => {
  flow = await aFlow(api.db.pool, ["a", "b", "c"]);
  await aRevision(api.db.pool, flow, ["a", { id: "b", does: "better" }, "c", "d"]);
  failed = await api.commit((db) => anEndedExecution(db, flow, { b: "FAILED" }, { revision: 1 }));
});

const plan = `query ($id: UUID!, $anchors: [String!], $revision: String, $mode: ReplayMode, $inputs: JSON, $overrides: JSON, $breakpoints: [String!]) {
  replayPlan(executionId: $id, anchors: $anchors, revision: $revision, mode: $mode, inputs: $inputs, overrides: $overrides, breakpoints: $breakpoints) {
    flowRevision planHash isRunnable carriedCount rerunCount savedMs inputs
    startsAt { anchor taskId taskRunId } execution { id }
    tasks { taskId disposition reason becauseOf explanation state attemptNumber durationMs changedKeys iteration iterationPath around
      taskRun { outputs } }
    problems { code message taskId isBlocking }
  }
}`;
const replay = `mutation ($input: ReplayExecutionInput!) { replayExecution(input: $input) { execution { id state original { id } note labels } } }`;

describe("Query.replayPlan", () => {
  it("says task by task what a replay would do", async () => {
    const { replayPlan } = await api.read(plan, { id: failed, anchors: ["failed"], revision: "latest" });
    assert.equal(replayPlan.flowRevision, 2);
    assert.equal(replayPlan.isRunnable, true);
    assert.equal(replayPlan.execution.id, failed);
    assert.deepEqual(replayPlan.startsAt[0].taskId, "b");
    assert.deepEqual(
      replayPlan.tasks.map(({ taskId, disposition }: Record<string, string>) => `${taskId} ${disposition}`),
      ["a CARRIED", "b RERUN", "c RERUN", "d RERUN"],
    );
    assert.deepEqual(replayPlan.tasks[0].taskRun, { outputs: { value: "a 1" } });
    assert.match(replayPlan.tasks[1].explanation, /\.$/);
    assert.deepEqual(replayPlan.problems, []);
  });

  it("warns of breakpoints where the replay does not stop", async () => {
    const asked = { id: failed, anchors: ["failed"], revision: "latest", breakpoints: ["a", "b"] };
    const { replayPlan } = await api.read(plan, asked);
    assert.equal(replayPlan.isRunnable, true);
    assert.deepEqual(
      replayPlan.problems.map(({ code, taskId }: Record<string, string>) => `${taskId} ${code}`),
      ["a breakpoint_not_reached"],
    );
  });

  it("names what stands in the way", async () => {
    const { replayPlan } = await api
      .read(plan, { id: failed, anchors: ["task:gone"] })
      .catch((error: Error) => {
        assert.match(error.message, /RP4/);
        return { replayPlan: null };
      });
    assert.ok(
      replayPlan === null || (replayPlan.isRunnable === false && replayPlan.problems[0].isBlocking === true),
    );
  });

  it("refuses an execution that does not exist, and malformed anchors and revisions", async () => {
    const absent = await api.fail(plan, { id: "00000000-0000-7000-8000-000000000000" });
    assert.deepEqual([absent.extensions?.code, absent.extensions?.reason], ["RP404", "execution_not_found"]);
    assert.ok(absent.extensions?.hint);
    assert.deepEqual(absent.path, ["replayPlan"]);
    const anchor = await api.fail(plan, { id: failed, anchors: ["nonsense!"] });
    assert.match(anchor.extensions?.code ?? "", /^RP4/);
    const revision = await api.fail(plan, { id: failed, revision: "newest" });
    assert.equal(revision.extensions?.reason, "malformed_revision");
  });
});

describe("Mutation.replayExecution", () => {
  it("does what the plan says, and the same key gives the same replay", async () => {
    const { replayPlan } = await api.read(plan, { id: failed, anchors: ["failed"], revision: "latest" });
    const input = {
      executionId: failed,
      anchors: ["failed"],
      revision: "latest",
      planHash: replayPlan.planHash,
      note: "b is better now",
      idempotencyKey: "once",
      inputs: null,
    };
    const first = (await api.read(replay, { input })).replayExecution.execution;
    assert.equal(first.original.id, failed);
    assert.equal(first.note, "b is better now");
    assert.equal(first.labels["system.replay"], "true");
    const second = (await api.read(replay, { input })).replayExecution.execution;
    assert.equal(second.id, first.id);
  });

  it("refuses another plan than the one that was looked at", async () => {
    const error = await api.fail(replay, {
      input: { executionId: failed, anchors: ["failed"], planHash: "another" },
    });
    assert.equal(error.extensions?.code, "RP409");
  });
});

describe("Mutation.createExecution", () => {
  it("starts an execution with inputs, labels, note and key", async () => {
    const { createExecution } = await api.read(
      `mutation ($input: CreateExecutionInput!) { createExecution(input: $input) {
        execution { state flowRevision labels note createdBy }
      } }`,
      {
        input: {
          namespace: flow.namespace,
          flowId: flow.id,
          revision: 1,
          labels: { why: "test" },
          note: "Try",
        },
      },
    );
    const { createdBy, labels, ...execution } = createExecution.execution;
    assert.ok(createdBy);
    assert.deepEqual(execution, { state: "CREATED", flowRevision: 1, note: "Try" });
    assert.deepEqual(ownLabels(labels), { why: "test" });
  });

  it("refuses what the flow does not take, with every fault named", async () => {
    const error = await api.fail(
      `mutation ($input: CreateExecutionInput!) { createExecution(input: $input) { execution { id } } }`,
      { input: { namespace: flow.namespace, flowId: flow.id, inputs: { unknown: 1 } } },
    );
    assert.equal(error.extensions?.code, "RP422");
    assert.match(error.message, /unknown/);
  });

  it("refuses a flow that does not exist", async () => {
    const error = await api.fail(
      `mutation { createExecution(input: { namespace: "no", flowId: "such" }) { execution { id } } }`,
    );
    assert.deepEqual([error.extensions?.code, error.extensions?.reason], ["RP404", "flow_not_found"]);
  });
});

describe("Mutation.killExecution and restartExecution", () => {
  const kill = `mutation ($id: UUID!) { killExecution(input: { executionId: $id }) { execution { state stateHistory { state } } } }`;
  const restart = `mutation ($id: UUID!) { restartExecution(input: { executionId: $id }) { execution { state attemptNumber } } }`;

  it("kill what has not ended, and go on with what failed", async () => {
    const id = await anExecution(api.db.pool, flow);
    const { killExecution } = await api.read(kill, { id });
    assert.equal(killExecution.execution.state, "KILLED");
    assert.deepEqual(killExecution.execution.stateHistory, [
      { state: "CREATED" },
      { state: "KILLING" },
      { state: "KILLED" },
    ]);
    const again = await api.fail(kill, { id });
    assert.deepEqual([again.extensions?.code, again.extensions?.reason], ["RP409", "execution_ended"]);
    const { restartExecution } = await api.read(restart, { id });
    assert.deepEqual(restartExecution.execution, { state: "RESTARTED", attemptNumber: 2 });
    const running = await api.fail(restart, { id });
    assert.equal(running.extensions?.reason, "execution_not_ended");
  });
});
