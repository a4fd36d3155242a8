import assert from "node:assert/strict";
import { mkdtemp, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { callOne } from "../../src/db/call.ts";
import { saveCache } from "../../src/worker/directory-cache.ts";
import type { Worker } from "../../src/worker/worker.ts";
import { aWorker } from "../support/a-worker.ts";
import { anExecution, taskRunsOf } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import {
  contentOf,
  DIRECTORY,
  errorOf,
  FAIL,
  FILES,
  namesOf,
  outputsOf,
} from "../support/directory-flows.ts";
import { aWorkerFlow, untilEnded } from "../support/worker-flows.ts";
import { aTaskContext } from "../tasks/task-context.ts";

const db = await testDatabase();
let worker: Worker;
before(async () => {
  worker = await aWorker(db.connectionString);
});
after(async () => await worker[Symbol.asyncDispose]());

/** A flow that lists what its cache has given it, and then writes a file. */
const aCachingFlow = async (rest = "") =>
  await aWorkerFlow(
    db.pool,
    `
inputs: [{ id: text, type: STRING, defaults: HELLO }]
tasks:
  - id: wd
    type: ${DIRECTORY}
    cache: { ttl: PT5m, patterns: ["*.txt", "deep/**"] }
    tasks:
      - { id: exists, type: ${FILES}, outputs: ["**"] }
      - { id: write, type: ${FILES}, runIf: "{{ inputs.text != 'NOTHING' }}", inputs: { hello.txt: "{{ inputs.text }}", deep/er/b: b, c.csv: c } }
${rest}`,
  );

const run = async (flow: Awaited<ReturnType<typeof aCachingFlow>>, inputs = {}) => {
  const id = await anExecution(db.pool, flow, { inputs });
  await untilEnded(db.pool, id);
  const runs = await taskRunsOf(db.pool, id);
  return { id, runs, found: outputsOf(runs, "exists").uris };
};
const stored = async (flowId: string) =>
  (
    await db.pool.query<{ uri: string }>(
      "select f.uri from reprise.files as f where f.name = 'cache.zip' and f.uri like '%' || $1 || '%'",
      [flowId],
    )
  ).rows;

describe("the cache of a WorkingDirectory", () => {
  it("hands files on to the next execution, those that its patterns mean", async () => {
    const flow = await aCachingFlow();
    const first = await run(flow);
    assert.equal(Object.keys(first.runs).length, 3);
    assert.deepEqual(namesOf(first.found), []);
    const { found } = await run(flow);
    assert.deepEqual(namesOf(found), ["deep/er/b", "hello.txt"]);
    assert.equal(await contentOf(db.pool, found?.["hello.txt"]), "HELLO");
  });

  it("is stored anew when a file was written, in the place of the one before, and else left as it is", async () => {
    const flow = await aCachingFlow();
    await run(flow);
    const before = await stored(flow.id);
    assert.equal(before.length, 1);
    assert.deepEqual(namesOf((await run(flow, { text: "NOTHING" })).found), ["deep/er/b", "hello.txt"]);
    assert.deepEqual(await stored(flow.id), before);
    await run(flow, { text: "BYE" });
    const now = await stored(flow.id);
    assert.equal(now.length, 1);
    assert.notDeepEqual(now, before);
    assert.equal(await contentOf(db.pool, (await run(flow)).found?.["hello.txt"]), "BYE");
  });

  it("is not used when it is too old", async () => {
    const flow = await aCachingFlow();
    await run(flow);
    await db.pool.query(
      "update reprise.directory_caches set stored_at = stored_at - interval '6 minutes' where flow_id = $1",
      [flow.id],
    );
    assert.deepEqual(namesOf((await run(flow)).found), []);
    assert.deepEqual(namesOf((await run(flow)).found), ["deep/er/b", "hello.txt"]);
  });

  it("is kept behind a failure, outlives the execution that made it, and goes with its flow", async () => {
    const flow = await aCachingFlow(`      - { id: fails, type: ${FAIL} }`);
    const first = await run(flow);
    assert.equal(first.runs.wd?.state, "FAILED");
    await callOne(db.pool, "reprise_api.purge_executions", { execution_ids: [first.id] });
    assert.deepEqual(namesOf((await run(flow)).found), ["deep/er/b", "hello.txt"]);
    await callOne(db.pool, "reprise_api.delete_flow", { namespace: flow.namespace, flow_id: flow.id });
    assert.deepEqual(await stored(flow.id), []);
  });

  it("is another for each value of the loop around it", async () => {
    const flow = await aWorkerFlow(
      db.pool,
      `
tasks:
  - id: each
    type: io.kestra.plugin.core.flow.ForEach
    values: [a, b]
    tasks:
      - id: wd
        type: ${DIRECTORY}
        cache: { patterns: "{{ ['*.txt'] }}" }
        tasks:
          - { id: exists, type: ${FILES}, outputs: ["*"] }
          - { id: write, type: ${FILES}, inputs: { "{{ taskrun.value }}.txt": x } }`,
    );
    await run(flow);
    const { id } = await run(flow);
    const { rows } = await db.pool.query(
      `select r.iteration_path[1] as value, array(select json_object_keys(a.outputs -> 'uris')) as names
      from reprise.task_runs as r join reprise.tasks as t on t.key = r.task_key join reprise.attempts as a on a.task_run_id = r.id
      where r.execution_id = $1 and t.id = 'exists' order by 1`,
      [id],
    );
    assert.deepEqual(rows, [
      { value: "a", names: ["a.txt"] },
      { value: "b", names: ["b.txt"] },
    ]);
  });

  it("fails no task: what is wrong with it is told", async () => {
    const flow = await aCachingFlow();
    await run(flow);
    await db.pool.query(
      `update reprise.file_chunks as c set data = '\\x00' from reprise.directory_caches as d
      where d.flow_id = $1 and c.file_id = d.file_id`,
      [flow.id],
    );
    const { runs, found } = await run(flow);
    assert.equal(runs.wd?.state, "SUCCESS");
    assert.deepEqual(namesOf(found), []);
    assert.deepEqual(errorOf(runs, "wd"), {});
    const { rows } = await db.pool.query(
      "select message from reprise.logs where task_run_id = $1 and level = 'WARN'",
      [runs.wd?.id],
    );
    assert.match(rows[0]?.message, /^The cache could not be restored: /);
  });

  it("fails nothing, and ends no worker, where a file of it cannot be read", async () => {
    await using context = await aTaskContext();
    const directory = await mkdtemp(join(await context.tempDir(), "wd-"));
    await writeFile(join(directory, "a.txt"), "a");
    await symlink("/etc/hosts", join(directory, "b.txt"));
    const cache = { patterns: ["*.txt"], ttlMs: undefined };
    await saveCache(db.pool, cache, directory, new Map(), context);
    assert.match(context.lines.join(), /^WARN The cache could not be kept: .*b\.txt/);
  });
});
