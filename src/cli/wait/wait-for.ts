import type { Pool } from "pg";
import { exitCodes } from "../exit-code.ts";
import { asCalled } from "../present/as-called.ts";
import { timeText } from "../present/figure-text.ts";
import { waitsText } from "../present/waits-text.ts";
import { hasWorkerFor } from "../read/has-worker.ts";
import { type ExecutionDocument, hasSucceeded, readProgress } from "../read/read-execution.ts";
import { readWaits } from "../read/read-waits.ts";
import type { Session } from "../session.ts";
import { openStopSignal } from "../start/stop-signal.ts";
import { awaitExecution } from "./await-execution.ts";
import { openLiveView } from "./live-view.ts";
import { openLogTail } from "./log-tail.ts";

/** How to wait. */
export interface WaitOptions {
  /** Prints the log lines as they come. */
  isFollowing: boolean;
}

// Progress is not told by Postgres. Somebody who looks wants to see it; otherwise a look is only for what was missed.
const watchedPollMs = 700;
const quietPollMs = 5_000;
const frameMs = 100;
const patienceMs = 3_000;

/** Waits until an execution has ended, or the last that a retry creates in its place, and shows what it does to whoever looks. */
export async function waitFor(
  session: Session,
  executionId: string,
  options: WaitOptions,
): Promise<ExecutionDocument> {
  const db = await session.database();
  let current = executionId;
  using stop = openStopSignal({
    message: "The waiting was stopped. The execution goes on.",
    get hint() {
      return `Look at it: reprise execution show ${current}\nStop it: reprise execution kill ${current}`;
    },
  });
  using view = session.isWatched ? openLiveView() : undefined;
  let shownAt = 0;
  const remarkWorkers = openWorkerRemark(db);
  const remarkWaits = openWaitRemark(db);
  const remarkRetries = openRetryRemark();
  let tail = openLogTail(db, executionId);
  return await awaitExecution({
    db,
    connectionString: await session.connectionString(),
    log: session.log,
    executionId,
    signal: stop.signal,
    pollMs: session.isWatched ? watchedPollMs : quietPollMs,
    async onLook(execution) {
      if (execution.id !== current) tail = openLogTail(db, execution.id);
      current = execution.id;
      const lines = options.isFollowing ? await tail() : [];
      const remarks =
        remarkRetries(execution) ?? (await remarkWorkers(execution)) ?? (await remarkWaits(execution));
      const write = () => {
        if (lines.length > 0) session.line(lines.join("\n"));
        if (remarks !== undefined) session.note(remarks);
      };
      if (view === undefined) return write();
      if (lines.length > 0 || remarks !== undefined) view.above(write);
      // A quick flow tells of changes faster than one sees.
      if (Date.now() - shownAt < frameMs) return;
      view.show(execution, await readProgress(db, execution.id));
      shownAt = Date.now();
    },
  });
}

/** Says once that nobody is there to do the work, since waiting for that has no end. */
function openWorkerRemark(db: Pool): (execution: ExecutionDocument) => Promise<string | undefined> {
  let isSaid = false;
  return async ({ state, createdAt }) => {
    const hasNotBegun = state === "CREATED" && Date.now() - createdAt.getTime() > patienceMs;
    if (isSaid || !hasNotBegun || (await hasWorkerFor(db, []))) return undefined;
    isSaid = true;
    return asCalled("No worker runs, so it waits. Start one: reprise worker");
  };
}

/** Says once of each execution that it is retried, and when or as which one. */
function openRetryRemark(): (execution: ExecutionDocument) => string | undefined {
  let said = "";
  return ({ id, state, retryAt, retriedAsId }) => {
    const what =
      retriedAsId !== null ? `It is retried as ${retriedAsId}.` : `It is retried at ${timeText(retryAt)}.`;
    const key = `${id} ${what}`;
    if (state !== "RETRIED" || (retriedAsId === null && retryAt === null) || said === key) return undefined;
    said = key;
    return `${id} has failed. ${what}`;
  };
}

/** Says what it waits for that does not go on by itself, each time it comes to something else. */
function openWaitRemark(db: Pool): (execution: ExecutionDocument) => Promise<string | undefined> {
  let said = "";
  return async ({ id, state }) => {
    if (state !== "PAUSED" && state !== "BREAKPOINT" && state !== "QUEUED") return undefined;
    const waits = await readWaits(db, id);
    const key = JSON.stringify(waits.map(({ kind, taskRunId, since }) => [kind, taskRunId, since]));
    if (key === said || waits.length === 0) return undefined;
    said = key;
    return waitsText(id, waits).join("\n");
  };
}

/** What an execution that was waited for means for the shell. */
export function exitCodeFor(execution: ExecutionDocument): number {
  return hasSucceeded(execution) ? exitCodes.ok : exitCodes.failed;
}
