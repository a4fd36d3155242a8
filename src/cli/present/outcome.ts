import { type ExecutionDocument, readAttempts, readExecution, readTaskRuns } from "../read/read-execution.ts";
import type { Session } from "../session.ts";
import { errorsOf, executionLine, nextStep } from "./execution-text.ts";
import { ganttRows, ganttText } from "./gantt.ts";
import { paint } from "./paint.ts";

/** What fits on a screen beside the rest; `execution show` has all of it. */
const longestError = 600;

/** Prints how an execution that was waited for has ended. */
export async function printOutcome(session: Session, executionId: string): Promise<ExecutionDocument> {
  const db = await session.database();
  const execution = await readExecution(db, executionId);
  const taskRuns = await readTaskRuns(db, executionId);
  const rows = ganttRows(execution, taskRuns, await readAttempts(db, executionId));
  session.print({ ...execution, taskRuns }, () =>
    [
      ganttText(execution, rows),
      ...errorsOf(execution, taskRuns, longestError),
      "",
      executionLine(execution),
      paint("dim", nextStep(execution)),
    ].join("\n"),
  );
  return execution;
}
