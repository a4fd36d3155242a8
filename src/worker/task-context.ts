import type { SecretBox } from "../base/secret-box.ts";
import { callOne, type Database } from "../db/call.ts";
import type { Task } from "../db/generated.ts";
import { renderInTurn } from "../expression/render-in-turn.ts";
import type { Context } from "../expression/template.ts";
import type { Storage } from "../storage/storage.ts";
import type { TaskContext, TaskResult } from "../tasks/task-type.ts";
import { answering } from "./answer-pause.ts";
import type { AttemptLog } from "./attempt-log.ts";
import { type MetricShipper, openAttemptMetrics } from "./attempt-metrics.ts";
import type { ProgressShipper } from "./attempt-progress.ts";
import type { Begun } from "./begun.ts";
import { type Asked, answer, whileAsked } from "./resume-execution.ts";
import type { Secrets } from "./secrets.ts";
import { readSubflowOutputs } from "./subflow-outputs.ts";
import { taskEngine } from "./task-engine.ts";
import { openWorkFolder } from "./work-folders.ts";

/** What the tasks of a worker share. */
export interface TaskSurroundings {
  db: Database;
  secretBox: SecretBox;
  storage: Storage;
  progress: ProgressShipper;
  metrics: MetricShipper;
  downloadOrigins: readonly { readonly from: string; readonly to: string }[];
  taskMemoryMb: number;
}

/** A task's context, and its end: its folders go with it. */
export interface OpenTaskContext extends AsyncDisposable {
  context: TaskContext;
}

/** An attempt, and what its templates see. `shared` is the directory of the block around it, where it has one. */
export interface TaskPlace {
  begun: Begun;
  task: Task;
  seen: Context;
  signal: AbortSignal;
  log: AttemptLog;
  shared?: string | undefined;
  secrets: Secrets;
  runTask(definition: Readonly<Record<string, unknown>>, context: TaskContext): Promise<TaskResult>;
}

/** Makes what one attempt of a task may use. */
export function openTaskContext(
  deps: TaskSurroundings,
  { begun, task, seen, signal, log, shared, secrets, runTask }: TaskPlace,
): OpenTaskContext {
  const own = openWorkFolder();
  const temporary = openWorkFolder();
  const metrics = openAttemptMetrics(deps.metrics, {
    executionId: begun.execution_id,
    taskRunId: begun.task_run_id,
    attemptId: begun.attempt_id,
  });
  const engine = taskEngine(deps.db, `${task.namespace}.${task.flow_id}, task ${task.id}`);
  const context: TaskContext = {
    signal,
    log,
    storage: storageOf(deps.storage, secrets),
    place: {
      namespace: task.namespace,
      flowId: task.flow_id,
      executionId: begun.execution_id,
      taskId: task.id,
      taskRunId: begun.task_run_id,
      attemptId: begun.attempt_id,
    },
    workDir: async () => shared ?? (await own.path()),
    tempDir: () => temporary.path(),
    progress: (fraction, note) => deps.progress.say(begun.attempt_id, fraction, secrets.maskMessages(note)),
    metric: (metric) => metrics.record(secrets.mask(metric)),
    subflowOutputs: () => readSubflowOutputs(deps.db, begun, task),
    render: async (text, names) =>
      String(await renderInTurn(text, names === undefined ? seen : { ...seen, ...names }, { isText: true })),
    engine: {
      ...engine,
      resume: async (id, inputs) =>
        await whileAsked(null, async () => {
          const { answered, taskRunId } = await answerFor(deps, id, inputs, secrets);
          await engine.resume(id, secrets.seal(answered), taskRunId);
        }),
    },
    runTask: (definition) => runTask(definition, context),
    rewriteUrl: (url) => rewriteUrl(url, deps.downloadOrigins),
    taskRun: { id: begun.task_run_id, attempt: begun.number },
    execution: { id: begun.execution_id },
    flow: { namespace: task.namespace, id: task.flow_id, revision: task.revision },
    memoryLimitMb: deps.taskMemoryMb,
  };
  return {
    context,
    async [Symbol.asyncDispose]() {
      deps.progress.forget(begun.attempt_id);
      await metrics.flush();
      await own[Symbol.asyncDispose]();
      await temporary[Symbol.asyncDispose]();
    },
  };
}

/** What the Pause of another execution is answered, as those do it who ask the API. */
async function answerFor(
  { db, secretBox }: TaskSurroundings,
  execution_id: string,
  inputs: Record<string, unknown> | undefined,
  secrets: Secrets,
): Promise<{ answered: Record<string, unknown> | undefined; taskRunId?: string | undefined }> {
  const asked = (await callOne(db, "reprise_engine.read_asked", { execution_id })) as unknown as Asked;
  const answered = await answer(asked, inputs ?? {}, answering(db, secretBox, secrets));
  return answered === undefined
    ? { answered: inputs }
    : { answered: answered.inputs, taskRunId: asked.taskRunId };
}

/** Names of files are read everywhere: no secret gets into one. What has been stored is then no secret, whatever stands in its URI. */
function storageOf(storage: Storage, secrets: Secrets): Storage {
  return {
    ...storage,
    async put(place, content, signal) {
      const stored = await storage.put({ ...place, name: secrets.mask(place.name) }, content, signal);
      secrets.publish(stored.uri);
      return stored;
    },
  };
}

/** Sends a download somewhere else, when its origin is one of those that the configuration rewrites. */
export function rewriteUrl(url: string, origins: TaskSurroundings["downloadOrigins"]): string {
  if (!URL.canParse(url)) return url;
  const { origin, pathname, search, hash } = new URL(url);
  const rule = origins.find(({ from }) => from === origin);
  return rule === undefined ? url : rule.to + pathname + search + hash;
}
