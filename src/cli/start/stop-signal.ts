import { RepriseError } from "../../base/errors.ts";
import { stopped } from "../failure.ts";

/** How a long-running command hears that it should stop. */
export interface StopSignal extends Disposable {
  readonly signal: AbortSignal;
  /** Resolves when it should stop. */
  readonly received: Promise<void>;
}

/** What the failure of what was stopped says. */
interface Said {
  message: string;
  hint?: string;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** npm passes on a signal that we have heard already; only one that comes later is a second one. */
const echoMs = 1_000;

const lingerMs = 2_000;

/** Whoever stops longer than this is stuck. */
const patienceMs = 30_000;

/** Listens for signals to stop. After the first there is a moment to stop in order; a second one ends the process at once. */
export function openStopSignal(said: Said = { message: "It was stopped before it was done." }): StopSignal {
  const controller = new AbortController();
  const received = Promise.withResolvers<void>();
  let firstAt = 0;
  const stop = () => {
    if (controller.signal.aborted) {
      if (Date.now() - firstAt > echoMs) process.exit(130);
      return;
    }
    firstAt = Date.now();
    controller.abort(new RepriseError("RP409", stopped, said.message, { hint: said.hint }));
    received.resolve();
    setTimeout(() => process.exit(1), patienceMs).unref();
  };
  for (const name of signals) process.on(name, stop);
  return {
    signal: controller.signal,
    received: received.promise,
    [Symbol.dispose]() {
      for (const name of signals) process.off(name, stop);
      // Everything was let go of by now. What still holds the process, after a failure say, must not hold it for good.
      setTimeout(() => process.exit(), lingerMs).unref();
    },
  };
}
