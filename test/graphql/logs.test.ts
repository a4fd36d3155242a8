import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Pool } from "pg";
import { callOne } from "../../src/db/call.ts";
import type { LogLevel } from "../../src/db/generated.ts";
import { aFlow } from "../support/a-flow.ts";
import { anEndedExecution, aReplay } from "../support/an-execution.ts";
import { aHandWorker } from "../support/hand-worker.ts";
import { anApi } from "./an-api.ts";

const api = await anApi();

let original: string;
let replay: string;

before(async () => {
  const flow = await aFlow(api.db.pool, {
    tasks: ["a", "b"],
    outputs: [{ id: "out" }],
  });
  original = await api.commit((db) => anEndedExecution(db, flow, { b: "FAILED" }));
  await say(api.db.pool, original, "a", "INFO", "Read 3 rows");
  await say(api.db.pool, original, "b", "ERROR", "No such table");
  replay = await api.commit(async (db) => {
    const { id } = await aReplay(db, original, { anchors: ["failed"] });
    await (await aHandWorker(db)).drain();
    return id;
  });
  await say(api.db.pool, replay, "b", "WARN", "Wrote 3 rows");
  await say(api.db.pool, replay, "$outputs", "DEBUG", "Rendered");
});

/** Writes a line as the last attempt of a task would. */
async function say(
  db: Pool,
  executionId: string,
  taskId: string,
  level: LogLevel,
  message: string,
): Promise<void> {
  const { rows } = await db.query<{ task_run_id: string; attempt_id: string }>(
    `select r.id as task_run_id, a.id as attempt_id
    from reprise.task_runs as r
    join reprise.tasks as t on t.key = r.task_key
    join reprise.attempts as a on a.task_run_id = r.id and a.number = r.attempt_number
    where r.execution_id = $1 and t.id = $2`,
    [executionId, taskId],
  );
  await callOne(db, "reprise_engine.append_logs", {
    logged_at: [new Date()],
    execution_ids: [executionId],
    task_run_ids: [rows[0]?.task_run_id ?? null],
    attempt_ids: [rows[0]?.attempt_id ?? null],
    levels: [level],
    messages: [message],
  });
}

/** The messages that a condition leaves. */
async function messages(id: string, condition: Record<string, unknown> = {}): Promise<string[]> {
  const { execution } = await api.read(
    `query ($id: UUID!, $condition: LogCondition) {
      execution(id: $id) { logs(condition: $condition) { nodes { message } totalCount } }
    }`,
    { id, condition },
  );
  return execution.logs.nodes.map(({ message }: { message: string }) => message);
}

describe("Execution.logs", () => {
  it("brings along what carried attempts said, marked as carried", async () => {
    const { execution } = await api.read(
      `query ($id: UUID!) { execution(id: $id) { logs { nodes {
        message level isCarried taskId systemStep attemptNumber loggedAt taskRun { execution { id } } attempt { execution { id } }
      } } } }`,
      { id: replay },
    );
    const [first, second, third] = execution.logs.nodes;
    assert.equal(execution.logs.nodes.length, 3);
    assert.equal(first.message, "Read 3 rows");
    assert.equal(first.isCarried, true);
    assert.equal(first.taskRun.execution.id, replay);
    assert.equal(first.attempt.execution.id, original);
    assert.deepEqual([second.message, second.isCarried, second.attemptNumber], ["Wrote 3 rows", false, 2]);
    assert.deepEqual([third.taskId, third.systemStep], [null, "OUTPUTS"]);
  });

  it("is narrowed by level, task, attempt, text, and what said it", async () => {
    assert.deepEqual(await messages(original), ["Read 3 rows", "No such table"]);
    assert.deepEqual(await messages(replay, { minLevel: "WARN" }), ["Wrote 3 rows"]);
    assert.deepEqual(await messages(replay, { taskIds: ["a"] }), ["Read 3 rows"]);
    assert.deepEqual(await messages(replay, { attemptNumber: 2 }), ["Wrote 3 rows"]);
    assert.deepEqual(await messages(replay, { text: "3 ROWS" }), ["Read 3 rows", "Wrote 3 rows"]);
    assert.deepEqual(await messages(replay, { isCarried: true }), ["Read 3 rows"]);
    assert.deepEqual(await messages(replay, { isSystemStep: true }), ["Rendered"]);
  });

  it("is read on from where one was, and backwards", async () => {
    const { execution } = await api.read(
      `query ($id: UUID!) { execution(id: $id) { logs(first: 1) { pageInfo { endCursor hasNextPage } } } }`,
      { id: replay },
    );
    const { execution: next } = await api.read(
      `query ($id: UUID!, $after: Cursor) { execution(id: $id) {
        logs(first: 1, after: $after) { nodes { message } }
        backwards: logs(first: 1, orderBy: TAKEN_DESC) { nodes { message } }
      } }`,
      { id: replay, after: execution.logs.pageInfo.endCursor },
    );
    assert.deepEqual(next.logs.nodes, [{ message: "Wrote 3 rows" }]);
    assert.deepEqual(next.backwards.nodes, [{ message: "Rendered" }]);
  });
});

describe("TaskRun.logs", () => {
  it("gives the lines of one task run", async () => {
    const { execution } = await api.read(
      `query ($id: UUID!) { execution(id: $id) { taskRuns { nodes { taskId logs { nodes { message } } } } } }`,
      { id: replay },
    );
    assert.deepEqual(execution.taskRuns.nodes, [
      { taskId: "a", logs: { nodes: [{ message: "Read 3 rows" }] } },
      { taskId: "b", logs: { nodes: [{ message: "Wrote 3 rows" }] } },
    ]);
  });
});

describe("Attempt.logs", () => {
  it("gives the lines of one attempt, each once, wherever it ran and whether that was purged or not", async () => {
    const linesOfAttempts = async () => {
      const { execution } = await api.read(
        `query ($id: UUID!) { execution(id: $id) { taskRuns { nodes { taskId attempts { number logs { totalCount nodes { message execution { id } } } } } } } }`,
        { id: replay },
      );
      return execution.taskRuns.nodes;
    };
    const line = (message: string, id: string | null) => ({
      totalCount: 1,
      nodes: [{ message, execution: id === null ? null : { id } }],
    });
    const expected = (id: string | null) => [
      { taskId: "a", attempts: [{ number: 1, logs: line("Read 3 rows", id) }] },
      {
        taskId: "b",
        attempts: [
          { number: 1, logs: line("No such table", id) },
          { number: 2, logs: line("Wrote 3 rows", replay) },
        ],
      },
    ];
    assert.deepEqual(await linesOfAttempts(), expected(original));
    await callOne(api.db.pool, "reprise_api.purge_executions", { execution_ids: [original] });
    assert.deepEqual(await linesOfAttempts(), expected(null));
  });
});
