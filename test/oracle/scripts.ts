import { isLeftOut } from "../support/hand-steps.ts";
import type { HandRun, Scripted } from "../support/hand-worker.ts";
import { exitOf } from "./exit-flows.ts";
import { failsInChild, givenOf } from "./start-flows.ts";
import type { WrittenFlow } from "./write-flow.ts";

/** Nothing fails. */
export const well = (run: HandRun): Scripted => {
  const { taskId, begun } = run;
  if (isLeftOut(run)) return "SKIPPED";
  return (
    exitOf(run) ??
    givenOf(run) ?? { outputs: { value: `${taskId} ${begun.iteration_path ?? ""}`, more: "more" } }
  );
};

/** What a written flow says fails does, and the rest ends well. */
export const failing =
  ({ fails }: WrittenFlow) =>
  (run: HandRun): Scripted => {
    const mayFail = !isLeftOut(run) && exitOf(run) === undefined;
    return mayFail && (failsInChild(run) || fails(run.taskId, run.begun.iteration_path))
      ? "FAILED"
      : well(run);
  };
