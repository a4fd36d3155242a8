import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { SecretBox } from "../base/secret-box.ts";
import type { Database } from "../db/call.ts";
import type { Task } from "../db/generated.ts";
import { isDatabaseAway } from "../db/sql-error.ts";
import { renderInTurn } from "../expression/render-in-turn.ts";
import type { Context } from "../expression/template.ts";
import { writeInputFiles } from "../tasks/files/input-files.ts";
import { storeOutputFiles } from "../tasks/files/output-files.ts";
import { duration, list, map, text } from "../tasks/property.ts";
import { parseProperties, TaskError } from "../tasks/task-type.ts";
import { attemptContext, type ReadOutputs, type Surroundings } from "./attempt-context.ts";
import type { AttemptLog } from "./attempt-log.ts";
import type { Begun } from "./begun.ts";
import { holds } from "./block-steps.ts";
import type { ChildEnd, ChildTransitions } from "./child-transitions.ts";
import { type DirectoryCache, restoreCache, type Stamps, saveCache } from "./directory-cache.ts";
import { fetchedContext } from "./expression-fetch.ts";
import { type LateDeps, openContext } from "./late-context.ts";
import type { RunningAttempts } from "./running-attempts.ts";
import type { Secrets } from "./secrets.ts";
import { openTaskContext, type TaskSurroundings } from "./task-context.ts";
import { ABANDONED, type Outcome } from "./transitions.ts";
import { openWorkFolder } from "./work-folders.ts";

/** What running a WorkingDirectory needs. */
export interface DirectoryDeps extends Surroundings, TaskSurroundings, LateDeps {
  db: Database;
  children: ChildTransitions;
  running: RunningAttempts;
  secretBox: SecretBox;
}

/** Where a task of a WorkingDirectory runs, and what its templates see. */
export interface Inside {
  directory: string;
  context: Context;
  /** Whether it does not see a task run, where it fetches outputs itself. */
  isHidden(run: ReadOutputs): boolean;
}

/** An attempt of a WorkingDirectory, and how to run one of a task in it. */
export interface DirectoryRun {
  begun: Begun;
  task: Task;
  context: Context;
  abort: AbortController;
  log: AttemptLog;
  secrets: Secrets;
  runChild(
    begun: Begun,
    task: Task,
    abort: AbortController,
    inside: Inside,
  ): Promise<Outcome | typeof ABANDONED>;
}

// Kills and losses are looked for every second; what is heard of neither by then is given up, and looked at by others.
const HEARD_WITHIN_MS = 3_000;
// 24 days; what is longer takes several.
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const KILLED = {
  state: "KILLED",
  error: { reason: "killed", message: "The execution was killed." },
} as const;

/**
 * Runs a WorkingDirectory: its tasks one after the other, in one directory, reporting each as it begins and ends. How the block itself
 * ends is for SQL to say, from how its tasks did, when its handlers have run.
 */
export async function runWorkingDirectory(
  deps: DirectoryDeps,
  run: DirectoryRun,
): Promise<Outcome | typeof ABANDONED> {
  const attemptId = run.begun.attempt_id;
  await using folder = openWorkFolder();
  const directory = await folder.path();
  await using own = openTaskContext(deps, {
    ...{ begun: run.begun, task: run.task, seen: run.context, log: run.log, secrets: run.secrets },
    ...{ signal: run.abort.signal, shared: directory },
    runTask: () => Promise.reject(new Error("A WorkingDirectory runs no task in its place.")),
  });
  const { context } = own;
  try {
    const [cache, restored] = await during<[DirectoryCache | undefined, Stamps | undefined]>(
      "preExecuteTasks",
      run,
      async () => {
        const kept = await cacheOf(run);
        const stamps = kept && (await restoreCache(deps.db, kept, directory, context));
        const { inputFiles } = await filesOf(run, "inputFiles");
        await writeInputFiles(directory, inputFiles ?? {}, context);
        return [kept, stamps];
      },
    );
    const end = await runChildren(deps, run, directory);
    if (end === "ABANDONED") return ABANDONED;
    if (end === "KILLED") return { attemptId, ...KILLED };
    if (end === "FAILED") await leave(deps, run);

    // Also behind a failure: what there is may tell why.
    const outputFiles = await during("postExecuteTasks", run, async () => {
      const { outputFiles: patterns } = await filesOf(run, "outputFiles");
      const stored = await storeOutputFiles(directory, patterns ?? [], context);
      if (cache && restored) await saveCache(deps.db, cache, directory, restored, context);
      return stored;
    });
    const hasFiles = Object.keys(outputFiles).length > 0;
    return { attemptId, state: "RUNNING", ...(hasFiles ? { outputs: { outputFiles } } : {}) };
  } catch (error) {
    if (run.abort.signal.aborted || isDatabaseAway(error)) throw error;
    if (error instanceof TaskError) {
      await leave(deps, run, error instanceof RunIfError);
      throw error;
    }
    // How a task in it did could not be reported. It is not left half told: all of it runs again.
    run.log.warn(`It runs again, since a task in it could not be begun or ended: ${error}`);
    return ABANDONED;
  }
}

/** Whether a task runs cannot be said, so it has not begun: the block fails instead. */
class RunIfError extends TaskError {
  constructor(task: Task, cause: unknown) {
    const message = cause instanceof Error ? cause.message : String(cause);
    super("run_if_failed", `Failed evaluating runIf: ${message}`, { cause, details: { taskId: task.id } });
  }
}

/** In a first attempt nothing waits from before. */
async function leave({ children }: DirectoryDeps, { begun }: DirectoryRun, isBegun = false): Promise<void> {
  if (isBegun || begun.number > 1) await children.leave(begun.attempt_id);
}

async function runChildren(
  deps: DirectoryDeps,
  run: DirectoryRun,
  directory: string,
): Promise<"ENDED" | "FAILED" | "KILLED" | "ABANDONED"> {
  const tasks = await deps.children.read(run.task.key);
  const siblings = new Set(tasks.map(({ id }) => id));
  const done = new Set<string>();
  for (const task of tasks) {
    const outdated = siblings.difference(done);
    const end = await runChild(deps, run, task, directory, outdated);
    if (end !== "ENDED") return end;
    done.add(task.id);
  }
  return "ENDED";
}

/** Runs a task of the block, until it has no more tries. */
async function runChild(
  deps: DirectoryDeps,
  run: DirectoryRun,
  task: Task,
  directory: string,
  outdated: ReadonlySet<string>,
): Promise<"ENDED" | "FAILED" | "KILLED" | "ABANDONED"> {
  for (;;) {
    const begun = await deps.children.begin(run.begun, task.key);
    if (begun === undefined) {
      // The execution is being killed, or the block is not this worker's any more: the signal will say which.
      await wait(HEARD_WITHIN_MS, run.abort.signal);
      return "ABANDONED";
    }
    const inside = { directory, ...seenIn(deps, run, begun, task, outdated) };
    const end = await tryChild(deps, run, begun, task, inside);
    if (end === undefined) return "ABANDONED";
    if (end.state === "KILLED" || end.state === "FAILED") return end.state;
    // The execution has ended with it, and this block too.
    if (end.state === "RETRIED") return "KILLED";
    if (end.state !== "RETRYING") return "ENDED";
    await wait(end.waitMs, run.abort.signal);
  }
}

async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  for (let left = milliseconds; left > 0; left -= LONGEST_TIMER_MS)
    await pause(Math.min(left, LONGEST_TIMER_MS), undefined, { signal });
}

/** Makes one try, and reports it. Undefined: there is nothing to report, or nobody to believe it. */
async function tryChild(
  deps: DirectoryDeps,
  run: DirectoryRun,
  begun: Begun,
  task: Task,
  inside: Inside,
): Promise<ChildEnd | undefined> {
  const { children, running } = deps;
  const { runIf, ...rest } = task.definition as Record<string, unknown>;
  const { signal } = run.abort;
  // It is this worker's until its end is known, and goes where the block goes.
  const abort = running.add(begun.attempt_id);
  const onAbort = () => abort.abort(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    if (runIf !== undefined && !(await isToRun(deps, begun, task, runIf, inside, run))) {
      return await children.finish({ attemptId: begun.attempt_id, state: "SKIPPED" });
    }
    const outcome = await run.runChild(begun, { ...task, definition: rest }, abort, inside);
    return outcome === ABANDONED ? undefined : await children.finish(outcome);
  } finally {
    signal.removeEventListener("abort", onAbort);
    running.remove(begun.attempt_id);
  }
}

async function isToRun(
  deps: DirectoryDeps,
  begun: Begun,
  task: Task,
  runIf: unknown,
  { context, isHidden }: Inside,
  { abort: { signal }, secrets }: DirectoryRun,
): Promise<boolean> {
  try {
    const seen = openContext(deps, context, { begun, task, secrets, signal, isHidden });
    return holds(await renderInTurn(runIf, await fetchedContext(deps, begun, task, seen, signal)));
  } catch (error) {
    throw new RunIfError(task, error);
  }
}

/**
 * A task in a WorkingDirectory sees what the block sees, and what ran in it before: not what ran there in an earlier attempt of the block.
 */
function seenIn(
  deps: Surroundings,
  { begun: block, context: around }: DirectoryRun,
  begun: Begun,
  task: Task,
  outdated: ReadonlySet<string>,
): Pick<Inside, "context" | "isHidden"> {
  const path = JSON.stringify(block.iteration_path);
  const isHidden = ([taskId, itsPath]: ReadOutputs) =>
    outdated.has(taskId) && JSON.stringify(itsPath) === path;
  const outputs = ((begun.outputs ?? []) as unknown as ReadOutputs[]).filter((each) => !isHidden(each));
  const ancestors = ((begun.ancestors ?? []) as unknown[]).slice(1);
  const context = attemptContext({ ...begun, outputs, ancestors } as Begun, task, deps);
  const value = block.iteration === null ? {} : { value: block.iteration_path?.at(-1) };
  return {
    context: {
      ...context,
      taskrun: { ...(context.taskrun as Record<string, unknown>), ...value },
      workerTaskrun: around.taskrun,
    },
    isHidden,
  };
}

const patterns = z.union([list(text()), text().transform((pattern) => [pattern])]);
const properties = z.object({ inputFiles: map(z.unknown()).optional(), outputFiles: patterns.optional() });
const cacheProperties = z.object({ patterns, ttl: duration().optional() });

/** A property of the block, rendered. */
async function filesOf(
  { task, context }: DirectoryRun,
  name: "inputFiles" | "outputFiles",
): Promise<z.output<typeof properties>> {
  const written = (task.definition as Record<string, unknown>)[name];
  return written === undefined
    ? {}
    : parseProperties({ properties }, { [name]: await renderInTurn(written, context) });
}

/** What the block keeps for later executions, where it says so. */
async function cacheOf({ task, context }: DirectoryRun): Promise<DirectoryCache | undefined> {
  const written = (task.definition as Record<string, unknown>).cache;
  if (written === undefined) return undefined;
  const rendered = (await renderInTurn(written, context)) as Record<string, unknown>;
  const { patterns: kept, ttl } = parseProperties({ properties: cacheProperties }, rendered);
  return { patterns: kept, ttlMs: ttl };
}

/** Says of a fault, in Kestra's words, whether it came before the tasks or behind them. */
async function during<T>(phase: string, { abort }: DirectoryRun, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (abort.signal.aborted || isDatabaseAway(error)) throw error;
    const reason = error instanceof TaskError ? error.reason : "directory_failed";
    const message = error instanceof Error ? error.message : String(error);
    throw new TaskError(reason, `Failed ${phase} on WorkingDirectory: ${message}`, { cause: error });
  }
}
