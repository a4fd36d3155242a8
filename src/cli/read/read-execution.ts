import type { Pool } from "pg";
import { RepriseError } from "../../base/errors.ts";
import type { AttemptState, ExecutionState, TaskRunState } from "../../db/generated.ts";
import { camelRows } from "./camel-rows.ts";
import { inOrder } from "./in-order.ts";

/** An execution as `--json` prints it. */
export interface ExecutionDocument {
  id: string;
  namespace: string;
  flowId: string;
  flowRevision: number;
  state: ExecutionState;
  attemptNumber: number;
  inputs: Record<string, unknown>;
  labels: Record<string, string>;
  outputs: Record<string, unknown> | null;
  error: { reason: string; message: string } | null;
  note: string | null;
  scheduleDate: Date | null;
  /** Of one that is RETRIED: when an execution is created in its place, while that is to come, and which one was. */
  retryAt: Date | null;
  retriedAsId: string | null;
  createdAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
  durationMs: number | null;
  createdBy: string;
  originalId: string | null;
  rootId: string;
  /** The execution that started it. */
  parentId: string | null;
  anchors: { anchor: string; taskId: string | null; path: string[] | null }[] | null;
  savedMs: number | null;
  taskCount: number;
  taskRunCount: number;
  endedTaskRunCount: number;
  carriedTaskRunCount: number;
}

/** A task run as `--json` prints it. */
export interface TaskRunDocument {
  id: string;
  taskId: string;
  /** Tasks have their keys in the order of the flow. */
  taskKey: number;
  taskType: string;
  taskKind: string;
  state: TaskRunState;
  attemptNumber: number;
  /** The block it stands in. */
  parentId: string | null;
  iteration: number | null;
  iterationPath: string[] | null;
  isCarried: boolean;
  /** A block that a replay opened again, and that went on. */
  isReopened: boolean;
  isOverridden: boolean;
  outputs: Record<string, unknown> | null;
  error: { reason: string; message: string; details?: unknown } | null;
  progress: number | null;
  progressNote: string | null;
  startedAt: Date | null;
  endedAt: Date | null;
  durationMs: number | null;
  retryAt: Date | null;
  /** Who has said that it shall have ended as it has, and when. */
  markedBy: string | null;
  markedAt: Date | null;
}

/** How far a task run is: what one looks at again and again while it runs, and so without its outputs. */
export type TaskRunProgress = Pick<
  TaskRunDocument,
  | "id"
  | "taskId"
  | "taskKey"
  | "parentId"
  | "iteration"
  | "iterationPath"
  | "state"
  | "attemptNumber"
  | "isCarried"
  | "isOverridden"
  | "progress"
  | "progressNote"
  | "endedAt"
  | "durationMs"
>;

/** An attempt as `--json` prints it: of this execution, or of one that it replays. */
export interface AttemptDocument {
  id: string;
  /** The task run of the execution that was asked for. */
  shownByTaskRunId: string;
  taskId: string;
  executionId: string;
  flowRevision: number;
  number: number;
  try: number;
  state: AttemptState;
  startedAt: Date;
  endedAt: Date | null;
  durationMs: number | null;
  error: { reason: string; message: string } | null;
  overriddenBy: string | null;
}

/** Reads an execution. */
export async function readExecution(db: Pool, id: string): Promise<ExecutionDocument> {
  const { rows } = await db.query("select * from reprise_api.executions where id = $1", [id]);
  const [found] = camelRows<ExecutionDocument>(rows);
  if (found !== undefined) return found;
  throw new RepriseError("RP404", "execution_not_found", `There is no execution ${id}.`);
}

/** Reads the task runs of an execution, in the order of the flow. */
export async function readTaskRuns(db: Pool, executionId: string): Promise<TaskRunDocument[]> {
  const { rows } = await db.query(
    "select * from reprise_api.task_runs where execution_id = $1 order by task_key, id",
    [executionId],
  );
  return inOrder(camelRows<TaskRunDocument>(rows));
}

/** Reads how far the task runs of an execution are, in the order of the flow. */
export async function readProgress(db: Pool, executionId: string): Promise<TaskRunProgress[]> {
  const { rows } = await db.query(
    `select id, task_id, task_key, parent_id, iteration, iteration_path, state, attempt_number, is_carried, is_overridden, progress, progress_note,
      ended_at, duration_ms
    from reprise_api.task_runs
    where execution_id = $1
    order by task_key, id`,
    [executionId],
  );
  return inOrder(camelRows<TaskRunProgress>(rows));
}

/** Reads every attempt that the task runs of an execution count, those of its originals too. */
export async function readAttempts(db: Pool, executionId: string): Promise<AttemptDocument[]> {
  const { rows } = await db.query(
    `select a.*, r.id as shown_by_task_run_id
    from reprise_api.task_runs as r
    cross join lateral reprise_api.list_attempts(r.id) as a
    where r.execution_id = $1
    order by r.task_key, r.iteration_path nulls first, r.id, a.number`,
    [executionId],
  );
  return camelRows<AttemptDocument>(rows);
}

/** The ids of the enabled tasks that an execution has not come to, in the order of the flow. */
export async function readUnreached(db: Pool, executionId: string): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select t.id
    from reprise_api.executions as e
    join reprise_api.tasks as t on t.namespace = e.namespace and t.flow_id = e.flow_id and t.revision = e.flow_revision
    where e.id = $1 and not t.is_disabled
      and not exists (select from reprise_api.task_runs as r where r.execution_id = e.id and r.task_key = t.key)
    order by t.key`,
    [executionId],
  );
  return rows.map(({ id }) => id);
}

/** Whether an execution has ended, and well. */
export function hasEnded({ state }: Pick<ExecutionDocument, "state">): boolean {
  return terminal.includes(state);
}

const terminal: readonly ExecutionState[] = [
  "SUCCESS",
  "WARNING",
  "FAILED",
  "KILLED",
  "CANCELLED",
  "RETRIED",
];

/** Whether it ended as it should. */
export function hasSucceeded({ state }: Pick<ExecutionDocument, "state">): boolean {
  return state === "SUCCESS" || state === "WARNING";
}
