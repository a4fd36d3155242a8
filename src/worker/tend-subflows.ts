import { setTimeout as pause } from "node:timers/promises";
import { type Logger, silentLogger } from "../base/log.ts";
import { openSecretBox, type SecretBox } from "../base/secret-box.ts";
import { callMany, callOne, type Database } from "../db/call.ts";
import type { SubflowExtract, Task } from "../db/generated.ts";
import { askedBy, renderInTurn } from "../expression/render-in-turn.ts";
import type { CompiledOutput } from "../flow/compiled-flow.ts";
import { executionContext, type Surroundings } from "./attempt-context.ts";
import type { Begun } from "./begun.ts";
import { insist } from "./insist.ts";
import { openPatientLane } from "./patient-lane.ts";
import { renderOutputs } from "./render-outputs.ts";
import { revealContext, watchSecrets } from "./secrets.ts";

/** The identifier of jobs that look at the children of a task run. */
export const SUBFLOW_JOB = "reprise.Subflow";

/** Parents in one call. */
const BATCH = 200;

/** Opens the lane that hands the ends of children to the task runs that wait for them, those of many with one call. */
export function openSubflowLane(options: {
  db: Database;
  surroundings: Surroundings;
  secretBox: SecretBox;
  log: Logger;
  signal: AbortSignal;
}): (taskRunId: string) => Promise<void> {
  const { db, surroundings, secretBox, log, signal } = options;
  const send = async (ids: string[]): Promise<(Promise<void> | undefined)[]> => {
    const late = await insist("end_subflows", log, signal, () =>
      tendSubflows(db, [...new Set(ids)], surroundings, secretBox),
    );
    return ids.map((id) => late.get(id));
  };
  const lane = openPatientLane({ send, limit: BATCH, sideBySide: 1, signal });
  return async (taskRunId) => await lane.add(taskRunId);
}

/** Others of the same call are not kept waiting for longer by what a Subflow takes from its child. */
const PATIENCE_MS = 100;

/**
 * Restarts the children of these task runs that are to be restarted, and hands on how the others have ended. Given are those that are
 * still being rendered, and when they are handed on too.
 */
export async function tendSubflows(
  db: Database,
  task_run_ids: string[],
  surroundings: Surroundings,
  secretBox: SecretBox = openSecretBox(undefined),
): Promise<ReadonlyMap<string, Promise<void>>> {
  while (Number(await callOne(db, "reprise_engine.restart_subflows", { task_run_ids })) > 0);

  const wanted = await callMany(db, "reprise_engine.end_subflows", { task_run_ids });
  const done: Rendered[] = [];
  const rendering = wanted.map(async (extract) => {
    const { task_run_id, execution_id } = extract;
    const found = await renderExtract(db, extract, surroundings, secretBox);
    const rendered = { taskRunId: String(task_run_id), childId: String(execution_id), found };
    done.push(rendered);
    return rendered;
  });
  await Promise.race([Promise.all(rendering), pause(PATIENCE_MS, undefined, { ref: false })]);
  const quick = [...done];
  await handOn(db, quick);
  const isQuick = new Set(quick.map(({ childId }) => childId));
  // A ForEachItem takes from many children.
  const slow = Map.groupBy(
    wanted.flatMap(({ task_run_id, execution_id }, index) =>
      isQuick.has(String(execution_id)) ? [] : [{ taskRunId: String(task_run_id), index }],
    ),
    ({ taskRunId }) => taskRunId,
  );
  return new Map(
    [...slow].map(([taskRunId, group]) => {
      const found = Promise.all(group.flatMap(({ index }) => rendering[index] ?? []));
      return [taskRunId, found.then((all) => handOn(db, all))];
    }),
  );
}

/** What a child gives, to a task run that waits for it. */
interface Rendered {
  taskRunId: string;
  childId: string;
  found: Awaited<ReturnType<typeof renderExtract>>;
}

async function handOn(db: Database, rendered: readonly Rendered[]): Promise<void> {
  if (rendered.length === 0) return;
  const task_run_ids = [...new Set(rendered.map(({ taskRunId }) => taskRunId))];
  const extracts = Object.fromEntries(rendered.map(({ childId, found }) => [childId, found]));
  await callMany(db, "reprise_engine.end_subflows", { task_run_ids, extracts });
}

/** Renders outputs that a Subflow task takes from its child, as the child would: those that the task names, or those of the child's flow. */
async function renderExtract(
  db: Database,
  extract: SubflowExtract,
  surroundings: Surroundings,
  secretBox: SecretBox,
) {
  const { namespace, flow_id, flow_revision, wanted, execution_id, ...rest } = extract;
  const begun = {
    ...{ attempt_id: "", task_run_id: "", task_key: 0, number: 1, ancestors: null },
    ...{
      iteration: null,
      iteration_path: null,
      loop: null,
      loop_iteration: null,
      execution_outputs: null,
      parent_id: null,
    },
    ...rest,
    execution_id,
  } as unknown as Begun;
  const task = { id: "", type: "", namespace, flow_id, revision: flow_revision };
  const secrets = watchSecrets(secretBox);
  try {
    const seen = executionContext(begun, task as Task, surroundings);
    const context = askedBy(revealContext(seen, secrets, secretBox), { name: `${namespace}.${flow_id}` });
    const outputs = Array.isArray(wanted)
      ? await renderOutputs(db, wanted as unknown as CompiledOutput[], context, silentLogger, secretBox)
      : await renderInTurn(wanted, context);
    return { outputs: secrets.seal(outputs) };
  } catch (error) {
    return { fault: secrets.maskMessages(error instanceof Error ? error.message : String(error)) };
  }
}
