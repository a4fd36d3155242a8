import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { RepriseError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";

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
      if (!passes(error) || signal.aborted) throw error;
      log.warn({ err: error, call: name }, "the database did not answer; asking again");
      onRepeat();
      await pause(Math.min(2_000, 50 * 2 ** failures) * (0.5 + Math.random() / 2), undefined, { signal });
    }
  }
}

/** Whether Postgres refused a value as such: class 22, data exception, and 54, limits exceeded. */
export function isUnstorable(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError && /^(22|54)/.test(error.code ?? "");
}

/** 08 connection, 40 rollback, 53 resources, 55P03 lock timeout, 57 operator intervention; without a code it is the network. */
function passes(error: unknown): boolean {
  if (error instanceof RepriseError) return false;
  if (!(error instanceof pg.DatabaseError)) return true;
  return /^(08|40|53|55P03|57)/.test(error.code ?? "");
}
