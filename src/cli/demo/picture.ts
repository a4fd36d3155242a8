import type { Pool } from "pg";
import { type GanttRow, ganttRows } from "../present/gantt.ts";
import {
  type AttemptDocument,
  type ExecutionDocument,
  readAttempts,
  readExecution,
  readTaskRuns,
  type TaskRunDocument,
} from "../read/read-execution.ts";

/** An execution with all that is shown of it. */
export interface Picture {
  execution: ExecutionDocument;
  taskRuns: TaskRunDocument[];
  attempts: AttemptDocument[];
  gantt: GanttRow[];
}

/** Takes a picture of an execution. */
export async function takePicture(db: Pool, executionId: string): Promise<Picture> {
  const execution = await readExecution(db, executionId);
  const taskRuns = await readTaskRuns(db, executionId);
  const attempts = await readAttempts(db, executionId);
  return { execution, taskRuns, attempts, gantt: ganttRows(execution, taskRuns, attempts) };
}
