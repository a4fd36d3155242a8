import { callOne, type Database } from "../db/call.ts";

/** Takes what long attempts say of their progress, and writes the newest of each twice a second. */
export interface ProgressShipper extends Disposable {
  say(attemptId: string, fraction: number | undefined, note: string): void;
  /** Drops what an attempt said last: it has ended. */
  forget(attemptId: string): void;
}

// Often enough to look alive, seldom enough to cost nothing.
const EVERY_MS = 500;

/** Opens the way for progress. What cannot be written is dropped: the next will say more. */
export function openProgressShipper(db: Database, workerId: () => number): ProgressShipper {
  const newest = new Map<string, { fraction: number | undefined; note: string }>();

  const timer = setInterval(() => {
    if (newest.size === 0) return;
    const said = [...newest];
    newest.clear();
    callOne(db, "reprise_engine.report_progress", {
      worker_id: workerId(),
      attempt_ids: said.map(([attemptId]) => attemptId),
      fractions: said.map(([, { fraction }]) =>
        fraction === undefined ? null : Math.min(1, Math.max(0, fraction)),
      ),
      notes: said.map(([, { note }]) => note),
    }).catch(() => undefined);
  }, EVERY_MS);
  timer.unref();

  return {
    say: (attemptId, fraction, note) => newest.set(attemptId, { fraction, note }),
    forget: (attemptId) => newest.delete(attemptId),
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
