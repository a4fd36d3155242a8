import { setTimeout as delay } from "node:timers/promises";
import type { Pool } from "pg";
import type { Logger } from "../../base/log.ts";
import { listen } from "../../db/listen.ts";
import { type ExecutionDocument, hasEnded, readExecution } from "../read/read-execution.ts";

/** What to wait for, and whom to tell. */
export interface AwaitOptions {
  db: Pool;
  connectionString: string;
  log: Logger;
  executionId: string;
  /** Changes are told by Postgres; this is how often to look all the same, for progress and for what was missed. */
  pollMs: number;
  /** Called with each look, the first at once and the last when it has ended; in a line of retries with each of them in turn. */
  onLook?(execution: ExecutionDocument): Promise<void>;
  signal?: AbortSignal | undefined;
}

/**
 * Waits until an execution has ended, listening and not polling, and gives how it ended. Of one that is retried as a new execution it
 * waits for that one, and gives the last of the line.
 */
export async function awaitExecution(options: AwaitOptions): Promise<ExecutionDocument> {
  const { db, onLook } = options;
  let executionId = options.executionId;
  const signal = options.signal ?? new AbortController().signal;
  let changed = Promise.withResolvers<void>();
  await using _listener = await listen({
    connectionString: options.connectionString,
    channels: ["reprise_executions"],
    log: options.log,
    signal,
    onNotification: (_channel, payload) => {
      if (payload.includes(executionId)) changed.resolve();
    },
    onReconnect: () => changed.resolve(),
  });
  for (;;) {
    signal.throwIfAborted();
    // Before the look: what changes during it is looked at again.
    changed = Promise.withResolvers<void>();
    const execution = await readExecution(db, executionId);
    await onLook?.(execution);
    if (execution.retriedAsId !== null) {
      executionId = execution.retriedAsId;
      continue;
    }
    if (hasEnded(execution) && execution.retryAt === null) return execution;
    await firstOf(changed.promise, options.pollMs, signal);
  }
}

async function firstOf(changed: Promise<void>, pollMs: number, signal: AbortSignal): Promise<void> {
  const done = new AbortController();
  const timer = delay(pollMs, undefined, { signal: AbortSignal.any([done.signal, signal]) }).catch(
    () => undefined,
  );
  await Promise.race([changed, timer]);
  done.abort();
}
