import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { callOne } from "../../src/db/call.ts";
import type { Worker } from "../../src/worker/worker.ts";
import type { FlowReference } from "../support/a-flow.ts";
import { aWorker } from "../support/a-worker.ts";
import { anExecution, aReplay, taskRunsOf } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { contentOf } from "../support/directory-flows.ts";
import { aWorkerFlow, untilEnded } from "../support/worker-flows.ts";

const db = await testDatabase();
let worker: Worker;
before(async () => {
  worker = await aWorker(db.connectionString);
});
after(async () => await worker[Symbol.asyncDispose]());

const FROM_CACHE = "Task output was retrieved from cache.";

/** A task that gives a text. */
const returning = (id: string, cache: string, text = "{{ inputs.text }}") =>
  `  - { id: ${id}, type: io.kestra.plugin.core.debug.Return, format: "${text}"${cache} }`;
const cached = ", taskCache: { enabled: true, ttl: PT5M }";
const inputs = "inputs: [{ id: text, type: STRING, defaults: HELLO }]\ntasks:\n";

async function run(flow: FlowReference, given = {}) {
  const id = await anExecution(db.pool, flow, { inputs: given });
  return await seen(id);
}

/** What became of an execution, and which tasks were taken from the cache. */
async function seen(id: string) {
  await untilEnded(db.pool, id);
  const { rows } = await db.pool.query<{ line: string }>(
    `select t.id || coalesce('[' || array_to_string(r.iteration_path, ',') || ']', '') as line
    from reprise.logs as l
    join reprise.task_runs as r on r.id = l.task_run_id
    join reprise.tasks as t on t.key = r.task_key
    where l.execution_id = $1 and l.message = $2
    order by 1`,
    [id, FROM_CACHE],
  );
  return { id, runs: await taskRunsOf(db.pool, id), found: rows.map(({ line }) => line) };
}

function uriOf({ runs }: Awaited<ReturnType<typeof seen>>): string {
  const outputs = runs.a?.outputs as { uri: string } | undefined;
  return outputs?.uri ?? "";
}

const age = async ({ id }: FlowReference, by: string) =>
  await db.pool.query(
    "update reprise.task_caches set stored_at = stored_at - $2::interval, expires_at = expires_at - $2::interval where flow_id = $1",
    [id, by],
  );

describe("a task cache", () => {
  it("gives the outputs that the same properties have given, in one attempt that says so", async () => {
    const flow = await aWorkerFlow(db.pool, inputs + returning("a", cached));
    assert.deepEqual((await run(flow)).found, []);
    const { runs, found } = await run(flow);
    assert.deepEqual(found, ["a"]);
    assert.deepEqual(runs.a?.outputs, { value: "HELLO" });
    assert.deepEqual(runs.a?.attempts, ["1 SUCCESS"]);
  });

  it("is another for other properties, for another task, and for a task that has none", async () => {
    const flow = await aWorkerFlow(
      db.pool,
      `${inputs}${returning("a", cached)}\n${returning("b", cached, "HELLO")}\n${returning("c", "")}\n${returning("d", ", taskCache: { enabled: false }")}`,
    );
    assert.deepEqual((await run(flow)).found, []);
    assert.deepEqual((await run(flow, { text: "BYE" })).found, ["b"]);
    assert.deepEqual((await run(flow, { text: "BYE" })).found, ["a", "b"]);
  });

  it("is not used when it is older than its ttl, and then goes", async () => {
    const flow = await aWorkerFlow(db.pool, inputs + returning("a", cached));
    await run(flow);
    await age(flow, "4 minutes");
    assert.deepEqual((await run(flow)).found, ["a"]);
    await age(flow, "2 minutes");
    assert.deepEqual((await run(flow)).found, []);
    assert.deepEqual((await run(flow)).found, ["a"]);
    await age(flow, "6 minutes");
    assert.equal(await callOne(db.pool, "reprise_engine.tend_task_caches", {}), 1);
    assert.deepEqual((await run(flow)).found, []);
  });

  it("is another for each value of the loop around it", async () => {
    const flow = await aWorkerFlow(
      db.pool,
      `tasks:\n  - id: each\n    type: io.kestra.plugin.core.flow.ForEach\n    values: [x, y]\n    tasks:\n    ${returning("a", cached, "same")}`,
    );
    assert.deepEqual((await run(flow)).found, []);
    assert.deepEqual((await run(flow)).found, ["a[x]", "a[y]"]);
  });

  it("is another where a template that the task renders itself reads other inputs", async () => {
    const flow = await aWorkerFlow(
      db.pool,
      `${inputs}  - { id: a, type: io.kestra.plugin.core.execution.Assert, conditions: ["{{ inputs.text == 'HELLO' }}"]${cached} }`,
    );
    await run(flow);
    assert.deepEqual((await run(flow)).found, ["a"]);
    const { runs, found } = await run(flow, { text: "BYE" });
    assert.deepEqual([found, runs.a?.state], [[], "FAILED"]);
  });

  it("is there for a task in a WorkingDirectory", async () => {
    const flow = await aWorkerFlow(
      db.pool,
      `${inputs}  - id: w\n    type: io.kestra.plugin.core.flow.WorkingDirectory\n    tasks:\n    ${returning("a", cached)}`,
    );
    await run(flow);
    assert.deepEqual((await run(flow)).found, ["a"]);
  });

  it("keeps nothing of a failure", async () => {
    const flow = await aWorkerFlow(
      db.pool,
      `tasks:\n  - { id: a, type: test.FailFirst, times: 1${cached}, retry: { type: constant, interval: PT0.01S, maxAttempts: 2 } }`,
    );
    const first = await run(flow);
    assert.deepEqual(first.runs.a?.attempts, ["1 FAILED", "2 SUCCESS"]);
    assert.deepEqual(first.found, []);
    const { runs } = await run(flow);
    assert.deepEqual(runs.a?.attempts, ["1 SUCCESS"]);
    assert.deepEqual(runs.a?.outputs, { attempt: 2 });
  });

  it("keeps files readable beyond a purge, as long as it lives or somebody names them", async () => {
    const flow = await aWorkerFlow(
      db.pool,
      `${inputs}  - { id: a, type: test.Store, text: "{{ inputs.text }}"${cached} }`,
    );
    const first = await run(flow);
    const uri = uriOf(first);
    const purge = async (id: string) =>
      await callOne(db.pool, "reprise_api.purge_executions", { execution_ids: [id] });
    await purge(first.id);
    const second = await run(flow);
    assert.deepEqual([second.found, uriOf(second)], [["a"], uri]);
    await age(flow, "1 hour");
    await callOne(db.pool, "reprise_engine.tend_task_caches", {});
    assert.equal(await contentOf(db.pool, uri), "HELLO");
    await purge(second.id);
    await assert.rejects(contentOf(db.pool, uri), { code: "RP404" });
  });

  it("goes with its flow, and its files with it", async () => {
    const flow = await aWorkerFlow(db.pool, `${inputs}  - { id: a, type: test.Store, text: x${cached} }`);
    const first = await run(flow);
    const uri = uriOf(first);
    await callOne(db.pool, "reprise_api.purge_executions", { execution_ids: [first.id] });
    assert.equal(await contentOf(db.pool, uri), "x");
    await callOne(db.pool, "reprise_api.delete_flow", { namespace: flow.namespace, flow_id: flow.id });
    await assert.rejects(contentOf(db.pool, uri), { code: "RP404" });
  });
});

describe("a replay and the task cache", () => {
  const three = inputs + ["a", "b", "c"].map((id) => returning(id, cached)).join("\n");

  it("runs the task from which it starts, and may take what comes after from the cache", async () => {
    const flow = await aWorkerFlow(db.pool, three);
    const { id } = await run(flow);
    const replay = await seen((await aReplay(db.pool, id, { anchors: ["task:b"] })).id);
    assert.deepEqual(replay.found, ["c"]);
    assert.equal(replay.runs.a?.is_carried, true);
    const { found } = await seen((await aReplay(db.pool, id, { anchors: ["start"] })).id);
    assert.deepEqual(found, ["a", "b", "c"]);
  });

  it("runs what stands in the block, or the iteration, from which it starts", async () => {
    const flow = await aWorkerFlow(
      db.pool,
      `tasks:\n  - id: each\n    type: io.kestra.plugin.core.flow.ForEach\n    values: [x, y]\n    tasks:\n    ${returning("a", cached, "same")}\n${returning("b", cached, "b")}`,
    );
    const { id } = await run(flow);
    const block = await seen((await aReplay(db.pool, id, { anchors: ["task:each"] })).id);
    assert.deepEqual(block.found, ["b"]);
    const inside = await seen((await aReplay(db.pool, id, { anchors: ['task:a["y"]'] })).id);
    assert.deepEqual(inside.found, ["b"]);
  });
});
