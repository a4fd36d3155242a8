import type { ExecutionDocument } from "../read/read-execution.ts";
import { runName } from "./run-name.ts";

/** From where a replay started, for a person: `task:load`, `failed (load, total)`. */
export function anchorsText({ anchors }: Pick<ExecutionDocument, "anchors">): string {
  const chosen = Map.groupBy(anchors ?? [], ({ anchor }) => anchor);
  return [...chosen].map(([anchor, runs]) => oneText(anchor, runs)).join(", ");
}

function oneText(anchor: string, runs: NonNullable<ExecutionDocument["anchors"]>): string {
  // Whoever wrote the task knows it.
  if (anchor.startsWith("task:") || anchor === "start") return anchor;
  const names = runs.flatMap(({ taskId, path }) => (taskId === null ? [] : [runName(taskId, path)]));
  return names.length === 0 ? anchor : `${anchor} (${names.join(", ")})`;
}
