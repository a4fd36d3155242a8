import type { OwnValue, Reads, Reference } from "../expression/reads.ts";
import type { TaskKind } from "./compiled-flow.ts";
import { flowableTypes } from "./flowable-types.ts";
import { isOfParts } from "./for-each-item.ts";
import { isLoop } from "./loop-outputs.ts";
import { referencesIn } from "./needs.ts";
import { isInLoop, loopsAround } from "./shared-loops.ts";
import type { WrittenTask } from "./task-tree.ts";

/**
 * Of tasks that stand in loops around a reader: which steps of their iteration paths are surely what the reader has there, so that what
 * they give in other iterations is nothing to it. In a Loop these always are, in a ForEach where every reference says so, as
 * `outputs.a[taskrun.value]` does, and between the parts of a ForEachItem. Undefined where there are none.
 */
export function ownSteps(
  reader: WrittenTask,
  { reads, rendered }: { reads: Reads; rendered: Readonly<Record<string, unknown>> },
  { taskIds, tasks, variables }: Surroundings,
): Record<string, number[]> | undefined {
  if (loopsAround(reader).length === 0) return undefined;
  const references = reads.all ? undefined : referencesTo(reader, reads, rendered, variables);
  const own: Record<string, number[]> = {};
  for (const id of reads.all ? taskIds : reads.outputs) {
    const task = tasks.get(id);
    if (task === undefined) continue;
    const steps = stepsOf(task, reader, references === undefined ? undefined : (references.get(id) ?? []));
    if (steps.length > 0) own[id] = steps;
  }
  return Object.keys(own).length === 0 ? undefined : own;
}

interface Surroundings {
  taskIds: ReadonlySet<string>;
  tasks: ReadonlyMap<string, WrittenTask>;
  variables: Readonly<Record<string, unknown>>;
}

/** By task, whatever reads its outputs; what `render(vars.x)` reads is looked for in all variables. */
function referencesTo(
  reader: WrittenTask,
  { functions }: Reads,
  rendered: Readonly<Record<string, unknown>>,
  variables: Readonly<Record<string, unknown>>,
): Map<string, Reference[]> {
  const written = Object.entries(rendered).filter(([key]) => !isOfParts(reader.type, key));
  const isFollowed = functions.includes("render") || functions.includes("renderOnce");
  const found = referencesIn([Object.fromEntries(written), isFollowed ? variables : {}]);
  return Map.groupBy(
    found.filter(({ root }) => root === "outputs"),
    ({ name }) => name,
  );
}

/** References are undefined where it cannot be told what is read; there are none to another part of a ForEachItem. */
function stepsOf(task: WrittenTask, reader: WrittenTask, references?: readonly Reference[]): number[] {
  const loops = loopsAround(task);
  const around = loopsAround(reader);
  const shared = [...loops.keys()].filter((step) => loops[step] === around[step]);
  const isGiven = (step: number) => isLoop(loops[step]?.type);
  const keys = [...loops.keys()].filter((step) => !(shared.includes(step) && isGiven(step)));
  const isOwn = (step: number) =>
    references?.every((reference) => {
      const key = keyAt(reference, keys.indexOf(step));
      // A function that walks along the values of all loops around knows nothing of those that are given.
      return key === "path" ? keys.length === loops.length : stepOf(key, reader) === step;
    }) === true;
  return shared.filter((step) => isGiven(step) || isOwn(step));
}

function keyAt({ path, computed = [] }: Reference, key: number): OwnValue {
  if (key < path.length) return undefined;
  return computed[0] === "path" ? "path" : computed[key - path.length];
}

/** The step of the reader's iteration path that a value is. */
function stepOf(key: Exclude<OwnValue, "path">, reader: WrittenTask): number | undefined {
  if (key === undefined) return undefined;
  return key === "taskrun" ? stepOfValue(reader) : stepsOfParents(reader)[key];
}

/**
 * The steps that the values of `parents` are, as far as anybody can tell: where one has a value. It lists the blocks around that have a value or
 * outputs; so behind one that may have outputs and has no value, the second value from there on may be that of the block before.
 */
function stepsOfParents(reader: WrittenTask): number[] {
  const steps: number[] = [];
  let known = Number.POSITIVE_INFINITY;
  // What runs in a WorkingDirectory has the place of that.
  for (
    let here = isInDirectory(reader) ? reader.parent : reader;
    here?.parent !== undefined;
    here = here.parent
  ) {
    const step = stepOfValue(here.parent);
    if (step !== undefined) steps.push(step);
    else if (!isSilent(here.parent)) known = Math.min(known, steps.length + 1);
  }
  return steps.slice(0, known);
}

/** The step that the value of a task is; none where it stands in a loop only with a block around it. */
function stepOfValue(task: WrittenTask): number | undefined {
  if (isInDirectory(task)) return task.parent && stepOfValue(task.parent);
  return isInLoop(task) ? loopsAround(task).length - 1 : undefined;
}

function isInDirectory({ parent, branch }: WrittenTask): boolean {
  return branch === "tasks" && kindOf(parent) === "WORKING_DIRECTORY";
}

/** Whether a block never has outputs while something in it runs. */
function isSilent(block: WrittenTask): boolean {
  return silentKinds.has(kindOf(block) ?? "") && !isLoop(block.type);
}

const silentKinds: ReadonlySet<string> = new Set<TaskKind>([
  ...(["SEQUENTIAL", "PARALLEL", "DAG", "ALLOW_FAILURE", "FOR_EACH"] as const),
]);

function kindOf(block: WrittenTask | undefined): TaskKind | undefined {
  return flowableTypes.get(block?.type ?? "")?.kind;
}
