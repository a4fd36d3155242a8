import { type BatchDocument, startsBatches } from "../read/read-batches.ts";
import type { TaskRunDocument } from "../read/read-execution.ts";
import { paint } from "./paint.ts";
import { runName } from "./run-name.ts";

/** What Subflows and ForEachItems have started, and how that ended; of batches, which have not ended well. */
export function childrenText(
  taskRuns: readonly TaskRunDocument[],
  batches: readonly BatchDocument[],
): string[] {
  const lines = taskRuns.flatMap((run) => {
    const { taskId, iterationPath, outputs } = run;
    const name = `${paint("dim", "↳")} ${runName(taskId, iterationPath)}`;
    if (startsBatches(run)) return [`${name}: ${countsText(outputs)}`, ...unwell(run, batches)];
    return run.taskKind === "SUBFLOW" && typeof outputs?.executionId === "string"
      ? [`${name}: execution ${outputs.executionId}, ${outputs.state}`]
      : [];
  });
  return lines.length === 0 ? [] : ["", ...lines];
}

/** `4 executions: SUCCESS 3, FAILED 1`. */
function countsText(outputs: TaskRunDocument["outputs"]): string {
  const count = outputs?.numberOfBatches;
  const ended = Object.entries((outputs?.iterations ?? {}) as Record<string, number>)
    .filter(([, of]) => of > 0)
    .map(([state, of]) => `${state} ${of}`);
  return `${count} ${count === 1 ? "execution" : "executions"}${ended.length > 0 ? `: ${ended.join(", ")}` : ""}`;
}

function unwell({ id }: TaskRunDocument, batches: readonly BatchDocument[]): string[] {
  return batches
    .filter(({ parentTaskRunId }) => parentTaskRunId === id)
    .map((batch) => `  ${paint("dim", "↳")} execution ${batch.id}, ${batch.state}`);
}
