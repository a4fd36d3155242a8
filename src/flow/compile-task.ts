import type { CompiledRetry, CompiledTask, FlowDefinition } from "./compiled-flow.ts";
import { durationMs } from "./duration.ts";
import type { Reads } from "./expression-stand-in.ts";
import { readsOfDeep } from "./expression-stand-in.ts";
import { fingerprint } from "./fingerprint.ts";
import { type Retry, retrySchema } from "./retry-schema.ts";
import type { WrittenTask } from "./task-tree.ts";

/** Turns a task that has been checked into its row. */
export function compileTask(
  { task, branch, position }: WrittenTask,
  flowRetry: Retry | undefined,
  variables: Record<string, unknown>,
): CompiledTask {
  const { id, type, ...definition } = task;
  const retry = task.retry === undefined ? flowRetry : retrySchema.parse(task.retry);
  const { description: _, ...rendered } = definition;
  return {
    id: String(id),
    type: String(type),
    kind: "RUNNABLE",
    parent: null,
    branch,
    position,
    isDisabled: task.disabled === true,
    allowFailure: task.allowFailure === true,
    allowWarning: task.allowWarning === true,
    jobIdentifier: String(type),
    definition,
    fingerprint: fingerprint(String(type), definition),
    retry: retry === undefined ? null : compileRetry(retry),
    ...readsOf(rendered, variables),
  };
}

/** The steps that render what no single task does: defaults of inputs before the first task, outputs after the last. */
export function compileSystemTasks({ inputs, outputs, variables }: FlowDefinition): CompiledTask[] {
  const templated = inputs.filter((input) => input.isTemplated);
  const tasks: CompiledTask[] = [];
  if (templated.length > 0) {
    tasks.push(
      systemTask(
        "DEFAULTS",
        { inputs: templated },
        templated.map((input) => input.defaults),
        variables,
      ),
    );
  }
  if (outputs.length > 0) {
    tasks.push(
      systemTask(
        "OUTPUTS",
        { outputs },
        outputs.map((output) => output.value),
        variables,
      ),
    );
  }
  return tasks;
}

function systemTask(
  kind: "DEFAULTS" | "OUTPUTS",
  definition: Record<string, unknown>,
  rendered: unknown[],
  variables: Record<string, unknown>,
): CompiledTask {
  const branch = kind.toLowerCase();
  const type = kind === "DEFAULTS" ? "reprise.Defaults" : "reprise.Outputs";
  return {
    id: `$${branch}`,
    type,
    kind,
    parent: null,
    branch,
    position: 0,
    isDisabled: false,
    allowFailure: false,
    allowWarning: false,
    jobIdentifier: type,
    definition,
    fingerprint: fingerprint(type, definition),
    retry: null,
    ...readsOf(rendered, variables),
  };
}

function readsOf(
  value: unknown,
  variables: Record<string, unknown>,
): { reads: Reads; readsTasks: string[] | null } {
  const reads = readsOfDeep(value, variables);
  return { reads, readsTasks: reads.all ? null : reads.outputs };
}

function compileRetry(retry: Retry): CompiledRetry {
  const compiled: CompiledRetry = {
    type: retry.type,
    warningOnRetry: retry.warningOnRetry ?? false,
    behavior: retry.behavior ?? "RETRY_FAILED_TASK",
  };
  const set = (
    key: "intervalMs" | "minIntervalMs" | "maxIntervalMs" | "maxDurationMs",
    duration: unknown,
  ) => {
    const ms = durationMs(duration);
    if (ms !== undefined) compiled[key] = ms;
  };
  if (retry.type === "random") set("minIntervalMs", retry.minInterval);
  else set("intervalMs", retry.interval);
  if (retry.type !== "constant") set("maxIntervalMs", retry.maxInterval);
  if (retry.type === "exponential") compiled.delayFactor = retry.delayFactor ?? 2;
  if (retry.maxAttempts !== undefined) compiled.maxAttempts = retry.maxAttempts;
  set("maxDurationMs", retry.maxDuration);
  return compiled;
}
