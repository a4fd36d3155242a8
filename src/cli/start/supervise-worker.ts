import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { extname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { RepriseError } from "../../base/errors.ts";
import type { Logger } from "../../base/log.ts";
import type { WorkerInstructions } from "./worker-process.ts";

/** A worker process that is started again whenever it dies. Disposing of it stops it. */
export interface SupervisedWorker extends AsyncDisposable {
  pid(): number | undefined;
}

const firstPauseMs = 250;
const longestPauseMs = 30_000;
/** One that lived so long had a good start; if it dies, the next may come at once. */
const goodLifeMs = 60_000;
/** A worker lets its tasks finish for some seconds. */
const patienceMs = 12_000;

/** Starts a worker process, waits until it takes jobs, and keeps one running from then on. */
export async function superviseWorker(options: {
  connectionString: string;
  log: Logger;
}): Promise<SupervisedWorker> {
  const { log } = options;
  const instructions = { connectionString: options.connectionString, logLevel: log.level };
  const stopper = new AbortController();
  let child = launch(instructions);
  if (!(await isReady(child))) {
    throw new RepriseError("RP409", "worker_did_not_start", "The worker did not start.", {
      hint: "What it said stands above.",
    });
  }

  const keeping = keep();
  async function keep(): Promise<void> {
    for (let pauseMs = firstPauseMs; ; ) {
      const bornAt = Date.now();
      await ended(child);
      if (stopper.signal.aborted) return;
      if (Date.now() - bornAt > goodLifeMs) pauseMs = firstPauseMs;
      log.warn(
        { code: child.exitCode, signal: child.signalCode, pauseMs },
        "the worker died; starting another",
      );
      await delay(pauseMs, undefined, { signal: stopper.signal }).catch(() => undefined);
      if (stopper.signal.aborted) return;
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      child = launch(instructions);
    }
  }

  return {
    pid: () => child.pid,
    async [Symbol.asyncDispose]() {
      stopper.abort();
      if (child.connected) child.disconnect();
      const timer = setTimeout(() => child.kill("SIGKILL"), patienceMs);
      await keeping;
      clearTimeout(timer);
    },
  };
}

function launch(instructions: WorkerInstructions): ChildProcess {
  const file = join(import.meta.dirname, `worker-process${extname(import.meta.filename)}`);
  // What it says is for whoever reads our log; stdout belongs to the command.
  const child = fork(file, { stdio: ["ignore", 2, 2, "ipc"] });
  // It may be gone before it has read this; its end is noticed anyway.
  child.send(instructions, () => undefined);
  child.on("error", () => undefined);
  return child;
}

async function isReady(child: ChildProcess): Promise<boolean> {
  const ready = once(child, "message").then(() => true);
  ready.catch(() => undefined);
  return await Promise.race([ready, ended(child).then(() => false)]);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  await new Promise((resolve) => child.once("exit", resolve));
}
