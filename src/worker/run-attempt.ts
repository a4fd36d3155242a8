import type { SecretBox } from "../base/secret-box.ts";
import type { LogLevel, Task } from "../db/generated.ts";
import { isDatabaseAway } from "../db/sql-error.ts";
import { withAllOutputs } from "../expression/late-outputs.ts";
import { renderInTurn } from "../expression/render-in-turn.ts";
import type { Context } from "../expression/template.ts";
import { engineProperties } from "../flow/engine-properties.ts";
import { flowableTypes } from "../flow/flowable-types.ts";
import { itemTypes } from "../flow/for-each-item.ts";
import { unknownTaskType } from "../flow/unknown-type.ts";
import {
  parseProperties,
  type TaskContext,
  TaskError,
  type TaskLog,
  type TaskResult,
  type TaskType,
} from "../tasks/task-type.ts";
import { type AskedInput, withDefaultsSealed } from "./asked-inputs.ts";
import { attemptContext } from "./attempt-context.ts";
import { describeError } from "./attempt-error.ts";
import { type AttemptLimits, openLimits } from "./attempt-limits.ts";
import { type AttemptLog, type LogShipper, openAttemptLog } from "./attempt-log.ts";
import type { Begun } from "./begun.ts";
import { type BlockFindings, blockSteps, holds } from "./block-steps.ts";
import { fetchedContext } from "./expression-fetch.ts";
import { openContext } from "./late-context.ts";
import { readLoopFile } from "./loop-file.ts";
import { throughCache } from "./output-cache.ts";
import { renderProperties } from "./render-properties.ts";
import { learnSecrets, type Secrets, watchSecrets } from "./secrets.ts";
import {
  batchedRequest,
  withoutSecrets as requestWithoutSecrets,
  sealRequest,
  subflowRequest,
} from "./subflow-steps.ts";
import { openTaskContext } from "./task-context.ts";
import { ABANDONED, type AttemptError, type Outcome } from "./transitions.ts";
import {
  type DirectoryDeps,
  type DirectoryRun,
  type Inside,
  runWorkingDirectory,
} from "./working-directory.ts";

/** What running an attempt needs. */
export interface RunDeps extends DirectoryDeps {
  taskTypes: ReadonlyMap<string, TaskType>;
  systemSteps: ReadonlyMap<string, SystemStep>;
  logs: LogShipper;
  secretBox: SecretBox;
}

/** Does what a system step of a flow does: renders what SQL cannot. */
export type SystemStep = (
  task: Task,
  context: Context,
  begun: Begun,
  log: TaskLog,
  secrets: Secrets,
) => Promise<StepResult>;

/** What a system step has made. With an error it has failed, and what it has made is taken all the same. */
export interface StepResult {
  outputs?: Record<string, unknown> | undefined;
  error?: AttemptError | undefined;
}

/**
 * Runs one attempt and says how it ended. Never throws: what goes wrong is an outcome. `inside` is given in a WorkingDirectory.
 */
export async function runAttempt(
  deps: RunDeps,
  begun: Begun,
  task: Task,
  abort: AbortController,
  inside?: Inside,
): Promise<Outcome | typeof ABANDONED> {
  const definition = task.definition as Record<string, unknown>;
  const place = {
    executionId: begun.execution_id,
    taskRunId: begun.task_run_id,
    attemptId: begun.attempt_id,
  };
  const secrets = watchSecrets(deps.secretBox);
  learnSecrets(begun.inputs, secrets, deps.secretBox);
  const log = openAttemptLog(
    deps.logs,
    place,
    (definition.logLevel as LogLevel | undefined) ?? "TRACE",
    secrets.maskMessages,
  );

  const outcome = await attempt(deps, begun, task, abort, log, secrets, inside);
  if (outcome !== ABANDONED && outcome.error !== undefined) log.error(outcome.error.message);
  await log.flushed();
  return outcome === ABANDONED ? outcome : withoutSecrets(task, outcome, secrets);
}

/**
 * What a block has found out is read by the engine, which has no key: a value that no case is for is shown with stars, and values that hold
 * a secret are no values for a loop, since they would name its iterations.
 */
function withoutSecretChoice(task: Task, found: BlockFindings, secrets: Secrets): BlockFindings {
  const { outputs } = found;
  if (outputs === undefined || secrets.mask(outputs) === outputs) return found;
  if (task.kind === "FOR_EACH")
    throw new TaskError("secret_in_values", "The values of a loop hold a secret, and would show it.");
  return task.kind === "SWITCH" && outputs.defaults === true
    ? { ...found, outputs: secrets.mask(outputs) }
    : found;
}

/** A Pause shows what it asks for, and what it takes where nothing is given. */
function sealAsked({ kind }: Task, found: BlockFindings, secretBox: SecretBox): BlockFindings {
  if (kind !== "PAUSE" || found.outputs === undefined) return found;
  const pause = found.outputs.pause as { inputs: AskedInput[] };
  const inputs = withDefaultsSealed(pause.inputs, secretBox);
  return { ...found, outputs: { ...found.outputs, pause: { ...pause, inputs } } };
}

/** What a secret has come into is stored encrypted; an error is for people, and has stars. */
function withoutSecrets({ kind }: Task, outcome: Outcome, secrets: Secrets): Outcome {
  const { outputs, error } = outcome;
  return {
    ...outcome,
    // The case that a Switch has taken stands in the flow for all to read, and what a Subflow asks for is encrypted already.
    ...(outputs && { outputs: kind === "SWITCH" || kind === "SUBFLOW" ? outputs : secrets.seal(outputs) }),
    ...(error && { error: secrets.maskMessages(error) }),
  };
}

async function attempt(
  deps: RunDeps,
  begun: Begun,
  task: Task,
  abort: AbortController,
  log: AttemptLog,
  secrets: Secrets,
  inside: Inside | undefined,
): Promise<Outcome | typeof ABANDONED> {
  const attemptId = begun.attempt_id;
  const definition = task.definition as Record<string, unknown>;
  let limits: AttemptLimits | undefined;
  try {
    const known = inside?.context ?? attemptContext(begun, task, deps);
    const reader = { begun, task, secrets, signal: abort.signal, isHidden: inside?.isHidden };
    const seen = openContext(deps, known, reader);
    const complete = async (known: Context) => await fetchedContext(deps, begun, task, known, abort.signal);
    const context = await complete(seen);
    const step = deps.systemSteps.get(task.kind);
    if (step !== undefined) {
      const { outputs, error } = await step(task, context, begun, log, secrets);
      const made = { attemptId, ...(outputs && { outputs }) };
      return error === undefined ? { ...made, state: "SUCCESS" } : { ...made, state: "FAILED", error };
    }

    if (definition.runIf !== undefined && !holds(await renderInTurn(definition.runIf, context))) {
      return { attemptId, state: "SKIPPED" };
    }

    if (task.kind === "WORKING_DIRECTORY") {
      const runChild = (...child: Child) => runAttempt(deps, ...child);
      return await runWorkingDirectory(deps, { begun, task, context, abort, log, secrets, runChild });
    }

    const choose = blockSteps.get(task.kind);
    if (choose !== undefined) {
      const file = await readLoopFile(task, context, deps.storage, abort.signal);
      const chosen = sealAsked(task, await choose(task, context, begun, file), deps.secretBox);
      const found = withoutSecretChoice(task, chosen, secrets);
      abort.signal.throwIfAborted();
      return { attemptId, state: found.error === undefined ? "RUNNING" : "FAILED", ...found };
    }

    if (task.kind === "SUBFLOW") {
      const request =
        task.type === itemTypes.items
          ? await batchedRequest(task, context, begun, deps.storage, abort.signal, complete)
          : await subflowRequest(task, context);
      const sealed = requestWithoutSecrets(await sealRequest(deps, request), task, secrets);
      return { attemptId, state: "RUNNING", outputs: { ...sealed } };
    }

    limits = openLimits(abort, await renderInTurn(definition.timeout, context));
    const result = await limits.hold(run(deps, begun, task, context, limits.signal, log, secrets, inside));
    const { exit, change } = result;
    if (exit !== undefined) return { attemptId, state: "RUNNING", outputs: { exit } };
    if (change !== undefined) return { attemptId, state: "RUNNING", outputs: { change } };
    return { attemptId, state: result.state ?? "SUCCESS", outputs: result.outputs };
  } catch (error) {
    const end = limits?.end() ?? abort.signal.reason;
    if (end === "KILLED") {
      return {
        attemptId,
        state: "KILLED",
        error: { reason: "killed", message: "The execution was killed." },
      };
    }
    // That the database was away is not the task's fault: it runs again, and takes no try.
    if (end === "TAKEN" || isDatabaseAway(error)) return ABANDONED;
    return { attemptId, state: "FAILED", error: describeError(error) };
  } finally {
    limits?.close();
  }
}

type Child = Parameters<DirectoryRun["runChild"]>;

async function run(
  deps: RunDeps,
  begun: Begun,
  task: Task,
  context: Context,
  signal: AbortSignal,
  log: AttemptLog,
  secrets: Secrets,
  inside: Inside | undefined,
): Promise<TaskResult> {
  const type = deps.taskTypes.get(task.type);
  if (type === undefined) throw new Error(`This worker does not know the task type ${task.type}.`);

  const written = Object.entries(task.definition as Record<string, unknown>);
  const own = Object.fromEntries(written.filter(([key]) => !engineProperties.has(key)));
  const rendered = await renderProperties(type, own, context);
  const properties = parseProperties(type, rendered);

  // What it renders itself is the same text whatever that reads, so a cache is asked for what it may read, too.
  const asked = async () => {
    if (type.rendersItself === undefined) return rendered;
    const { inputs, vars, outputs, labels, trigger, item, taskrun } = await withAllOutputs(context);
    return {
      ...rendered,
      seen: { inputs, vars, outputs, labels, trigger, item, value: valueOfLoop(taskrun) },
    };
  };

  return await throughCache({ db: deps.db, attemptId: begun.attempt_id, log }, task, asked, async () => {
    await using taskContext = openTaskContext(deps, {
      ...{ begun, task, seen: context, signal, log, secrets },
      shared: inside?.directory,
      runTask: (definition, here) => runInPlace(deps, definition, context, here),
    });
    const result = await type.run({ properties, context: taskContext.context });
    // Before a cache keeps them.
    return {
      ...result,
      outputs: secrets.seal(result.outputs),
      // Labels are read everywhere, so no secret gets into one.
      ...(result.change && {
        change: "labels" in result.change ? secrets.mask(result.change) : secrets.seal(result.change),
      }),
    };
  });
}

function valueOfLoop(taskrun: unknown): unknown {
  return (taskrun as { value?: unknown } | undefined)?.value;
}

function unknownType(name: string, taskTypes: RunDeps["taskTypes"]): string {
  const { message, hint } = unknownTaskType(name, taskTypes.keys());
  return `${message} ${hint}`;
}

/** Runs what a task was told to be only when it ran. */
async function runInPlace(
  { taskTypes }: RunDeps,
  { type: name, ...definition }: Readonly<Record<string, unknown>>,
  seen: Context,
  context: TaskContext,
): Promise<TaskResult> {
  const type = taskTypes.get(String(name));
  if (type === undefined || type.isForEngine === true) {
    const isKnown = type !== undefined || flowableTypes.has(String(name));
    throw new TaskError(
      isKnown ? "not_runnable" : "unknown_task_type",
      isKnown ? "The templated task must be a runnable task" : unknownType(String(name), taskTypes),
    );
  }
  const own = Object.entries(definition).filter(([key]) => !engineProperties.has(key));
  const rendered = await renderProperties(type, Object.fromEntries(own), seen);
  return await type.run({ properties: parseProperties(type, rendered), context });
}
