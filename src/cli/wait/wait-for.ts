import type { Pool } from "pg";
import { exitCodes } from "../exit-code.ts";
import { asCalled } from "../present/as-called.ts";
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

/** Waits until an execution has ended, and shows what it does to whoever looks. */
export async function waitFor(
  session: Session,
  executionId: string,
  options: WaitOptions,
): Promise<ExecutionDocument> {
  const db = await session.database();
  using stop = openStopSignal({
    message: "The waiting was stopped. The execution goes on.",
    hint: `Look at it: reprise execution show ${executionId}\nStop it: reprise execution kill ${executionId}`,
  });
  using view = session.isWatched ? openLiveView() : undefined;
  let shownAt = 0;
  const remarkWorkers = openWorkerRemark(db);
  const remarkWaits = openWaitRemark(db);
  const tail = options.isFollowing ? openLogTail(db, executionId) : async () => [];
  return await awaitExecution({
    db,
    connectionString: await session.connectionString(),
    log: session.log,
    executionId,
    signal: stop.signal,
    pollMs: session.isWatched ? watchedPollMs : quietPollMs,
    async onLook(execution) {
      const lines = await tail();
      const remarks = (await remarkWorkers(execution)) ?? (await remarkWaits(execution));
      const write = () => {
        if (lines.length > 0) session.line(lines.join("\n"));
        if (remarks !== undefined) session.note(remarks);
      };
      if (view === undefined) return write();
      if (lines.length > 0 || remarks !== undefined) view.above(write);
      // A quick flow tells of changes faster than one sees.
      if (Date.now() - shownAt < frameMs) return;
      view.show(execution, await readProgress(db, executionId));
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
