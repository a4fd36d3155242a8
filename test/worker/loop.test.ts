import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createPostgresStorage } from "../../src/storage/postgres-storage.ts";
import type { Worker } from "../../src/worker/worker.ts";
import { block } from "../sql/blocks/block-flows.ts";
import { aWorker } from "../support/a-worker.ts";
import { anExecution, aPlan, aReplay, executionOf, taskRunsOf } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { aWorkerFlow, untilEnded } from "../support/worker-flows.ts";

const db = await testDatabase();
let worker: Worker;
before(async () => {
  worker = await aWorker(db.connectionString);
});
after(async () => await worker?.[Symbol.asyncDispose]());

const file = (...lines: string[]) =>
  `{ id: file, type: test.Store, text: ${JSON.stringify(lines.map((line) => `${line}\n`).join(""))} }`;
const say = `{ id: say, type: test.Say, text: "{{ item.index }} {{ item.value }}" }`;
const loop = (values: string, rest: string, tasks = say) =>
  block("l", "Loop", `values: ${values}, ${rest}, tasks: [${tasks}]`);
const gives = `outputs: [{ id: index, type: INT, value: "{{ item.index }}" }, { id: said, value: "{{ outputs.say }}" }]`;

async function run(tasks: string, rest = ""): Promise<string> {
  const id = await anExecution(db.pool, await aWorkerFlow(db.pool, `tasks: [${tasks}]\n${rest}`));
  await untilEnded(db.pool, id);
  return id;
}

interface Given {
  outputs: { item: unknown; outputs: { uri?: string; index?: number } }[];
  terminatedIterations: Record<string, number>;
}

const outputsOf = async (id: string) => (await taskRunsOf(db.pool, id)).l?.outputs as Given;
const read = async (uri: string | undefined) => {
  const pieces = await Array.fromAsync(createPostgresStorage(db.pool).get(String(uri)));
  return JSON.parse(Buffer.concat(pieces).toString());
};

describe("a Loop at a worker", () => {
  it("is the parent of what runs in it", async () => {
    const id = await run(
      `${loop("[a]", "transmitFailed: true", '{ id: say, type: test.Say, text: "{{ taskrun.parentId }}" }')}, { id: top, type: test.Say, text: "{{ taskrun.parentId ?? 'none' }}" }`,
    );
    const { l, say, top } = await taskRunsOf(db.pool, id);
    assert.deepEqual([say?.outputs, top?.outputs], [{ text: l?.id }, { text: "none" }]);
  });

  it("has its outputs in the form of their types", async () => {
    const given = await outputsOf(await run(loop("[a, b]", gives)));
    assert.deepEqual(
      given.outputs.map(({ item, outputs }) => [item, outputs.index]),
      [
        [{ value: "a", iteration: 0 }, 0],
        [{ value: "b", iteration: 1 }, 1],
      ],
    );
  });

  it("fails an iteration whose outputs are not of their types, and says so in the log", async () => {
    const id = await run(loop("[a]", `outputs: [{ id: index, type: INT, value: "{{ item.value }}" }]`));
    assert.equal((await executionOf(db.pool, id)).state, "FAILED");
    assert.deepEqual((await outputsOf(id)).terminatedIterations, { FAILED: 1 });
    const { rows } = await db.pool.query(
      "select message, system_step from reprise_api.logs where execution_id = $1 and level = 'ERROR'",
      [id],
    );
    assert.equal(rows[0]?.system_step, "LOOP_OUTPUTS");
    assert.match(rows[0]?.message, /index/);
  });

  it("leaves out an output that is not required where it cannot be rendered", async () => {
    const rest = `outputs: [{ id: x, value: "{{ outputs.say.text | number }}", required: false }, { id: y, value: 1 }]`;
    const given = await outputsOf(await run(loop("[a]", rest)));
    assert.deepEqual(given.outputs[0]?.outputs, { y: 1 });
  });

  it("goes through the lines of a file, and stores its outputs then, unless it is to fetch them", async () => {
    const lines = [`"a"`, `{"k": 1.50}`, `12`];
    const values = `"{{ outputs.file.uri }}"`;
    const auto = await outputsOf(await run(`${file(...lines)}, ${loop(values, gives)}`));
    assert.deepEqual(
      auto.outputs.map(({ item }) => item),
      ["a", `{"k":1.50}`, "12"].map((value, iteration) => ({ value, iteration })),
    );
    const stored = await Promise.all(auto.outputs.map(({ outputs }) => read(outputs.uri)));
    assert.deepEqual(
      stored.map(({ index }) => index),
      [0, 1, 2],
    );
    const fetched = await outputsOf(
      await run(`${file(...lines)}, ${loop(values, `fetchType: FETCH, ${gives}`)}`),
    );
    assert.equal(fetched.outputs[2]?.outputs.index, 2);
  });

  it("keeps what it has stored for replays, and makes anew what runs again", async () => {
    const id = await run(
      `${loop("[a, b]", `fetchType: STORE, ${gives}`)}, { id: z, type: test.Say, text: x }`,
    );
    const before = await outputsOf(id);
    const replay = await aReplay(db.pool, id, { anchors: [`task:say["b"]`] });
    await untilEnded(db.pool, replay.id);
    const after = await outputsOf(replay.id);
    assert.equal(after.outputs[0]?.outputs.uri, before.outputs[0]?.outputs.uri);
    assert.notEqual(after.outputs[1]?.outputs.uri, before.outputs[1]?.outputs.uri);
    assert.equal((await read(after.outputs[1]?.outputs.uri)).index, 1);
    const { rows } = await db.pool.query(
      "select f.uri from reprise_api.files as f join reprise_api.task_runs as r on r.id = f.task_run_id where f.execution_id = $1 and r.task_id = 'l'",
      [replay.id],
    );
    assert.equal(rows.length, 2, "the loop names the files of its iterations");
  });

  it("is planned without the step that renders its outputs, which is no task", async () => {
    const id = await run(`${loop("[a, b]", gives)}, { id: z, type: test.Say, text: x }`);
    const plan = await aPlan(db.pool, id, { anchors: [`task:say["b"]`] });
    assert.deepEqual(
      plan.tasks.map(({ task_id, around }) => [task_id, around]),
      [
        ["l", null],
        ["say", 1],
        ["say", 1],
        ["z", null],
      ],
    );
    assert.deepEqual([plan.carried_count, plan.rerun_count], [1, 2]);
  });

  it("starts a flow for each batch of a file in each of its iterations", async () => {
    const child = await aWorkerFlow(
      db.pool,
      `inputs: [{ id: items, type: STRING }]\ntasks: [{ id: say, type: test.Say, text: x }]`,
    );
    const each = block(
      "each",
      "ForEachItem",
      `namespace: ${child.namespace}, flowId: ${child.id}, items: "{{ outputs.file.uri }}", inputs: { items: "{{ taskrun.items }}" }`,
    );
    const counted = `outputs: [{ id: index, value: "{{ outputs.each_items.numberOfBatches }}" }]`;
    const given = await outputsOf(await run(loop("[a, b]", counted, `${file("1", "2")}, ${each}`)));
    assert.deepEqual(
      given.outputs.map(({ outputs }) => outputs.index),
      ["2", "2"],
    );
  });
});
