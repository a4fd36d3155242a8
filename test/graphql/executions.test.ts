import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { aFlow, aRevision, type FlowReference } from "../support/a-flow.ts";
import { anEndedExecution, anExecution, aReplay, taskRunsOf } from "../support/an-execution.ts";
import { aHandWorker } from "../support/hand-worker.ts";
import { ownLabels } from "../support/own-labels.ts";
import { anApi } from "./an-api.ts";

const api = await anApi();

let flow: FlowReference;
let failed: string;
let waiting: string;
let replay: string;

before(async () => {
  flow = await aFlow(api.db.pool, {
    tasks: ["a", { id: "b", reads: ["a"] }],
    inputs: [{ id: "day", required: false, isTemplated: true, defaults: "{{ now() }}" }],
    outputs: [{ id: "out", reads: ["b"] }],
    labels: { team: "rides" },
  });
  failed = await api.commit((db) =>
    anEndedExecution(
      db,
      flow,
      { b: "FAILED", $defaults: { outputs: { day: "x" } } },
      { note: "Nightly run" },
    ),
  );
  replay = await api.commit(async (db) => {
    const taskRuns = await taskRunsOf(db, failed);
    const { id } = await aReplay(db, failed, { anchors: [taskRuns.b?.id ?? ""] });
    await (await aHandWorker(db)).drain({ $outputs: { outputs: { out: "done" } } });
    return id;
  });
  const other = await aFlow(api.db.pool, ["only"]);
  waiting = await anExecution(api.db.pool, other, { labels: { team: "fares" } });
});

/** The ids of the executions that a condition leaves. */
async function find(condition: Record<string, unknown>): Promise<string[]> {
  const { executions } = await api.read(
    `query ($condition: ExecutionCondition) { executions(condition: $condition) { nodes { id } totalCount } }`,
    { condition },
  );
  assert.equal(executions.totalCount, executions.nodes.length);
  return executions.nodes.map(({ id }: { id: string }) => id);
}

describe("Query.executions", () => {
  it("lists the youngest first", async () => {
    assert.deepEqual(await find({}), [waiting, replay, failed]);
  });

  it("narrows by namespace, with those below it and not those beside it", async () => {
    assert.equal((await find({ namespace: "company" })).length, 3);
    assert.equal((await find({ namespace: "company.team" })).length, 3);
    assert.deepEqual(await find({ namespace: "company.te" }), []);
  });

  it("narrows by flow, revision and states", async () => {
    assert.deepEqual(await find({ flowId: flow.id }), [replay, failed]);
    assert.deepEqual(await find({ flowId: flow.id, flowRevision: 2 }), []);
    assert.deepEqual(await find({ states: ["FAILED", "CREATED"] }), [waiting, failed]);
  });

  it("narrows by labels, the derived one included", async () => {
    assert.deepEqual(await find({ labels: { team: "rides" } }), [replay, failed]);
    assert.deepEqual(await find({ labels: { "system.replayed": "true" } }), [failed]);
    assert.deepEqual(await find({ labels: { "system.replay": "true", team: "rides" } }), [replay]);
    assert.deepEqual(await find({ labels: { "system.replay": true } }), [replay], "as text");
  });

  it("refuses what is no label or no time", async () => {
    const query = `query ($condition: ExecutionCondition) { executions(condition: $condition) { totalCount } }`;
    for (const [condition, reason] of [
      [{ labels: "team" }, "malformed_labels"],
      [{ labels: ["team"] }, "malformed_labels"],
      [{ labels: { team: { name: "rides" } } }, "malformed_labels"],
      [{ createdAfter: "yesterday or so" }, "malformed_value"],
      [{ endedBefore: "2026-13-45" }, "malformed_value"],
      [{ text: "\u0000" }, "malformed_value"],
    ] as const) {
      const { extensions } = await api.fail(query, { condition });
      assert.deepEqual([extensions?.code, extensions?.reason], ["RP400", reason], JSON.stringify(condition));
    }
  });

  it("narrows by text in id, flow, labels and note", async () => {
    assert.deepEqual(await find({ text: "nightly" }), [failed]);
    assert.deepEqual(await find({ text: waiting.toUpperCase() }), [waiting]);
    assert.deepEqual(await find({ text: `team.${flow.id}` }), [replay, failed]);
    assert.deepEqual(await find({ text: "fares" }), [waiting]);
    assert.deepEqual(await find({ text: "%" }), []);
  });

  it("narrows by times", async () => {
    const { execution } = await api.read(`query ($id: UUID!) { execution(id: $id) { createdAt endedAt } }`, {
      id: failed,
    });
    assert.ok((await find({ createdAfter: execution.createdAt })).includes(failed));
    assert.ok(!(await find({ createdBefore: execution.createdAt })).includes(failed));
    assert.ok((await find({ endedAfter: execution.endedAt })).includes(failed));
    assert.ok(!(await find({ endedBefore: execution.endedAt })).includes(failed));
    assert.deepEqual(await find({ startedAfter: "2999-01-01T00:00:00Z" }), []);
  });

  it("tells replays from others", async () => {
    assert.deepEqual(await find({ isReplay: true }), [replay]);
    assert.deepEqual(await find({ isReplay: false }), [waiting, failed]);
    assert.deepEqual(await find({ originalId: failed }), [replay]);
    assert.deepEqual(await find({ rootId: failed }), [replay]);
    assert.deepEqual(await find({ ids: [failed, waiting] }), [waiting, failed]);
  });

  it("orders by creation, start, end, duration, state and flow, both ways", async () => {
    for (const order of ["CREATED_AT", "STARTED_AT", "ENDED_AT", "DURATION", "STATE", "FLOW"]) {
      for (const direction of ["ASC", "DESC"]) {
        const { executions } = await api.read(
          `{ executions(orderBy: ${order}_${direction}) { nodes { id } } }`,
        );
        assert.equal(executions.nodes.length, 3, `${order}_${direction}`);
      }
    }
    const { executions } = await api.read(`{ executions(orderBy: ENDED_AT_DESC) { nodes { id } } }`);
    assert.deepEqual(
      executions.nodes.map(({ id }: { id: string }) => id),
      [replay, failed, waiting],
    );
  });
});

describe("Query.execution", () => {
  it("gives all of it, with its flow, revision and counts", async () => {
    const { execution } = await api.read(
      `query ($id: UUID!) { execution(id: $id) {
        id namespace flowId flowRevision state attemptNumber inputs labels variables trigger outputs error note
        startDate createdAt startedAt endedAt durationMs createdBy isReplay replayCount savedMs
        taskCount taskRunCount endedTaskRunCount carriedTaskRunCount
        flow { id } revision { revision source } stateHistory { state at }
      } }`,
      { id: failed },
    );
    assert.equal(execution.state, "FAILED");
    assert.equal(execution.note, "Nightly run");
    assert.deepEqual(execution.inputs, { day: "x" });
    assert.deepEqual(ownLabels(execution.labels), { team: "rides", "system.replayed": "true" });
    assert.equal(typeof execution.durationMs, "string");
    assert.deepEqual(
      [
        execution.taskCount,
        execution.taskRunCount,
        execution.endedTaskRunCount,
        execution.carriedTaskRunCount,
      ],
      [2, 2, 2, 0],
    );
    assert.equal(execution.flow.id, flow.id);
    assert.equal(execution.revision.revision, 1);
    assert.deepEqual(
      execution.stateHistory.map(({ state }: { state: string }) => state),
      ["CREATED", "RUNNING", "FAILED"],
    );
  });

  it("writes every time alike", async () => {
    const ended = await api.commit((db) =>
      anEndedExecution(db, flow, { $defaults: { outputs: { day: "x" } } }),
    );
    for (const fraction of ["0", "0.5", "0.123456"]) {
      await api.db.pool.query(
        "update reprise.executions set ended_at = date_trunc('second', ended_at) + make_interval(secs => $2) where id = $1",
        [ended, fraction],
      );
      const { execution } = await api.read(
        `query ($id: UUID!) { execution(id: $id) { createdAt endedAt stateHistory { at } } }`,
        { id: ended },
      );
      assert.equal(execution.stateHistory.at(0).at, execution.createdAt);
      assert.equal(execution.stateHistory.at(-1).at, execution.endedAt, fraction);
    }
  });

  it("is empty for an id that nobody has", async () => {
    const { execution } = await api.read(`{ execution(id: "00000000-0000-7000-8000-000000000000") { id } }`);
    assert.equal(execution, null);
  });

  it("shows where a replay comes from and where it starts", async () => {
    const { execution } = await api.read(
      `query ($id: UUID!) { execution(id: $id) {
        isReplay attemptNumber original { id } root { id } anchors { anchor taskId path taskRunId }
        outputs carriedTaskRunCount stateHistory { state }
        lineage { id anchors { taskId } }
      } }`,
      { id: replay },
    );
    assert.equal(execution.isReplay, true);
    assert.equal(execution.attemptNumber, 2);
    assert.equal(execution.original.id, failed);
    assert.equal(execution.root.id, failed);
    assert.equal(execution.anchors[0].taskId, "b");
    assert.deepEqual(execution.outputs, { out: "done" });
    assert.equal(execution.carriedTaskRunCount, 1);
    assert.equal(execution.stateHistory[0].state, "RESTARTED");
    assert.deepEqual(execution.lineage, [
      { id: failed, anchors: null },
      { id: replay, anchors: [{ taskId: "b" }] },
    ]);
  });

  it("leads to the replays and the whole line from any of them", async () => {
    const again = await aReplay(api.db.pool, replay, { anchors: ["start"] });
    const { execution } = await api.read(
      `query ($id: UUID!) { execution(id: $id) {
        replayCount replays { nodes { id state } totalCount } lineage { id }
      } }`,
      { id: failed },
    );
    assert.equal(execution.replayCount, 1);
    assert.deepEqual(execution.replays.nodes, [{ id: replay, state: "SUCCESS" }]);
    assert.deepEqual(
      execution.lineage.map(({ id }: { id: string }) => id),
      [failed, replay, again.id],
    );
  });

  it("shows the error of a system step as its own, and no system steps", async () => {
    const id = await api.commit((db) =>
      anEndedExecution(db, flow, {
        $defaults: { outputs: { day: "x" } },
        $outputs: { state: "FAILED", error: { reason: "expression_failed", message: "No." } },
      }),
    );
    const { execution } = await api.read(
      `query ($id: UUID!) { execution(id: $id) { state error taskRuns { nodes { taskId } totalCount } } }`,
      { id },
    );
    assert.equal(execution.state, "FAILED");
    assert.equal(execution.error.reason, "expression_failed");
    assert.deepEqual(execution.taskRuns, { nodes: [{ taskId: "a" }, { taskId: "b" }], totalCount: 2 });
  });

  it("goes with its flow's revisions", async () => {
    await aRevision(api.db.pool, flow, ["a", "c"]);
    const { flow: found } = await api.read(
      `query ($namespace: String!, $id: String!) { flow(namespace: $namespace, id: $id) {
        executions(condition: { states: [FAILED], isReplay: false, text: "nightly" }) { totalCount nodes { revision { revision } } }
        revisions { nodes { revision executions { totalCount } } }
      } }`,
      { ...flow },
    );
    assert.equal(found.executions.totalCount, 1);
    assert.equal(found.executions.nodes[0].revision.revision, 1);
    assert.deepEqual(found.revisions.nodes[0], { revision: 2, executions: { totalCount: 0 } });
  });
});
