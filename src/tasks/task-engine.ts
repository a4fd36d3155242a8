import type { LogLevel } from "./core/log-level.ts";

/** What tasks may ask of the engine about executions, files and logs: their own, and others'. */
export interface TaskEngine {
  /** Counts executions of flows, also where there are none, and of all flows of namespaces. */
  countExecutions(asked: {
    flows: { namespace: string; flowId: string }[];
    namespaces: string[];
    states: ExecutionState[] | undefined;
    since: string;
    before: string | undefined;
  }): Promise<{ namespace: string; flowId: string; count: number }[]>;
  isExecution(execution: ExecutionName): Promise<boolean>;
  /** Resumes an execution that is paused. */
  resume(executionId: string, inputs: Record<string, unknown> | undefined, taskRunId?: string): Promise<void>;
  /** Purges executions that have ended, or only some of what belongs to them. */
  purgeExecutions(asked: PurgeRequest, signal: AbortSignal): Promise<Purged>;
  /** The lines of a log, in their order, some at a time. */
  logLines(asked: {
    executionId: string;
    taskIds: string[] | undefined;
    level: LogLevel;
  }): AsyncIterable<Record<string, unknown>[]>;
  /** Deletes lines of logs, and says how many. */
  purgeLogs(asked: {
    namespace: string | undefined;
    flowId: string | undefined;
    executionId: string | undefined;
    levels: LogLevel[] | undefined;
    since: string | undefined;
    until: string;
  }): Promise<number>;
  /** Deletes a file, and says whether there was one. */
  deleteFile(uri: string): Promise<boolean>;
  /** Deletes the files that an execution has stored, but for those that others name; gives their URIs. */
  purgeFiles(executionId: string): Promise<string[]>;
}

/** An execution, and the flow that it should be of. */
export interface ExecutionName {
  executionId: string;
  namespace: string;
  flowId: string;
}

/** What to purge, and how much of it. */
export interface PurgeRequest {
  namespace: string | undefined;
  flowId: string | undefined;
  states: ExecutionState[] | undefined;
  since: string | undefined;
  until: string;
  batch: number;
  purges: { executions: boolean; logs: boolean; metrics: boolean; files: boolean };
}

/** How much was purged. */
export type Purged = Record<keyof PurgeRequest["purges"], number>;

/** Where an execution stands. */
export type ExecutionState = (typeof EXECUTION_STATES)[number];
/** The states of executions. */
export const EXECUTION_STATES = [
  ...(["CREATED", "RUNNING", "PAUSED", "RESTARTED", "KILLING", "SUCCESS", "WARNING", "FAILED"] as const),
  ...(["KILLED", "CANCELLED", "QUEUED", "RETRYING", "RETRIED", "BREAKPOINT"] as const),
] as const;
