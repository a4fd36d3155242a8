import { flowableTypes } from "./flowable-types.ts";
import type { Path } from "./issue.ts";
import { isLoop, isOfLoopOutputs } from "./loop-outputs.ts";
import type { WrittenTask } from "./task-tree.ts";

/**
 * Of tasks that stand in Loops around a reader: which steps of their iteration paths are those of these Loops. An iteration is a world
 * of its own, in which a task has one set of outputs. Undefined where there are none.
 */
export function sharedLoops(
  reader: WrittenTask,
  read: Iterable<string>,
  tasks: ReadonlyMap<string, WrittenTask>,
): Record<string, number[]> | undefined {
  const own = loopsAround(reader);
  if (!own.some(({ type }) => isLoop(type))) return undefined;
  const shared: Record<string, number[]> = {};
  for (const id of read) {
    const task = tasks.get(id);
    if (task === undefined) continue;
    const loops = loopsAround(task);
    const steps = own.flatMap((loop, step) => (loops[step] === loop && isLoop(loop.type) ? [step] : []));
    if (steps.length > 0) shared[id] = steps;
  }
  return Object.keys(shared).length === 0 ? undefined : shared;
}

/**
 * The loops whose values stand in the path to the outputs of a task, the outermost first: those around it but for the Loops that are
 * around the reader too.
 */
export function valuesInPath(
  task: WrittenTask,
  { reader, path }: { reader: WrittenTask | undefined; path: Path },
): WrittenTask[] {
  const around = reader === undefined ? [] : loopsAround(reader);
  const own = isOfIteration(reader, path) ? [...around, reader] : around;
  return loopsAround(task).filter((loop, step) => !(isLoop(loop.type) && own[step] === loop));
}

/** What each iteration of a Loop gives stands in the Loop itself. */
export function isOfIteration(reader: WrittenTask | undefined, path: Path): reader is WrittenTask {
  return reader !== undefined && isOfLoopOutputs(reader.type, String(path[reader.path.length]));
}

/** The loops over values around a task, the outermost first: each is a step of its iteration path. */
export function loopsAround(task: WrittenTask): WrittenTask[] {
  const loops: WrittenTask[] = [];
  for (let here = task; here.parent !== undefined; here = here.parent) {
    if (isInLoop(here)) loops.unshift(here.parent);
  }
  return loops;
}

/** Whether a task stands in an iteration itself, and not in a block that does. */
export function isInLoop({ parent, branch }: WrittenTask): boolean {
  const isIn = branch === "tasks" || isLoop(parent?.type);
  return isIn && flowableTypes.get(parent?.type ?? "")?.kind === "FOR_EACH";
}
