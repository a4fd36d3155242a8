import type { StopReason } from "./attempt-limits.ts";

/** The attempts that a worker runs now, so that they can be stopped. */
export interface RunningAttempts {
  /** Notes that an attempt runs; its controller stops it. */
  add(attemptId: string): AbortController;
  remove(attemptId: string): void;
  ids(): string[];
  /** Notes that an answer was lost: the tables may say of attempts that they run here, of which nobody here knows. */
  suspect(): void;
  /** Whether one was lost a moment ago. */
  isSuspect(): boolean;
  stop(attemptId: string, reason: StopReason): void;
  stopAll(reason: StopReason): void;
}

// Postgres may still be at work on a call whose connection broke, and what it begins is let go only when it is not young any more.
const SUSPICION_MS = 15_000;

/** Opens the list of running attempts. */
export function openRunningAttempts(): RunningAttempts {
  const running = new Map<string, AbortController>();
  let suspectUntil = 0;
  return {
    add(attemptId) {
      const controller = new AbortController();
      running.set(attemptId, controller);
      return controller;
    },
    remove: (attemptId) => running.delete(attemptId),
    ids: () => [...running.keys()],
    suspect() {
      suspectUntil = performance.now() + SUSPICION_MS;
    },
    isSuspect: () => performance.now() < suspectUntil,
    stop: (attemptId, reason) => running.get(attemptId)?.abort(reason),
    stopAll(reason) {
      for (const controller of running.values()) controller.abort(reason);
    },
  };
}
