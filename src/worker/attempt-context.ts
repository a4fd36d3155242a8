import { entriesOf, mapOf } from "../base/key-order.ts";
import type { Task } from "../db/generated.ts";
import { nestOutputs, nestStates, type ShownTaskRun, setDeep } from "../expression/nested-outputs.ts";
import type { Context } from "../expression/template.ts";
import type { Begun } from "./begun.ts";

/** What an attempt's templates see that is the same for all attempts of a worker. */
export interface Surroundings {
  /** What `envs` shows: the environment variables meant for flows, by their lower-cased names. */
  envs: Readonly<Record<string, string>>;
}

/**
 * One task run's outputs, as the database reads them out: task, iteration path, state, outputs (null where
 * templates see none), and where states are read, whether it stands directly in a loop.
 */
export type ReadOutputs = [
  taskId: string,
  path: string[] | null,
  state: string,
  outputs: Record<string, unknown> | null,
  isIteration?: boolean,
];

/** What may be read for templates that stand in no task. */
type Seen = Omit<Begun, "task_run_created_at">;

/** Makes what the templates of an attempt see, with the names and shapes that flows expect. */
export function attemptContext(begun: Begun, task: Task, surroundings: Surroundings): Context {
  const { flow, ...seen } = executionContext(begun, task, surroundings);
  return {
    flow,
    task: { id: task.id, type: task.type },
    taskrun: {
      id: begun.task_run_id,
      startDate: timeText(begun.task_run_created_at),
      attemptsCount: begun.number - 1,
      ...(begun.parent_id === null ? {} : { parentId: begun.parent_id }),
      // A task deeper inside reads `parent.taskrun.value`.
      ...(begun.iteration === null
        ? {}
        : { value: begun.iteration_path?.at(-1), iteration: begun.iteration }),
      ...(begun.loop_iteration === null ? {} : { iteration: begun.loop_iteration }),
    },
    ...seen,
  };
}

/** What templates see that stand in no task: that of an attempt, without its task and its task run. */
export function executionContext(begun: Seen, task: Task, surroundings: Surroundings): Context {
  const seen = seenFrom(begun, task, (begun.outputs ?? []) as unknown as ReadOutputs[]);
  return {
    flow: { id: task.flow_id, namespace: task.namespace, revision: task.revision, tenantId: "main" },
    execution: {
      id: begun.execution_id,
      state: begun.execution_state ?? "RUNNING",
      startDate: timeText(begun.start_date),
      originalId: begun.root_id ?? begun.execution_id,
      ...(begun.execution_outputs ? { outputs: begun.execution_outputs } : {}),
    },
    // Those of an execution that has secrets come to every task, for these to be known.
    inputs: task.reads_inputs === false ? {} : byName((begun.inputs ?? {}) as Record<string, unknown>),
    vars: begun.variables ?? {},
    labels: nestLabels((begun.labels ?? {}) as Record<string, string>),
    outputs: nestOutputs(seen),
    tasks: nestStates(seen),
    ...parentsOf(begun),
    ...itemOf(begun),
    ...(begun.trigger === null ? {} : { trigger: variablesOf(begun.trigger) }),
    envs: surroundings.envs,
    globals: {},
    kestra: { environment: null, url: null },
  };
}

/** Inputs come to templates in the order of their names, whatever their order in the flow. */
function byName(inputs: Record<string, unknown>): Record<string, unknown> {
  return mapOf(entriesOf(inputs).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * What an attempt sees of what was read out. In a Loop a task sees of what stands there too only what ran in its own iteration, and that
 * without the value. What it gives elsewhere is found under the values of the loops around it.
 */
export function seenFrom(begun: Seen, task: Task, read: readonly ReadOutputs[]): ShownTaskRun[] {
  return [...read, ...ownOutputs(begun, task)].flatMap(([id, path, state, outputs, isIteration = false]) => {
    // The steps that render defaults and outputs are no tasks of the flow.
    if (id.startsWith("$")) return [];
    const steps = stepsInLoops(task, id);
    if (path !== null && steps.some((step) => path[step] !== begun.iteration_path?.[step])) return [];
    const keys = (path ?? []).filter((_, step) => !steps.includes(step));
    const isFound = isIteration && !steps.includes((path?.length ?? 0) - 1);
    const near = stepsShared(path, begun.iteration_path);
    return [{ task: id, keys, state, near, isIteration: isFound, outputs: outputs ?? undefined }];
  });
}

/** How many loops around both, from the outermost, are at the same value. */
function stepsShared(path: readonly string[] | null, own: readonly string[] | null): number {
  const differs = (path ?? []).findIndex((value, step) => value !== own?.[step]);
  return differs < 0 ? (path?.length ?? 0) : differs;
}

/** A loop that asks whether its condition holds has yet to say what it makes. */
function ownOutputs(begun: Seen, task: Task): ReadOutputs[] {
  const loop = begun.loop as { iterationCount: number } | null;
  return loop === null
    ? []
    : [
        [
          task.id,
          begun.iteration_path,
          "RUNNING",
          { iterationCount: loop.iterationCount },
          begun.iteration !== null,
        ],
      ];
}

/** Which steps of the iteration path of a task that another one reads are those of Loops around both. */
export function stepsInLoops({ reads }: Pick<Task, "reads">, taskId: string): readonly number[] {
  const { loops } = (reads ?? {}) as { loops?: Record<string, number[]> };
  return (loops !== undefined && Object.hasOwn(loops, taskId) ? loops[taskId] : undefined) ?? [];
}

/** Templates see what a trigger brings along. */
function variablesOf(trigger: unknown): unknown {
  return (trigger as { variables?: unknown } | null)?.variables ?? {};
}

/** One block around a task run, as the database reads it out. */
type ReadAncestor = [
  value: string | null,
  outputs: Record<string, unknown> | null,
  item?: Record<string, unknown> | null,
];

/** `parents`, the nearest first, and `parent`, the first of them: the blocks around that have a value or outputs. */
function parentsOf({ ancestors }: Partial<Begun>): Context {
  const parents = ((ancestors ?? []) as unknown as ReadAncestor[])
    .filter(([value, outputs]) => value !== null || Object.keys(outputs ?? {}).length > 0)
    .map(([value, outputs]) => ({
      ...(value === null ? {} : { taskrun: { value } }),
      ...(outputs === null ? {} : { outputs }),
    }));
  return parents.length === 0 ? { parents } : { parent: parents[0], parents };
}

/** `item`, what the innermost Loop around is at, with those of the Loops around that: \`parents\`, the outermost first. */
function itemOf({ ancestors }: Partial<Begun>): Context {
  const items = ((ancestors ?? []) as unknown as ReadAncestor[])
    .map(([, , item]) => item)
    .filter((item) => item !== null && item !== undefined);
  const [item, ...around] = items;
  if (item === undefined) return {};
  return {
    item: around.length === 0 ? item : { ...item, parent: around[0], parents: around.toReversed() },
  };
}

/** `team.name: x` is read as `labels.team.name`. A label that is also the head of others keeps its own value, and they are left out. */
function nestLabels(labels: Readonly<Record<string, string>>): Record<string, unknown> {
  const nested: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(labels)) {
    const path = key.split(".");
    const isBehindLabel = path.some(
      (_, index) => index > 0 && Object.hasOwn(labels, path.slice(0, index).join(".")),
    );
    if (!isBehindLabel) setDeep(nested, path, value);
  }
  return nested;
}

/** A point in time as tasks see it: a text, which filters of texts take, too. */
function timeText(time: Date): string {
  return time.toISOString();
}
