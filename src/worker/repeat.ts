import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "../base/log.ts";

/**
 * Does something again and again until `signal` is aborted, one after the other. The pause is `everyMs`, and longer after
 * a turn that took long, so that housekeeping never takes more than a twentieth of the time; except where the pace itself is
 * the point. A turn that fails is logged, and says nothing of how long one takes: it may have waited for a Postgres that was away.
 */
export async function repeat(
  everyMs: number,
  signal: AbortSignal,
  log: Logger,
  turn: () => Promise<unknown>,
  { isSteady = false } = {},
): Promise<void> {
  while (!signal.aborted) {
    const began = performance.now();
    let tookMs = 0;
    try {
      await turn();
      if (!isSteady) tookMs = performance.now() - began;
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error }, "housekeeping failed; trying again");
    }
    const waitMs = Math.max(everyMs, Math.min(tookMs * 20, 60_000));
    await pause(waitMs, undefined, { signal }).catch(() => undefined);
  }
}
