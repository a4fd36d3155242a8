import type { Logger } from "../base/log.ts";
import { callMany, callOne, type Database } from "../db/call.ts";
import type { SubflowExtract } from "../db/generated.ts";
import { askedBy, renderInTurn } from "../expression/render-in-turn.ts";
import { attemptContext, type Surroundings } from "./attempt-context.ts";
import type { Begun } from "./begun.ts";
import { insist } from "./insist.ts";
import { openPatientLane } from "./patient-lane.ts";

/** The identifier of jobs that look at the children of a task run. */
export const SUBFLOW_JOB = "reprise.Subflow";

/** Parents in one call. */
const BATCH = 200;

/** Opens the lane that hands the ends of children to the task runs that wait for them, those of many with one call. */
export function openSubflowLane(options: {
  db: Database;
  surroundings: Surroundings;
  log: Logger;
  signal: AbortSignal;
}): (taskRunId: string) => Promise<void> {
  const { db, surroundings, log, signal } = options;
  const send = async (ids: string[]): Promise<undefined[]> => {
    await insist("end_subflows", log, signal, () => tendSubflows(db, [...new Set(ids)], surroundings));
    return ids.map(() => undefined);
  };
  const lane = openPatientLane({ send, limit: BATCH, sideBySide: 1, signal });
  return (taskRunId) => lane.add(taskRunId);
}

/** Restarts the children of these task runs that are to be restarted, and hands on how the others have ended. */
export async function tendSubflows(
  db: Database,
  task_run_ids: string[],
  surroundings: Surroundings,
): Promise<void> {
  while (Number(await callOne(db, "reprise_engine.restart_subflows", { task_run_ids })) > 0);

  const wanted = await callMany(db, "reprise_engine.end_subflows", { task_run_ids });
  if (wanted.length === 0) return;
  const extracts = Object.fromEntries(
    await Promise.all(
      wanted.map(async (extract) => [
        String(extract.task_run_id),
        await renderExtract(extract, surroundings),
      ]),
    ),
  ) as Record<string, Awaited<ReturnType<typeof renderExtract>>>;
  await callMany(db, "reprise_engine.end_subflows", { task_run_ids: Object.keys(extracts), extracts });
}

/** Renders outputs that a Subflow task takes from its child, as the child would. */
async function renderExtract(extract: SubflowExtract, surroundings: Surroundings) {
  const { namespace, flow_id, flow_revision, wanted, execution_id, ...rest } = extract;
  const begun = {
    ...{ attempt_id: "", task_run_id: "", task_key: 0, number: 1, task_run_created_at: "", ancestors: null },
    ...{ iteration: null, iteration_path: null, loop: null, loop_iteration: null, execution_outputs: null },
    ...rest,
    execution_id,
  } as unknown as Begun;
  const task = { id: "", type: "", namespace, flow_id, revision: flow_revision };
  try {
    const seen = attemptContext(begun, task as Parameters<typeof attemptContext>[1], surroundings);
    const context = askedBy(seen, { name: `${namespace}.${flow_id}` });
    return { outputs: await renderInTurn(wanted, context) };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}
