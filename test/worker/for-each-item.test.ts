import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { callOne } from "../../src/db/call.ts";
import { createPostgresStorage } from "../../src/storage/postgres-storage.ts";
import type { Worker } from "../../src/worker/worker.ts";
import { block, linesOf, log } from "../sql/blocks/block-flows.ts";
import { aWorker } from "../support/a-worker.ts";
import { anExecution, executionOf, taskRunsOf } from "../support/an-execution.ts";
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

async function run(tasks: string, rest = ""): Promise<string> {
  const id = await anExecution(db.pool, await aWorkerFlow(db.pool, `tasks: [${tasks}]\n${rest}`));
  await untilEnded(db.pool, id);
  return id;
}

const children = (id: string) => itemsOf(db.pool, id);
const lines = async (id: string) => {
  const client = await db.pool.connect();
  return await linesOf(client, id).finally(() => client.release());
};
const text = async (uri: string) => {
  return Buffer.concat(await Array.fromAsync(createPostgresStorage(db.pool).get(uri))).toString();
};

const outputsOf = async <T>(id: string, task: string) => (await taskRunsOf(db.pool, id))[task]?.outputs as T;

describe("a ForEachItem", () => {
  it("starts its flows at the date that it names", async () => {
    const child = await aWorkerFlow(db.pool, `${childInputs}\ntasks: [${say}]`);
    const id = await run(
      `${file(2)}, ${item(child, `${inputs}, wait: false, scheduleDate: "2999-01-01T00:00:00Z"`)}`,
    );
    const { rows } = await db.pool.query(
      `select c.state, c.schedule_date
      from reprise.executions as c
      join reprise.task_runs as r on r.id = c.parent_task_run_id
      where r.execution_id = $1`,
      [id],
    );
    const later = { state: "CREATED", schedule_date: new Date("2999-01-01T00:00:00Z") };
    assert.deepEqual(rows, [later, later]);
  });

  it("sees the value of the loop around it as that of its parent, in what it splits and in what it gives", async () => {
    const child = await aWorkerFlow(db.pool, `inputs: [{ id: of, type: STRING }]\ntasks: [${log("x")}]`);
    const items = "\"{{ parent.taskrun.value == 'a' ? outputs.file.uri : outputs.none }}\"";
    const each = block(
      "each",
      "ForEachItem",
      `namespace: ${child.namespace}, flowId: ${child.id}, items: ${items}, inputs: { of: "{{ parent.taskrun.value }} {{ taskrun.value ?? 'none' }}" }`,
    );
    const id = await run(`${file(2)}, ${block("loop", "ForEach", `values: [a], tasks: [${each}]`)}`);
    assert.deepEqual(
      (await children(id)).map(({ inputs }) => (inputs as unknown as { of: string }).of),
      ["a none", "a none"],
    );
  });

  it("reads each batch where its inputs ask for it", async () => {
    const child = await aWorkerFlow(db.pool, `inputs: [{ id: row, type: STRING }]\ntasks: [${log("x")}]`);
    const read = ', inputs: { row: "{{ read(taskrun.items) | trim }} of {{ fileSize(taskrun.items) }}" }';
    const id = await run(`${file(3)}, ${item(child, `, batch: { rows: 2 }${read}`)}`);
    assert.deepEqual(
      (await children(id)).map(({ inputs }) => (inputs as unknown as { row: string }).row),
      ["row 0\nrow 1 of 12", "row 2 of 6"],
    );
  });

  it("starts a flow for each batch of a file, and counts how they end", async () => {
    const child = await aWorkerFlow(db.pool, `${childInputs}\ntasks: [${say}]`);
    const id = await run(`${file(102)}, ${item(child, `, batch: { rows: 4 }${inputs}`)}`);
    assert.deepEqual(await lines(id), [
      "file SUCCESS",
      "each SUCCESS",
      "each_split SUCCESS",
      "each_items SUCCESS",
      "each_merge SUCCESS",
      "= SUCCESS",
    ]);
    const started = await children(id);
    assert.equal(started.length, 26);
    assert.deepEqual(
      started.map(({ iteration }) => iteration),
      Array.from({ length: 26 }, (_, index) => index),
    );
    const [first, second] = started;
    assert.equal(first?.task, "each_items");
    assert.match(
      first?.inputs.items ?? "",
      new RegExp(`^kestra:///.*/executions/${id}/tasks/each-split/.*\\.txt$`),
    );
    assert.equal(await text(second?.inputs.items as string), "row 4\nrow 5\nrow 6\nrow 7\n");
    const { subflowOutputsBaseUri, ...outputs } = await outputsOf<Record<string, unknown>>(id, "each_items");
    assert.deepEqual(outputs, { iterations: { CREATED: 0, RUNNING: 0, SUCCESS: 26 }, numberOfBatches: 26 });
    assert.match(String(subflowOutputsBaseUri), new RegExp(`^/.*/executions/${id}/tasks/each-items/`));
  });

  it("gathers what the executions gave, in the order of the batches", async () => {
    const child = await aWorkerFlow(
      db.pool,
      `${childInputs}\ntasks: [${say}]\noutputs: [{ id: said, type: STRING, value: "{{ outputs.say.text }}" }]`,
    );
    const id = await run(
      `${file(26)}, ${item(child, inputs)}, { id: end, type: test.Say, text: "{{ outputs.each_merge.subflowOutputs }}" }`,
    );
    const merged = await text((await outputsOf<{ text: string }>(id, "end")).text);
    assert.deepEqual(
      merged.trim().split("\n"),
      Array.from({ length: 26 }, (_, said) => `{said:"${said}"}`),
    );
  });

  for (const state of ["SUCCESS", "WARNING", "CANCELLED"])
    it(`gathers what the flow gives also of an execution that an Exit has ended as ${state}, of what has run`, async () => {
      const child = await aWorkerFlow(
        db.pool,
        `${childInputs}
tasks:
  - ${say}
  - { id: leave, type: io.kestra.plugin.core.execution.Exit, state: ${state}, runIf: "{{ inputs.number % 2 == 0 }}" }
  - ${log("behind")}
outputs:
  - { id: said, type: STRING, value: "{{ outputs.say.text }} {{ outputs.behind is defined }}" }`,
      );
      const id = await run(`${file(3)}, ${item(child, inputs)}`);
      const { subflowOutputs } = await outputsOf<{ subflowOutputs: string }>(id, "each_merge");
      assert.equal(
        await text(subflowOutputs),
        ["0 false", "1 true", "2 false"].map((said) => `{said:"${said}"}\n`).join(""),
      );
    });

  it("counts as failed an execution that an Exit has ended before it could say what its flow gives", async () => {
    const child = await aWorkerFlow(
      db.pool,
      `${childInputs}
tasks:
  - { id: leave, type: io.kestra.plugin.core.execution.Exit, runIf: "{{ inputs.number == 1 }}" }
  - ${say}
outputs: [{ id: said, type: STRING, value: "{{ outputs.say.text }}" }]`,
    );
    const counts = async (rest: string) => {
      const id = await run(`${file(3)}, ${item(child, `${inputs}${rest}`)}`);
      return [await lines(id), (await outputsOf<{ iterations: unknown }>(id, "each_items")).iterations];
    };
    const iterations = { CREATED: 0, RUNNING: 0, SUCCESS: 2, FAILED: 1 };
    const [failed, counted] = await counts("");
    assert.deepEqual([(failed as string[]).at(-1), counted], ["= FAILED", iterations]);
    const [ended, allowed] = await counts(", transmitFailed: false");
    assert.deepEqual([(ended as string[]).at(-1), allowed], ["= SUCCESS", iterations]);
  });

  it("tells its executions how many they are, and where their outputs are kept", async () => {
    const child = await aWorkerFlow(
      db.pool,
      `tasks: [{ id: say, type: test.Say, text: "{{ trigger.taskRunOutputs.numberOfBatches }} {{ trigger.taskRunOutputs.uri }}" }]
outputs: [{ id: said, type: STRING, value: "{{ outputs.say.text }}" }]`,
    );
    const id = await run(`${file(2)}, ${item(child)}`);
    const { subflowOutputsBaseUri } = await outputsOf<{ subflowOutputsBaseUri: string }>(id, "each_items");
    const { subflowOutputs } = await outputsOf<{ subflowOutputs: string }>(id, "each_merge");
    assert.equal(
      await text(subflowOutputs),
      [0, 1].map((batch) => `{said:"2 ${subflowOutputsBaseUri}/${batch}/outputs.ion"}\n`).join(""),
    );
  });

  it("of an empty file starts nothing, and asks not what that would be called", async () => {
    const child = await aWorkerFlow(db.pool, `${childInputs}\ntasks: [${say}]`);
    const id = await run(`${file(0)}, ${item(child, ', labels: { batch: "{{ taskrun.iteration }}" }')}`);
    assert.deepEqual((await lines(id)).slice(1), [
      "each SUCCESS",
      "each_split SUCCESS",
      "each_items SUCCESS",
      "each_merge SUCCESS",
      "= SUCCESS",
    ]);
    assert.deepEqual(await outputsOf(id, "each_items"), { iterations: {}, numberOfBatches: 0 });
  });

  it("waits for nothing with wait: false", async () => {
    const child = await aWorkerFlow(db.pool, `${childInputs}\ntasks: [${say}]`);
    const id = await run(`${file(26)}, ${item(child, `, wait: false${inputs}`)}`);
    const { iterations } = await outputsOf<{ iterations: unknown }>(id, "each_items");
    assert.deepEqual(iterations, { RUNNING: 0, SUCCESS: 26 });
    await until(async () => (await children(id)).every(({ state }) => state === "SUCCESS"));
  });

  it("fails when one of its executions does, once all have ended, and merges nothing", async () => {
    const child = await aWorkerFlow(
      db.pool,
      `${childInputs}\ntasks: [{ id: x, type: test.FailFirst, times: 99 }]`,
    );
    const id = await run(`${file(26)}, ${item(child, inputs)}`);
    assert.deepEqual((await lines(id)).slice(1), [
      "each FAILED",
      "each_split SUCCESS",
      "each_items FAILED",
      "= FAILED",
    ]);
    const { iterations } = await outputsOf<{ iterations: unknown }>(id, "each_items");
    assert.deepEqual(iterations, { CREATED: 0, RUNNING: 0, FAILED: 26 });
  });

  it("warns when its failure is allowed", async () => {
    const child = await aWorkerFlow(
      db.pool,
      `${childInputs}\ntasks: [{ id: x, type: test.FailFirst, times: 99 }]`,
    );
    const id = await run(
      `${file(3)}, ${item(child, `, allowFailure: true${inputs}`)}, { id: b, type: test.Say, text: b }`,
    );
    assert.deepEqual((await lines(id)).slice(1), [
      "each WARNING",
      "each_split SUCCESS",
      "each_items FAILED",
      "b SUCCESS",
      "= WARNING",
    ]);
  });

  it("runs in each iteration of the loops around it", async () => {
    const child = await aWorkerFlow(db.pool, `${childInputs}\ntasks: [${say}]`);
    const each = item(child, `, batch: { rows: 2 }${inputs}`);
    const id = await run(
      `${file(4)}, ${block("l", "ForEach", `values: [a, b], concurrencyLimit: 0, tasks: [${block("m", "ForEach", `values: [c], tasks: [${each}]`)}]`)}`,
    );
    assert.equal((await executionOf(db.pool, id)).state, "SUCCESS");
    assert.equal((await children(id)).length, 4);
  });

  it("runs after an execution too, and in a branch", async () => {
    const child = await aWorkerFlow(
      db.pool,
      `${childInputs}\ntasks: [${say}]\nafterExecution: [{ id: z, type: test.Say, text: z }]`,
    );
    const branch = block("i", "If", `condition: true, then: [${item(child, inputs)}]`);
    const id = await run(`${file(3)}, ${branch}`, `afterExecution: [{ id: y, type: test.Say, text: y }]`);
    assert.equal((await executionOf(db.pool, id)).state, "SUCCESS");
    assert.equal((await children(id)).length, 3);
  });

  it("is replayed from the middle with the executions that it had started", async () => {
    const child = await aWorkerFlow(
      db.pool,
      `${childInputs}\ntasks: [${say}]\noutputs: [{ id: said, type: STRING, value: "{{ outputs.say.text }}" }]`,
    );
    const id = await run(`${file(3)}, ${item(child, inputs)}`);
    const replay = await callOne(db.pool, "reprise_api.replay_execution", {
      execution_id: id,
      anchors: ["task:each_merge"],
    });
    await untilEnded(db.pool, replay.id);
    const { subflowOutputs } = await outputsOf<{ subflowOutputs: string }>(replay.id, "each_merge");
    assert.equal(await text(subflowOutputs), '{said:"0"}\n{said:"1"}\n{said:"2"}\n');
    assert.deepEqual(await children(replay.id), []);
  });

  it("is replayed from its start or its middle with executions of its own", async () => {
    const child = await aWorkerFlow(db.pool, `${childInputs}\ntasks: [${say}]`);
    const id = await run(`${file(3)}, ${item(child, inputs)}`);
    for (const anchor of ["task:each", "task:each_items"]) {
      const replay = await callOne(db.pool, "reprise_api.replay_execution", {
        execution_id: id,
        anchors: [anchor],
      });
      await untilEnded(db.pool, replay.id);
      assert.equal((await executionOf(db.pool, replay.id)).state, "SUCCESS");
      assert.equal((await children(replay.id)).length, 3);
      assert.equal(
        (await taskRunsOf(db.pool, replay.id)).each_split?.is_carried,
        anchor === "task:each_items",
      );
    }
    assert.equal((await children(id)).length, 3);
  });
});
