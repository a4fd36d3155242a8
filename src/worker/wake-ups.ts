import { z } from "zod";
import type { Logger } from "../base/log.ts";
import type { SecretBox } from "../base/secret-box.ts";
import { callOne, type Database } from "../db/call.ts";
import { isLockedOut } from "../db/sql-error.ts";
import { answerPause } from "./answer-pause.ts";
import { lookAtAssertions } from "./assertions.ts";
import type { Surroundings } from "./attempt-context.ts";
import { BatchLane } from "./batch-lane.ts";
import { openSubflowLane, SUBFLOW_JOB } from "./tend-subflows.ts";

/** What a job asks for that names no task run: to look at something whose time, or whose turn, may have come. */
export type WakeUp = (payload: unknown) => Promise<void>;

/** What the wake-ups work with. */
export interface WakeUpOptions extends Surroundings {
  db: Database;
  log: Logger;
  signal: AbortSignal;
  secretBox: SecretBox;
}

const flow = z.object({ namespace: z.string(), flowId: z.string() });
const taskRun = z.object({ id: z.string().regex(/^[1-9]\d{0,17}$/) });
const execution = z.object({ executionId: z.uuid() });

/** The wake-ups by the identifiers of their jobs. A job of somebody else's making is dropped. */
export function wakeUps({ db, log, envs, signal, secretBox }: WakeUpOptions): ReadonlyMap<string, WakeUp> {
  const read =
    <T>(payloads: z.ZodType<T>, wake: (given: T) => Promise<unknown>): WakeUp =>
    async (payload) => {
      const given = payloads.safeParse(payload);
      if (given.success) await wake(given.data);
      else log.warn({ payload }, "a job that asks for nothing known was dropped");
    };
  const toExecution = (
    call:
      | "reprise_engine.start_scheduled"
      | "reprise_engine.enforce_deadline"
      | "reprise_engine.retry_execution"
      | "reprise_engine.kill_orphans",
  ) => read(execution, ({ executionId }) => callOne(db, call, { execution_id: executionId }));
  const tendSubflow = openSubflowLane({ db, surroundings: { envs }, secretBox, log, signal });
  return new Map([
    [SUBFLOW_JOB, read(taskRun, ({ id }) => tendSubflow(id))],
    ["reprise.Gate", read(flow, openGateKeeper(db, log))],
    [
      "reprise.Wave",
      read(taskRun, ({ id }) => callOne(db, "reprise_engine.widen_block", { task_run_id: id })),
    ],
    ["reprise.Answer", read(taskRun, ({ id }) => answerPause(db, id, secretBox))],
    ["reprise.Start", toExecution("reprise_engine.start_scheduled")],
    ["reprise.Deadline", toExecution("reprise_engine.enforce_deadline")],
    ["reprise.Retry", toExecution("reprise_engine.retry_execution")],
    ["reprise.Orphans", toExecution("reprise_engine.kill_orphans")],
    [
      "reprise.Assertions",
      read(execution, ({ executionId }) => lookAtAssertions(db, executionId, { envs }, secretBox)),
    ],
  ]);
}

/**
 * Lets in what waits for slots of a flow. However many jobs ask for that at once, one call is under way for each flow, and one comes
 * after it that sees what they saw.
 */
function openGateKeeper(db: Database, log: Logger): (which: z.output<typeof flow>) => Promise<void> {
  const lanes = new Map<string, BatchLane<void, void>>();
  return async (which) => {
    const key = `${which.namespace}/${which.flowId}`;
    const lane =
      lanes.get(key) ?? new BatchLane<void, void>(async () => await openGate(db, log, which), MANY);
    lanes.set(key, lane);
    await lane.add();
  };
}

const MANY = 1_000;

async function openGate(db: Database, log: Logger, which: z.output<typeof flow>): Promise<[]> {
  const given = { namespace: which.namespace, flow_id: which.flowId };
  try {
    while ((await callOne(db, "reprise_engine.open_gate", given)) !== 0);
  } catch (error) {
    // Somebody creates executions of this flow in a transaction that lasts; queues that could move on are looked for again and again.
    if (!isLockedOut(error)) throw error;
    log.debug(which, "a flow is locked, and its queue has to wait");
  }
  return [];
}
