import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { childrenText } from "../../src/cli/present/children-text.ts";
import { readBatches } from "../../src/cli/read/read-batches.ts";
import { readTaskRuns } from "../../src/cli/read/read-execution.ts";
import { callOne } from "../../src/db/call.ts";
import { createPostgresStorage } from "../../src/storage/postgres-storage.ts";
import type { Worker } from "../../src/worker/worker.ts";
import { block, linesOf } from "../sql/blocks/block-flows.ts";
import { subflow } from "../sql/subflows/subflow-flows.ts";
import { aWorker } from "../support/a-worker.ts";
import { anExecution, aPlan, executionOf, taskRunsOf } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { until } from "../support/until.ts";
import { aWorkerFlow, untilEnded } from "../support/worker-flows.ts";
import { childInputs, file, inputs, item, itemsOf, say } from "./item-flows.ts";

const db = await testDatabase();
let worker: Worker;
before(async () => {
  worker = await aWorker(db.connectionString);
});
after(async () => await worker?.[Symbol.asyncDispose]());

async function run(tasks: string): Promise<string> {
  const id = await anExecution(db.pool, await aWorkerFlow(db.pool, `tasks: [${tasks}]`));
  await untilEnded(db.pool, id);
  return id;
}

const children = (id: string) => itemsOf(db.pool, id);
const lines = async (id: string) => {
  const client = await db.pool.connect();
  return await linesOf(client, id).finally(() => client.release());
};
const outputsOf = async <T>(id: string, task: string) => (await taskRunsOf(db.pool, id))[task]?.outputs as T;

describe("a ForEachItem that runs again", () => {
  it("restarts the executions that failed, and keeps the others", async () => {
    const child = await aWorkerFlow(
      db.pool,
      `${childInputs}\ntasks: [{ id: x, type: test.FailFirst, times: "{{ inputs.number % 2 }}" }]`,
    );
    const id = await run(`${file(102)}, ${item(child, `, batch: { rows: 20 }${inputs}`)}`);
    const before = await children(id);
    assert.deepEqual(
      before.map(({ state }) => state),
      ["SUCCESS", "FAILED", "SUCCESS", "FAILED", "SUCCESS", "FAILED"],
    );
    const { problems } = await aPlan(db.pool, id, { anchors: ["failed"] });
    assert.deepEqual(
      problems?.map((problem) => problem?.message),
      [
        "`each_items` starts an execution for each batch anew: of the 6 that it had started, 3 had succeeded. A restart of the original starts only the others again.",
      ],
    );
    const taskRuns = await readTaskRuns(db.pool, id);
    const failed = before.filter(({ state }) => state === "FAILED").map((one) => one.id);
    assert.deepEqual(childrenText(taskRuns, await readBatches(db.pool, taskRuns)), [
      "",
      "↳ each_items: 6 executions: FAILED 3, SUCCESS 3",
      ...failed.toSorted().map((one) => `  ↳ execution ${one}, FAILED`),
    ]);
    await callOne(db.pool, "reprise_api.restart_execution", { execution_id: id });
    await untilEnded(db.pool, id);
    assert.equal((await executionOf(db.pool, id)).state, "SUCCESS");
    const after = await children(id);
    assert.deepEqual(
      after.map(({ id: each, state }) => [each, state]),
      before.map(({ id: each }) => [each, "SUCCESS"]),
    );
    const { iterations } = await outputsOf<{ iterations: unknown }>(id, "each_items");
    assert.deepEqual(iterations, { CREATED: 0, RUNNING: 0, SUCCESS: 6 });
  });

  it("goes on once all executions that failed were restarted by themselves, and ended well", async () => {
    const child = await aWorkerFlow(
      db.pool,
      `${childInputs}\ntasks: [{ id: x, type: test.FailFirst, times: "{{ inputs.number % 2 }}" }]`,
    );
    const id = await run(`${file(4)}, ${item(child, inputs)}`);
    const failed = (await children(id)).filter(({ state }) => state === "FAILED");
    assert.equal(failed.length, 2);
    const told = async () =>
      (await db.pool.query("select from reprise.ended_subflows")).rowCount === 0 &&
      (await children(id)).every(({ state }) => state !== "RUNNING" && state !== "RESTARTED");
    for (const { id: execution_id } of failed) {
      assert.equal((await executionOf(db.pool, id)).state, "FAILED");
      await callOne(db.pool, "reprise_api.restart_execution", { execution_id });
      await untilEnded(db.pool, execution_id);
      await until(told, { what: "the parent to have heard of its child" });
    }
    await untilEnded(db.pool, id);
    assert.deepEqual((await lines(id)).slice(1), [
      "each SUCCESS",
      "each_split SUCCESS",
      "each_items SUCCESS",
      "each_merge SUCCESS",
      "= SUCCESS",
    ]);
    const { rows } = await db.pool.query(
      "select number, state, outputs -> 'iterations' as iterations from reprise_api.list_attempts($1)",
      [(await taskRunsOf(db.pool, id)).each_items?.id],
    );
    assert.deepEqual(rows, [
      { number: 1, state: "FAILED", iterations: { CREATED: 0, RUNNING: 0, SUCCESS: 2, FAILED: 2 } },
      { number: 2, state: "SUCCESS", iterations: { CREATED: 0, RUNNING: 0, SUCCESS: 4 } },
    ]);
    assert.equal((await children(id)).length, 4);
  });

  const gives = (outputs = true) =>
    aWorkerFlow(
      db.pool,
      `${childInputs}\ntasks: [${say}]${outputs ? '\noutputs: [{ id: said, type: STRING, value: "{{ outputs.say.text }}" }]' : ""}`,
    );
  const replay = async (execution_id: string, anchor: string) => {
    const { id } = await callOne(db.pool, "reprise_api.replay_execution", {
      execution_id,
      anchors: [anchor],
    });
    await untilEnded(db.pool, id);
    return id;
  };

  const warningsOf = async (id: string, anchor: string) => {
    const { problems } = await aPlan(db.pool, id, { anchors: [anchor] });
    return (problems ?? []).map((problem) => `${problem?.task_id} ${problem?.code}: ${problem?.message}`);
  };

  it("fails to gather what a purged execution had given, and gathers it from the replay that it names", async () => {
    const id = await run(`${file(3)}, ${item(await gives(), inputs)}`);
    const purged = (await children(id))[1]?.id as string;
    assert.deepEqual(await warningsOf(id, "task:each_merge"), []);
    await callOne(db.pool, "reprise_api.purge_executions", { execution_ids: [purged] });
    assert.deepEqual(await warningsOf(id, "task:each_merge"), [
      "each_merge batches_purged: `each_merge` would fail: what batch 1 gave (of 3, counted from 0) is gone, since its execution was purged. Start at `each_items`, which starts an execution for each batch anew.",
    ]);
    assert.deepEqual(await warningsOf(id, "task:each_items"), []);
    const gathering = await replay(id, "task:each_merge");
    assert.deepEqual((await lines(gathering)).slice(1), [
      "each FAILED",
      "each_split SUCCESS",
      "each_items SUCCESS",
      "each_merge FAILED",
      "= FAILED",
    ]);
    assert.deepEqual((await taskRunsOf(db.pool, gathering)).each_merge?.error, {
      reason: "subflow_purged",
      message: `What batch 1 gave (of 3, counted from 0) is gone: its execution ${purged} was purged. Replay from \`each_items\`, which starts an execution for each batch anew.`,
      details: { iteration: 1, executionId: purged },
    });
    assert.equal((await executionOf(db.pool, await replay(id, "task:each_items"))).state, "SUCCESS");
  });

  it("fails so too where a replay of what was purged keeps it", async () => {
    const id = await run(`${file(2)}, ${item(await gives(), inputs)}`);
    const purged = (await children(id))[0]?.id as string;
    await replay(purged, "start");
    await callOne(db.pool, "reprise_api.purge_executions", { execution_ids: [purged] });
    assert.equal((await warningsOf(id, "task:each_merge")).length, 1);
    const gathering = await replay(id, "task:each_merge");
    const error = (await taskRunsOf(db.pool, gathering)).each_merge?.error;
    assert.deepEqual((error as { details?: unknown } | null)?.details, { iteration: 0, executionId: purged });
  });

  it("is warned of all that purged executions had given, of many by their count", async () => {
    const id = await run(`${file(8)}, ${item(await gives(), inputs)}`);
    const all = (await children(id)).map((child) => child.id as string);
    const goneAfter = async (execution_ids: string[]) => {
      await callOne(db.pool, "reprise_api.purge_executions", { execution_ids });
      return /what (.*) gave .* since (.*) purged/
        .exec((await warningsOf(id, "task:each_merge"))[0] ?? "")
        ?.slice(1);
    };
    assert.deepEqual(await goneAfter(all.slice(1, 3)), ["batches 1 and 2", "their executions were"]);
    assert.deepEqual(await goneAfter(all.slice(4, 7)), ["batches 1, 2, 4, 5 and 6", "their executions were"]);
    assert.deepEqual(await goneAfter(all), ["batches 0, 1, 2, 3, 4 and 3 more", "their executions were"]);
  });

  it("misses nothing of executions that were purged and had given nothing", async () => {
    const id = await run(`${file(2)}, ${item(await gives(false), inputs)}`);
    for (const { id: purged } of await children(id)) {
      await callOne(db.pool, "reprise_api.purge_executions", { execution_ids: [purged] });
      assert.deepEqual(await warningsOf(id, "task:each_merge"), []);
      assert.equal((await executionOf(db.pool, await replay(id, "task:each_merge"))).state, "SUCCESS");
    }
  });

  it("gathers in a replay also when a restart of the original has dropped what that carries", async () => {
    const pausing = await aWorkerFlow(db.pool, "tasks: [{ id: p, type: io.kestra.plugin.core.flow.Pause }]");
    const dag = block("d", "Dag", `tasks: [{ task: ${item(await gives(), inputs)} }]`);
    const id = await anExecution(
      db.pool,
      await aWorkerFlow(db.pool, `tasks: [${file(2)}, ${subflow("s", pausing)}, ${dag}]`),
    );
    const pausedOf = (execution: string) =>
      until(
        async () =>
          (await children(execution)).find(({ task, state }) => task === "s" && state === "PAUSED")?.id,
        { what: "the child to pause" },
      );
    await callOne(db.pool, "reprise_api.kill_execution", { execution_id: await pausedOf(id) });
    await untilEnded(db.pool, id);
    const gathering = await callOne(db.pool, "reprise_api.replay_execution", {
      execution_id: id,
      anchors: ["task:each_merge"],
    });
    const waiting = await pausedOf(gathering.id);
    await callOne(db.pool, "reprise_api.restart_execution", { execution_id: id });
    assert.deepEqual(
      (await lines(id)).filter((line) => line.startsWith("each")),
      [],
    );
    await callOne(db.pool, "reprise_api.resume_execution", { execution_id: waiting });
    await untilEnded(db.pool, gathering.id);
    assert.equal((await executionOf(db.pool, gathering.id)).state, "SUCCESS");
    const { subflowOutputs } = await outputsOf<{ subflowOutputs: string }>(gathering.id, "each_merge");
    const merged = createPostgresStorage(db.pool).get(subflowOutputs);
    assert.equal(Buffer.concat(await Array.fromAsync(merged)).toString(), '{said:"0"}\n{said:"1"}\n');
  });

  it("starts executions of its own in a restart that runs it again behind a child that was killed", async () => {
    const pausing = await aWorkerFlow(db.pool, "tasks: [{ id: p, type: io.kestra.plugin.core.flow.Pause }]");
    const flow = await aWorkerFlow(
      db.pool,
      `tasks: [${subflow("s", pausing)}, ${file(2)}, ${item(await gives(), inputs)}]`,
    );
    const id = await anExecution(db.pool, flow);
    const paused = async () =>
      (await children(id)).find(({ task, state }) => task === "s" && state === "PAUSED")?.id;
    const waiting = await until(paused, { what: "the child to pause" });
    await callOne(db.pool, "reprise_api.kill_execution", { execution_id: waiting });
    await untilEnded(db.pool, id);
    await callOne(db.pool, "reprise_api.restart_execution", { execution_id: id });
    await callOne(db.pool, "reprise_api.resume_execution", {
      execution_id: await until(paused, { what: "the child to pause again" }),
    });
    await untilEnded(db.pool, id);
    const client = await db.pool.connect();
    const seen = await linesOf(client, id, true).finally(() => client.release());
    assert.deepEqual(seen.toSorted(), [
      "= SUCCESS",
      "each SUCCESS 1",
      "each_items SUCCESS 2",
      "each_merge SUCCESS 2",
      "each_split SUCCESS 2",
      "file SUCCESS 2",
      "s SUCCESS 2",
    ]);
    assert.equal((await children(id)).length, 5);
  });

  it("shows how its executions have ended when it is killed with them", async () => {
    const child = await aWorkerFlow(
      db.pool,
      `${childInputs}\ntasks: [{ id: i, type: io.kestra.plugin.core.flow.If, condition: "{{ inputs.number == 1 }}", then: [{ id: p, type: io.kestra.plugin.core.flow.Pause }] }]`,
    );
    const id = await anExecution(
      db.pool,
      await aWorkerFlow(db.pool, `tasks: [${file(3)}, ${item(child, inputs)}]`),
    );
    const counts = () => outputsOf<Record<string, unknown> | undefined>(id, "each_items");
    await until(async () => JSON.stringify(await counts())?.includes('"SUCCESS":2'), {
      what: "two to end",
    });
    await callOne(db.pool, "reprise_api.kill_execution", { execution_id: id });
    await untilEnded(db.pool, id);
    assert.deepEqual(await counts(), {
      iterations: { CREATED: 0, RUNNING: 0, SUCCESS: 2, KILLED: 1 },
      numberOfBatches: 3,
    });
    assert.deepEqual(
      (await children(id)).map(({ state }) => state),
      ["SUCCESS", "KILLED", "SUCCESS"],
    );
  });
});
