import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { after } from "node:test";

/** A worker that a test may stop and kill. */
export interface DoomedWorker {
  readonly pid: number;
  /** Sends a signal; after SIGKILL, resolves once the process is gone. */
  signal(signal: "SIGKILL" | "SIGSTOP" | "SIGCONT"): Promise<void>;
}

const children: ChildProcess[] = [];

/** Ends all of these workers: in an `afterEach` hook, so that none takes the work of the next test. */
export async function endDoomedWorkers(): Promise<void> {
  await Promise.all(children.splice(0).map((child) => send(child, "SIGKILL")));
}
after(endDoomedWorkers);

/** Starts the real worker in a process of its own, with the task types of tests, and waits until it takes jobs. */
export async function aDoomedWorker(connectionString: string): Promise<DoomedWorker> {
  const child = fork(join(import.meta.dirname, "doomed-worker-main.ts"), [connectionString]);
  children.push(child);
  const isReady = await Promise.race([
    once(child, "message").then(() => true),
    once(child, "exit").then(() => false),
  ]);
  if (!isReady) throw new Error("The worker ended before it took jobs.");
  return { pid: child.pid as number, signal: async (signal) => await send(child, signal) };
}

async function send(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = signal === "SIGKILL" ? once(child, "exit") : undefined;
  child.kill(signal);
  await gone;
}
