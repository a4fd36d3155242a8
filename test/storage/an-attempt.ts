import { randomUUID } from "node:crypto";
import type { Database } from "../../src/db/call.ts";
import type { FilePlace } from "../../src/storage/storage.ts";

/** An attempt that runs, of a task run in an execution of its own, and where its files go. */
export async function anAttempt(db: Database): Promise<Omit<FilePlace, "name">> {
  const flowId = `flow-${randomUUID()}`;
  const executionId = randomUUID();
  const { rows } = await db.query<{ task_run_id: string; id: string }>(
    `with flow as (
      insert into reprise.flows (namespace, id, latest_revision, created_at, updated_at)
      values ('company.team', $1, 1, now(), now())
    ), revision as (
      insert into reprise.flow_revisions (namespace, flow_id, revision, source, definition, created_by, created_at)
      values ('company.team', $1, 1, '', '{}', 'test', now())
    ), task as (
      insert into reprise.tasks
        (namespace, flow_id, revision, id, type, kind, branch, position, job_identifier, definition, fingerprint, reads)
      values ('company.team', $1, 1, 'unzip', 'test', 'RUNNABLE', 'tasks', 0, 'test', '{}', '', '{}')
      returning key
    ), execution as (
      insert into reprise.executions
        (id, namespace, flow_id, flow_revision, state, start_date, created_at, created_by)
      values ($2, 'company.team', $1, 1, 'RUNNING', now(), now(), 'test')
    ), task_run as (
      insert into reprise.task_runs (execution_id, task_key, state, created_at)
      select $2, task.key, 'RUNNING', now() from task
      returning id
    )
    insert into reprise.attempts (task_run_id, started_at, overridden_by, number, try)
    select task_run.id, now(), 'test', 1, 1 from task_run
    returning task_run_id, id`,
    [flowId, executionId],
  );
  const [attempt] = rows;
  if (!attempt) throw new Error("The attempt was not inserted.");
  return {
    namespace: "company.team",
    flowId,
    executionId,
    taskId: "unzip",
    taskRunId: attempt.task_run_id,
    attemptId: attempt.id,
  };
}

/** Ends an attempt as the engine would, by what it stores of it. */
export async function endAttempt(
  db: Database,
  attemptId: string,
  state: "SUCCESS" | "FAILED",
): Promise<void> {
  await db.query("update reprise.attempts set state = $2, ended_at = now() where id = $1", [
    attemptId,
    state,
  ]);
}
