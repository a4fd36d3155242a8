import { callOne, type Database } from "../db/call.ts";
import type { LogLevel } from "../db/generated.ts";
import type { TaskLog } from "../tasks/task-type.ts";
import { BatchLane } from "./batch-lane.ts";
import { storableMessage } from "./storable-message.ts";

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
}

/** The log of one attempt. */
export interface AttemptLog extends TaskLog {
  /** Resolves once every line said so far is in the table. */
  flushed(): Promise<void>;
}

const LEVELS: readonly LogLevel[] = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR"];

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
  return { add: (line) => lane.add(line) };
}

/** Opens the log of one attempt; lines below `least` are not kept. */
export function openAttemptLog(
  shipper: LogShipper,
  place: Pick<LogLine, "executionId" | "taskRunId" | "attemptId">,
  least: LogLevel,
  mask: (message: string) => string = (message) => message,
): AttemptLog {
  let last: Promise<void> | undefined;
  const say = (level: LogLevel) => (message: string) => {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(least)) return;
    last = shipper.add({ ...place, level, loggedAt: new Date(), message: storableMessage(mask(message)) });
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
