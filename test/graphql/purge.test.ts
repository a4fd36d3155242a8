import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callOne } from "../../src/db/call.ts";
import { aFlow } from "../support/a-flow.ts";
import { anEndedExecution, anExecution, aReplay } from "../support/an-execution.ts";
import { aHandWorker } from "../support/hand-worker.ts";
import { anApi } from "./an-api.ts";

const api = await anApi();

const purge = `mutation ($input: PurgeExecutionsInput!) { purgeExecutions(input: $input) {
  purgedCount keptCount deletedFileCount freedBytes
} }`;

describe("Mutation.purgeExecutions", () => {
  it("takes ended executions out of sight, with their task runs, and keeps what a replay carries", async () => {
    const flow = await aFlow(api.db.pool, ["a", "b"]);
    const original = await api.commit((db) => anEndedExecution(db, flow, { b: "FAILED" }));
    const replay = await api.commit(async (db) => {
      const { id } = await aReplay(db, original, { anchors: ["failed"] });
      await (await aHandWorker(db)).drain();
      return id;
    });
    const { execution } = await api.read(
      `query ($id: UUID!) { execution(id: $id) { taskRuns { nodes { id } } } }`,
      { id: original },
    );
    const taskRunId = execution.taskRuns.nodes[0].id;

    const { purgeExecutions } = await api.read(purge, { input: { executionIds: [original] } });
    assert.deepEqual(purgeExecutions, { purgedCount: 1, keptCount: 1, deletedFileCount: 0, freedBytes: "0" });

    const after = await api.read(
      `query ($original: UUID!, $replay: UUID!, $taskRunId: BigInt!) {
        gone: execution(id: $original) { id }
        goneRun: taskRun(id: $taskRunId) { id }
        executions { totalCount nodes { id } }
        replay: execution(id: $replay) {
          isReplay original { id } root { id } lineage { id }
          taskRuns { nodes { taskId outputs original { id } attempts { number state execution { id } } } }
        }
      }`,
      { original, replay, taskRunId },
    );
    assert.deepEqual([after.gone, after.goneRun], [null, null]);
    assert.deepEqual(after.executions, { totalCount: 1, nodes: [{ id: replay }] });
    assert.deepEqual([after.replay.isReplay, after.replay.original, after.replay.root], [true, null, null]);
    assert.deepEqual(after.replay.lineage, [{ id: replay }]);
    assert.deepEqual(after.replay.taskRuns.nodes, [
      {
        taskId: "a",
        outputs: { value: "a 1" },
        original: null,
        attempts: [{ number: 1, state: "SUCCESS", execution: null }],
      },
      {
        taskId: "b",
        outputs: { value: "b 2" },
        original: null,
        attempts: [
          { number: 1, state: "FAILED", execution: null },
          { number: 2, state: "SUCCESS", execution: { id: replay } },
        ],
      },
    ]);
    const error = await api.fail(
      `mutation ($id: UUID!) { replayExecution(input: { executionId: $id }) { execution { id } } }`,
      { id: original },
    );
    assert.equal(error.extensions?.reason, "execution_not_found");
  });

  it("needs a condition, and leaves what has not ended", async () => {
    const error = await api.fail(purge, { input: {} });
    assert.deepEqual(
      [error.extensions?.code, error.extensions?.reason],
      ["RP400", "purge_without_condition"],
    );
    const flow = await aFlow(api.db.pool, ["a"]);
    const id = await anExecution(api.db.pool, flow);
    const { purgeExecutions } = await api.read(purge, { input: { flowId: flow.id } });
    assert.equal(purgeExecutions.purgedCount, 0);
    await callOne(api.db.pool, "reprise_api.kill_execution", { execution_id: id });
    const byState = await api.read(purge, { input: { flowId: flow.id, states: ["KILLED"] } });
    assert.equal(byState.purgeExecutions.purgedCount, 1);
  });
});
