import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { uploadFile } from "../../src/storage/postgres-storage.ts";
import type { Worker } from "../../src/worker/worker.ts";
import { aWrittenFlow } from "../support/a-flow.ts";
import { aWorker } from "../support/a-worker.ts";
import { anExecution, aReplay, executionOf, taskRunsOf } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { contentOf } from "../support/directory-flows.ts";
import { until } from "../support/until.ts";
import { aWorkerFlow, untilEnded } from "../support/worker-flows.ts";
import { workerTaskTypes } from "../support/worker-task-types.ts";
import { pieces } from "../tasks/task-context.ts";

const db = await testDatabase();
let worker: Worker;
before(async () => {
  worker = await aWorker(db.connectionString);
});
after(async () => await worker[Symbol.asyncDispose]());

const core = "io.kestra.plugin.core";
const LONG_AGO = "2000-01-01T00:00:00Z";
const FAR_AHEAD = "2100-01-01T00:00:00+02:00";
const log = (id: string, rest = "") =>
  `  - { id: ${id}, type: ${core}.log.Log, message: "says ${id}"${rest} }\n`;

/** What a task gave, and why it failed. */
interface Seen {
  id: string;
  state: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a test asks for is what it knows.
  outputs: any;
  error: { reason: string; message: string } | null;
}

/** Runs a flow whose task of interest is called `x`. */
async function run(text: string): Promise<Seen> {
  return await seen(await anExecution(db.pool, await aWorkerFlow(db.pool, text)));
}

async function seen(id: string): Promise<Seen> {
  await untilEnded(db.pool, id);
  const { x } = await taskRunsOf(db.pool, id);
  const { state } = await executionOf(db.pool, id);
  return { id, state, outputs: x?.outputs, error: (x?.error ?? null) as Seen["error"] };
}

/** A flow in a namespace of its own, with so many executions that have ended. */
async function ran(
  namespace: string,
  text: string,
  count: number,
): Promise<{ id: string; executions: string[] }> {
  const source = `id: flow-${randomUUID()}\nnamespace: ${namespace}\n${text}`;
  const flow = await aWrittenFlow(db.pool, source, workerTaskTypes);
  const executions: string[] = [];
  for (let at = 0; at < count; at += 1) executions.push(await anExecution(db.pool, flow));
  await untilEnded(db.pool, ...executions);
  return { id: flow.id, executions };
}

function uriOf(run: { outputs: unknown } | undefined): string {
  return run === undefined ? "" : (run.outputs as { uri: string }).uri;
}

const aNamespace = () => `team${randomUUID().replaceAll("-", "")}`;

describe("io.kestra.plugin.core.execution.Count", () => {
  const counting = (rest: string) =>
    run(`tasks:\n  - id: x\n    type: ${core}.execution.Count\n    startDate: ${LONG_AGO}\n${rest}`);

  it("counts executions of flows, and keeps those that the expression is true of", async () => {
    const namespace = aNamespace();
    const one = await ran(namespace, `tasks:\n${log("a")}`, 1);
    const three = await ran(namespace, `tasks:\n${log("a")}`, 3);
    const flows = [one.id, three.id, "gone"].map((flowId) => ({ namespace, flowId }));
    const asked = `    flows: ${JSON.stringify(flows)}\n`;

    const many = await counting(`${asked}    expression: "{{ count >= 2 }}"`);
    assert.deepEqual(many.outputs, { results: [{ namespace, flowId: three.id, count: 3 }], total: 3 });
    const none = await counting(`${asked}    expression: "{{ count == 0 }}"`);
    assert.deepEqual(none.outputs, { results: [{ namespace, flowId: "gone", count: 0 }], total: 0 });
    const failed = await counting(`${asked}    states: [FAILED]\n    expression: "{{ count > 0 }}"`);
    assert.deepEqual(failed.outputs, { results: [], total: 0 });
    const all = await counting(`    namespaces: [${namespace}]\n    expression: "true"`);
    assert.equal(all.outputs.total, 4);
    const old = await counting(
      `    namespaces: [${namespace}]\n    endDate: 2001-01-01T00:00:00Z\n    expression: "true"`,
    );
    assert.equal(old.outputs.total, 0);
  });

  it("needs flows or namespaces", async () => {
    const { error } = await counting(`    flows: "{{ null }}"\n    expression: "true"`);
    assert.equal(error?.message, "You must provide a list of flows or namespaces.");
  });
});

describe("io.kestra.plugin.core.execution.Resume", () => {
  const resuming = (rest: string) => run(`tasks: [{ id: x, type: ${core}.execution.Resume${rest} }]`);

  it("lets a paused execution go on, with what its Pause asks for", async () => {
    const flow = await aWorkerFlow(
      db.pool,
      `tasks:\n  - { id: x, type: ${core}.flow.Pause, onResume: [{ id: ok, type: BOOLEAN }] }\n`,
    );
    const id = await anExecution(db.pool, flow);
    await until(async () => (await executionOf(db.pool, id)).state === "PAUSED", { what: "the pause" });
    const { state } = await resuming(
      `, executionId: "${id}", namespace: ${flow.namespace}, flowId: ${flow.id}, inputs: { ok: true }`,
    );
    assert.equal(state, "SUCCESS");
    const paused = await seen(id);
    assert.equal(paused.state, "SUCCESS");
    assert.deepEqual(paused.outputs.onResume, { ok: true });
    const again = await resuming(`, executionId: "${id}", namespace: ${flow.namespace}, flowId: ${flow.id}`);
    assert.equal(again.error?.reason, "execution_not_paused");
  });

  for (const [rest, message] of [
    [", executionId: nothing", "No execution found for execution id nothing"],
    [", flowId: a", "`namespace` and `flowId` should only be set when `executionId` is set."],
    [", executionId: a, flowId: a", "Both `namespace` and `flowId` must be set when `executionId` is set."],
  ] as const)
    it(`refuses${rest}`, async () => {
      assert.equal((await resuming(rest)).error?.message, message);
    });
});

describe("io.kestra.plugin.core.execution.PurgeExecutions", () => {
  const purging = (rest: string) =>
    run(`tasks: [{ id: x, type: ${core}.execution.PurgeExecutions, endDate: "${FAR_AHEAD}"${rest} }]`);
  const flow = `tasks:\n${log("a")}  - { id: s, type: test.Store, text: kept }\n  - { id: m, type: ${core}.metric.Publish, metrics: [{ type: counter, name: n, value: 1 }] }\n`;
  const left = async (ids: readonly string[]) => {
    const { rows } = await db.pool.query<{
      executions: number;
      logs: number;
      files: number;
      metrics: number;
    }>(
      `select
        (select count(*)::integer from reprise.executions where id = any ($1)) as executions,
        (select count(*)::integer from reprise.logs where execution_id = any ($1) and message = 'says a') as logs,
        (select count(*)::integer from reprise.metrics where execution_id = any ($1)) as metrics`,
      [ids],
    );
    return rows[0];
  };

  it("deletes what has ended in a namespace and below it, in batches, and counts that", async () => {
    const namespace = aNamespace();
    const { executions } = await ran(`${namespace}.deep`, flow, 3);
    const other = await ran(`${namespace}x`, flow, 1);
    const { outputs } = await purging(`, namespace: ${namespace}, batchSize: 2`);
    assert.deepEqual(
      [outputs.executionsCount, outputs.storagesCount, outputs.metricsCount, outputs.logsCount >= 3],
      [3, 3, 3, true],
    );
    assert.deepEqual(await left(executions), { executions: 0, logs: 0, metrics: 0 });
    assert.equal((await left(other.executions))?.executions, 1);
  });

  it("leaves logs and files where it is told to, and executions in other states", async () => {
    const namespace = aNamespace();
    const { executions } = await ran(namespace, flow, 1);
    const [id = ""] = executions;
    const uri = uriOf((await taskRunsOf(db.pool, id)).s);
    const none = await purging(`, namespace: ${namespace}, states: [FAILED]`);
    assert.equal(none.outputs.executionsCount, 0);
    const { outputs } = await purging(`, namespace: ${namespace}, purgeLog: false, purgeStorage: false`);
    assert.deepEqual(outputs, { executionsCount: 1, logsCount: 0, storagesCount: 0, metricsCount: 1 });
    assert.deepEqual(await left(executions), { executions: 0, logs: 1, metrics: 0 });
    assert.equal(await contentOf(db.pool, uri), "kept");
  });

  it("deletes only what belongs to executions, and no file that a replay carries", async () => {
    const namespace = aNamespace();
    const { executions, id: flowId } = await ran(namespace, flow, 2);
    const replay = await aReplay(db.pool, executions[0] ?? "", { anchors: ["task:m"] });
    await untilEnded(db.pool, replay.id);
    await db.pool.query(
      "update reprise.executions set ended_at = now() + interval '200 years' where id = $1",
      [replay.id],
    );
    const { outputs } = await purging(`, namespace: ${namespace}, flowId: ${flowId}, purgeExecution: false`);
    assert.deepEqual([outputs.executionsCount, outputs.storagesCount, outputs.metricsCount], [0, 1, 2]);
    assert.deepEqual(await left(executions), { executions: 2, logs: 0, metrics: 0 });
    const { s } = await taskRunsOf(db.pool, replay.id);
    assert.equal(await contentOf(db.pool, uriOf(s)), "kept");
  });
});

describe("io.kestra.plugin.core.log.Fetch", () => {
  it("stores what was said, from a level on, of some tasks", async () => {
    const { outputs } = await run(
      `tasks:\n${log("a")}${log("b", ", level: DEBUG")}${log("c", ", level: WARN")}  - { id: x, type: ${core}.log.Fetch, tasksId: [a, b, c] }\n`,
    );
    const lines = (await contentOf(db.pool, outputs.uri))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.equal(outputs.size, 2);
    assert.deepEqual(
      lines.map(({ taskId, level, message, attemptNumber }) => [taskId, level, message, attemptNumber]),
      [
        ["a", "INFO", "says a", 0],
        ["c", "WARN", "says c", 0],
      ],
    );
    assert.match(lines[0].timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });
});

describe("io.kestra.plugin.core.log.PurgeLogs", () => {
  it("deletes lines of an execution, of some levels, said by then", async () => {
    const { executions } = await ran(aNamespace(), `tasks:\n${log("a")}${log("b", ", level: WARN")}`, 1);
    const purge = (rest: string) =>
      run(`tasks: [{ id: x, type: ${core}.log.PurgeLogs, executionId: "${executions[0]}"${rest} }]`);
    assert.deepEqual((await purge(`, endDate: "${LONG_AGO}"`)).outputs, { count: 0 });
    assert.deepEqual((await purge(`, endDate: "${FAR_AHEAD}", logLevels: [WARN]`)).outputs, { count: 1 });
    await assert.rejects(purge(", endDate: soon"), /Expected a date and time such as/);
  });
});

describe("io.kestra.plugin.core.storage", () => {
  it("Delete deletes a file that a task has given, and says whether there was one", async () => {
    const text = (rest: string) =>
      `tasks:\n  - { id: s, type: test.Store, text: gone }\n  - { id: d, type: ${core}.storage.Delete, uri: "{{ outputs.s.uri }}" }\n  - { id: x, type: ${core}.storage.Delete, uri: "{{ outputs.s.uri }}"${rest} }\n`;
    const { id, outputs } = await run(text(""));
    const uri = uriOf((await taskRunsOf(db.pool, id)).s);
    assert.deepEqual(outputs, { uri, deleted: false });
    await assert.rejects(contentOf(db.pool, uri), { code: "RP404" });
    const { error } = await run(text(", errorOnMissing: true"));
    assert.match(error?.message ?? "", /^Unable to find file 'kestra:\/\/\//);
  });

  it("PurgeCurrentExecutionFiles deletes what the execution has stored", async () => {
    const { id, outputs } = await run(
      `tasks:\n  - { id: s, type: test.Store, text: gone }\n  - { id: w, type: ${core}.storage.Write, content: c }\n  - { id: x, type: ${core}.storage.PurgeCurrentExecutionFiles }\n`,
    );
    const runs = await taskRunsOf(db.pool, id);
    const uris = [uriOf(runs.s), uriOf(runs.w)];
    assert.deepEqual(outputs.uris.toSorted(), uris.toSorted());
    await assert.rejects(contentOf(db.pool, uris[0] ?? ""), { code: "RP404" });
  });

  it("PurgeCurrentExecutionFiles deletes what was uploaded for the execution, unless another has it too", async () => {
    const flow = await aWorkerFlow(
      db.pool,
      `inputs: [{ id: f, type: FILE }, { id: purges, type: BOOL, defaults: true }]\ntasks:\n  - { id: x, type: ${core}.storage.PurgeCurrentExecutionFiles, runIf: "{{ inputs.purges }}" }\n`,
    );
    const upload = async () => (await uploadFile(db.pool, "a.txt", pieces("a"))).uri;
    const [alone, shared] = [await upload(), await upload()];
    const other = await anExecution(db.pool, flow, { inputs: { f: shared, purges: false } });
    await untilEnded(db.pool, other);
    const start = (f: string) => anExecution(db.pool, flow, { inputs: { f } });
    assert.deepEqual((await seen(await start(alone))).outputs, { uris: [alone] });
    await assert.rejects(contentOf(db.pool, alone), { code: "RP404" });
    assert.deepEqual((await seen(await start(shared))).outputs, { uris: [] });
    assert.equal(await contentOf(db.pool, shared), "a");
  });
});

describe("the role of workers", () => {
  it("may call all of it", async () => {
    const granted = await Promise.all(
      [
        "count_executions",
        "resume_for_task",
        "find_ended",
        "purge_batch",
        "purge_files",
        "delete_file",
        "read_log_lines",
        "purge_logs",
        "is_execution",
        "append_metrics",
      ].map(async (name) => {
        const { rows } = await db.pool.query(
          "select has_function_privilege('reprise_worker', p.oid, 'EXECUTE') as may from pg_proc as p where p.proname = $1 and p.pronamespace = 'reprise_engine'::regnamespace",
          [name],
        );
        return rows[0]?.may;
      }),
    );
    assert.deepEqual([...new Set(granted)], [true]);
  });
});
