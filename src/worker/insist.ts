import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "../base/log.ts";
import { isPassing } from "../db/sql-error.ts";

/**
 * Makes a call until it gets through or `signal` is aborted. Only faults that pass are waited out: a lost connection, a
 * Postgres that restarts, a deadlock. What the call itself is refused for is thrown at once. `onRepeat` hears of each repetition,
 * since the call before may have done its work without an answer.
 */
export async function insist<T>(
  name: string,
  log: Logger,
  signal: AbortSignal,
  call: () => Promise<T>,
  onRepeat: () => void = () => undefined,
): Promise<T> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await call();
    } catch (error) {
      if (!isPassing(error) || signal.aborted) throw error;
      // Once is enough to say, however long it is away.
      log[failures === 0 ? "warn" : "debug"](
        { err: error, call: name },
        "the database did not answer; asking again",
      );
      onRepeat();
      await pause(Math.min(2_000, 50 * 2 ** failures) * (0.5 + Math.random() / 2), undefined, { signal });
    }
  }
}
