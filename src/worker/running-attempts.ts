import type { StopReason } from "./attempt-limits.ts";

/** The attempts that a worker runs now, so that they can be stopped. */
export interface RunningAttempts {
  /** Notes that an attempt runs; its controller stops it. */
  add(attemptId: string): AbortController;
  remove(attemptId: string): void;
  ids(): string[];
  stop(attemptId: string, reason: StopReason): void;
  stopAll(reason: StopReason): void;
}

/** Opens the list of running attempts. */
export function openRunningAttempts(): RunningAttempts {
  const running = new Map<string, AbortController>();
  return {
    add(attemptId) {
      const controller = new AbortController();
      running.set(attemptId, controller);
      return controller;
    },
    remove: (attemptId) => running.delete(attemptId),
    ids: () => [...running.keys()],
    stop: (attemptId, reason) => running.get(attemptId)?.abort(reason),
    stopAll(reason) {
      for (const controller of running.values()) controller.abort(reason);
    },
  };
}
