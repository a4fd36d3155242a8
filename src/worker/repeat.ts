import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "../base/log.ts";

/**
 * Does something again and again until `signal` is aborted, one after the other. The pause is `everyMs`, and longer after
 * a turn that took long, so that housekeeping never takes more than a twentieth of the time. A turn that fails is logged.
 */
export async function repeat(
  everyMs: number,
  signal: AbortSignal,
  log: Logger,
  turn: () => Promise<unknown>,
): Promise<void> {
  while (!signal.aborted) {
    const began = performance.now();
    try {
      await turn();
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error }, "housekeeping failed; trying again");
    }
    const waitMs = Math.max(everyMs, Math.min((performance.now() - began) * 20, 60_000));
    await pause(waitMs, undefined, { signal }).catch(() => undefined);
  }
}
