import { durationMs } from "../flow/duration.ts";
import { TaskError } from "../tasks/task-type.ts";

/** Why an attempt was stopped from outside. TAKEN: it is not this worker's any more. */
export type StopReason = "KILLED" | "TAKEN";

/** What bounds a running attempt: its timeout, and being stopped. */
export interface AttemptLimits {
  /** Aborted by either. */
  readonly signal: AbortSignal;
  /** Waits for the work; once it is aborted, no longer than a moment, since work may not listen. */
  hold<T>(work: Promise<T>): Promise<T>;
  /** Why it was stopped, if it was. */
  end(): StopReason | undefined;
  close(): void;
}

// A task that heard the signal cleans up within this time; one that did not is left behind.
const LAST_MOMENT_MS = 400;

// 24 days; what is longer takes several.
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Opens the limits of an attempt. `timeout` is a rendered duration, or nothing. */
export function openLimits(abort: AbortController, timeout: unknown): AttemptLimits {
  const isGiven = timeout !== undefined && timeout !== null && timeout !== "";
  const milliseconds = isGiven ? durationMs(timeout) : undefined;
  if (milliseconds === undefined && isGiven) {
    throw new TaskError("invalid_timeout", `The timeout \`${timeout}\` is no duration, such as PT30S.`);
  }
  // Nothing is done in no time, however fast it is.
  if (milliseconds === 0) throw timeoutAfter(0);
  let timedOut: TaskError | undefined;
  const timer = milliseconds === undefined ? undefined : new AbortController();
  let handle: NodeJS.Timeout | undefined;
  const wait = (left: number) => {
    const now = Math.min(left, LONGEST_TIMER_MS);
    handle = setTimeout(() => (left > now ? wait(left - now) : end()), now);
  };
  const end = () => {
    timedOut = timeoutAfter(milliseconds ?? 0);
    timer?.abort(timedOut);
  };
  if (milliseconds !== undefined) wait(milliseconds);
  const signal = timer === undefined ? abort.signal : AbortSignal.any([abort.signal, timer.signal]);

  return {
    signal,
    async hold(work) {
      const { promise: stopped, reject } = Promise.withResolvers<never>();
      const onAbort = () => {
        setTimeout(() => reject(signal.reason), LAST_MOMENT_MS).unref();
      };
      if (signal.aborted) onAbort();
      signal.addEventListener("abort", onAbort, { once: true });
      stopped.catch(() => undefined);
      work.catch(() => undefined);
      try {
        return await Promise.race([work, stopped]);
      } catch (error) {
        // Whatever the work threw when it was aborted, the timeout is what happened.
        throw timedOut ?? error;
      } finally {
        signal.removeEventListener("abort", onAbort);
      }
    },
    end: () => (timedOut !== undefined ? undefined : (abort.signal.reason as StopReason | undefined)),
    close: () => clearTimeout(handle),
  };
}

function timeoutAfter(milliseconds: number): TaskError {
  return new TaskError("timeout", `Timeout after ${clockText(milliseconds)}`);
}

/** HH:mm:ss.SSS, as the error of a timeout has it. */
function clockText(milliseconds: number): string {
  const hours = String(Math.floor(milliseconds / 3_600_000)).padStart(2, "0");
  return `${hours}:${new Date(milliseconds % 3_600_000).toISOString().slice(14, 23)}`;
}
