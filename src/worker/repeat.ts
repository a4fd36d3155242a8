import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "../base/log.ts";

/**
 * Does something again and again until `signal` is aborted, one after the other. The pause is `everyMs`, asked anew each time where it is a function, and longer after
 * a turn that took long, so that housekeeping never takes more than a twentieth of the time; except where the pace itself is
 * the point. A turn that fails is logged once until one succeeds, since all of them fail while Postgres is away; and it says nothing
 * of how long a turn takes.
 */
export async function repeat(
  everyMs: number | (() => number),
  signal: AbortSignal,
  log: Logger,
  turn: () => Promise<unknown>,
  { isSteady = false } = {},
): Promise<void> {
  let isFailing = false;
  while (!signal.aborted) {
    const began = performance.now();
    let tookMs = 0;
    try {
      await turn();
      isFailing = false;
      if (!isSteady) tookMs = performance.now() - began;
    } catch (error) {
      if (!signal.aborted)
        log[isFailing ? "debug" : "warn"]({ err: error }, "housekeeping failed; trying again");
      isFailing = true;
    }
    const pauseMs = typeof everyMs === "number" ? everyMs : everyMs();
    const waitMs = Math.max(pauseMs, Math.min(tookMs * 20, 60_000));
    await pause(waitMs, undefined, { signal }).catch(() => undefined);
  }
}
