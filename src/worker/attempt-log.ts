import { callOne, type Database } from "../db/call.ts";
import type { LogLevel } from "../db/generated.ts";
import type { TaskLog } from "../tasks/task-type.ts";
import { BatchLane } from "./batch-lane.ts";

/** One line on its way to the table `logs`. */
interface LogLine {
  loggedAt: Date;
  executionId: string;
  taskRunId: string;
  attemptId: string;
  level: LogLevel;
  message: string;
}

/** Takes the lines of all attempts of a worker and writes them many at once. */
export interface LogShipper {
  add(line: LogLine): Promise<void>;
  settled(): Promise<void>;
}

/** The log of one attempt. */
export interface AttemptLog extends TaskLog {
  /** Resolves once every line said so far is in the table. */
  flushed(): Promise<void>;
}

const LEVELS: readonly LogLevel[] = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR"];

// A line longer than this is cut: it is somebody's data, not a message.
const LONGEST_MESSAGE = 100_000;

/** Opens the way to the table `logs`. A line that cannot be written is lost with a warning; no task fails for it. */
export function openLogShipper(db: Database, onLost: (error: unknown) => void): LogShipper {
  const lane = new BatchLane<LogLine, void>(async (lines) => {
    await callOne(db, "reprise_engine.append_logs", {
      logged_at: lines.map(({ loggedAt }) => loggedAt),
      execution_ids: lines.map(({ executionId }) => executionId),
      task_run_ids: lines.map(({ taskRunId }) => taskRunId),
      attempt_ids: lines.map(({ attemptId }) => attemptId),
      levels: lines.map(({ level }) => level),
      messages: lines.map(({ message }) => message),
    }).catch(onLost);
    return [];
  }, 1_000);
  return { add: (line) => lane.add(line), settled: () => lane.settled() };
}

/** Opens the log of one attempt; lines below `least` are not kept. */
export function openAttemptLog(
  shipper: LogShipper,
  place: Pick<LogLine, "executionId" | "taskRunId" | "attemptId">,
  least: LogLevel,
): AttemptLog {
  let last: Promise<void> | undefined;
  const say = (level: LogLevel) => (message: string) => {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(least)) return;
    last = shipper.add({ ...place, level, loggedAt: new Date(), message: storable(message) });
  };
  return {
    trace: say("TRACE"),
    debug: say("DEBUG"),
    info: say("INFO"),
    warn: say("WARN"),
    error: say("ERROR"),
    flushed: async () => await last,
  };
}

/** Postgres takes no NUL in a text. */
function storable(message: string): string {
  const cut = message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message;
  return cut.replaceAll("\0", "\u2400");
}
