import type { ReplayPlan, ReplayPlanTask } from "../../db/generated.ts";
import { durationText } from "./figure-text.ts";
import { paint } from "./paint.ts";
import { runName } from "./run-name.ts";
import { table } from "./table.ts";

/** A plan as `--json` prints it. */
export function planDocument(plan: ReplayPlan) {
  return {
    executionId: plan.execution_id,
    flowRevision: plan.flow_revision,
    anchors: plan.anchors,
    inputs: plan.inputs,
    planHash: plan.plan_hash,
    isRunnable: plan.is_runnable,
    carriedCount: plan.carried_count,
    rerunCount: plan.rerun_count,
    savedMs: Number(plan.saved_ms),
    tasks: (plan.tasks ?? []).map((task) => ({
      taskId: task.task_id,
      iterationPath: task.iteration_path,
      disposition: task.disposition,
      reason: task.reason,
      becauseOf: task.because_of,
      explanation: task.explanation,
      state: task.state,
      taskRunId: task.task_run_id,
      attemptNumber: task.attempt_number,
      durationMs: task.duration_ms === null ? null : Number(task.duration_ms),
      changedKeys: task.changed_keys,
      isOverridden: task.is_overridden,
    })),
    problems: (plan.problems ?? []).map(({ code, message, task_id, is_blocking }) => ({
      code,
      message,
      taskId: task_id,
      isBlocking: is_blocking,
    })),
  };
}

const colours: Readonly<Record<string, "green" | "cyan" | "yellow" | "red" | "magenta" | "dim">> = {
  RERUN: "cyan",
  NEW: "cyan",
  CARRIED: "green",
  CARRIED_CHANGED: "yellow",
  CARRIED_FAILED: "red",
  REMOVED: "magenta",
};

/** A plan for a person: task by task what happens and why, problems, what it saves. */
export function planText(plan: ReplayPlan): string {
  const tasks = table(
    ["TASK", "", "WHY", "ATTEMPT", "TOOK"],
    (plan.tasks ?? []).map((task) => [
      nameOf(task),
      disposition(task),
      task.explanation,
      task.attempt_number,
      tookOf(task),
    ]),
  );
  const problems = (plan.problems ?? []).map(({ is_blocking, message }) =>
    is_blocking ? `${paint("red", "✗")} ${message}` : `${paint("yellow", "!")} ${message}`,
  );
  const saved = durationText(Number(plan.saved_ms));
  return [
    tasks,
    "",
    ...problems,
    `On revision ${plan.flow_revision}: ${plan.carried_count} carried, ${plan.rerun_count} to run, ${saved} saved.`,
    plan.is_runnable ? paint("dim", `plan hash ${plan.plan_hash}`) : "The plan cannot be run.",
  ].join("\n");
}

function nameOf({ task_id, iteration_path }: ReplayPlanTask): string {
  return runName(task_id as string, iteration_path);
}

function disposition({ disposition: word }: ReplayPlanTask): string {
  return paint(colours[word ?? ""] ?? "dim", word ?? "");
}

function tookOf({ duration_ms }: ReplayPlanTask): string {
  return duration_ms === null ? "" : durationText(Number(duration_ms));
}
