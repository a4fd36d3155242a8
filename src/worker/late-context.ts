import type { Logger } from "../base/log.ts";
import type { SecretBox } from "../base/secret-box.ts";
import { callOne, type Database } from "../db/call.ts";
import type { Task } from "../db/generated.ts";
import { type FetchLate, withLateOutputs } from "../expression/late-outputs.ts";
import { askedBy } from "../expression/render-in-turn.ts";
import type { Context } from "../expression/template.ts";
import { type ReadOutputs, seenFrom, stepsInLoops } from "./attempt-context.ts";
import type { Begun } from "./begun.ts";
import { insist } from "./insist.ts";
import { revealContext, type Secrets } from "./secrets.ts";

/** Reads for an attempt the outputs of a task, in the iterations of a path; without a task those of all. */
export type FetchOutputs = (
  attemptId: string,
  wanted: { taskId: string | undefined; path: readonly string[] },
  signal: AbortSignal,
) => Promise<readonly ReadOutputs[]>;

/** It asks again when the database was away: whoever renders in between takes what goes wrong for a fault of a template. */
export function openOutputFetcher(db: Database, log: Logger): FetchOutputs {
  return async (attempt_id, { taskId, path }, signal) => {
    const args = { attempt_id, task_id: taskId ?? null, path: [...path] };
    const read = await insist("fetch_outputs", log, signal, () =>
      callOne(db, "reprise_engine.fetch_outputs", args),
    );
    return (read ?? []) as ReadOutputs[];
  };
}

/** How outputs are fetched, and read. */
export interface LateDeps {
  fetchOutputs: FetchOutputs;
  secretBox: SecretBox;
}

/** An attempt that renders its templates. */
export interface LateReader {
  begun: Begun;
  task: Task;
  secrets: Secrets;
  signal: AbortSignal;
  /** Whether a task run is not to be seen. */
  isHidden?: ((run: ReadOutputs) => boolean) | undefined;
}

/**
 * What the templates of an attempt see, with its secrets. Where nobody could tell which outputs they read, it was handed none: these
 * are fetched when a template comes to them. Of a task first what it gave in the iterations in which this one is, by the values of the
 * loops around it, or in other loops for the same values; what stands elsewhere when a template looks there.
 */
export function openContext(deps: LateDeps, known: Context, reader: LateReader): Context {
  const { begun, task, secrets, signal } = reader;
  const name = `${task.namespace}.${task.flow_id}`;
  const context = askedBy(revealContext(known, secrets, deps.secretBox), { name, signal });
  const { all = false } = (task.reads ?? {}) as { all?: boolean };
  return all && begun.outputs === null ? withLateOutputs(context, fetchFor(deps, reader)) : context;
}

function fetchFor(
  { fetchOutputs, secretBox }: LateDeps,
  { begun, task, secrets, signal, isHidden = () => false }: LateReader,
): FetchLate {
  const own = begun.iteration_path ?? [];
  const read = async (taskId: string | undefined, path: readonly string[]) => {
    const runs = await fetchOutputs(begun.attempt_id, { taskId, path }, signal);
    const seen = (secretBox.isOpen ? secrets.reveal(runs) : runs).filter((run) => !isHidden(run));
    return { runs, shown: seenFrom(begun, task, seen) };
  };
  return async ({ task: taskId, keys }) => {
    if (taskId === undefined) return { shown: (await read(undefined, [])).shown, keys: [] };
    const steps = stepsInLoops(task, taskId);
    const { runs, shown } = await read(taskId, keys === undefined ? own : pathTo(keys, steps, own));
    // Where there is nothing under a path, what there is elsewhere is told: so there is nothing at all.
    if (runs.every(([, , , outputs]) => outputs === null)) return { shown: [], keys: [] };
    // As far as loops are around that task.
    const depth = runs[0]?.[1]?.length ?? 0;
    return {
      shown: shown.filter((one) => one.task === taskId),
      keys: keys ?? own.slice(0, depth).filter((_, step) => !steps.includes(step)),
    };
  };
}

/** The iteration path that leads to what stands under some keys: in the Loops around both it is the reader's own. */
function pathTo(keys: readonly string[], steps: readonly number[], own: readonly string[]): string[] {
  const path: string[] = [];
  const left = [...keys];
  for (;;) {
    const value = steps.includes(path.length) ? own[path.length] : left.shift();
    if (value === undefined) return path;
    path.push(value);
  }
}
