import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** A worker in a process of its own. */
export interface ChildWorker extends AsyncDisposable {
  /** Stops it, and gives the most memory that it ever took. */
  stop(): Promise<{ peakRssMb: number }>;
}

/** Starts it, and waits until it takes jobs. */
export async function startChildWorker(connectionString: string): Promise<ChildWorker> {
  const child = fork(join(import.meta.dirname, "worker-process.ts"), [connectionString], {
    stdio: ["ignore", 2, 2, "ipc"],
  });
  const ended = once(child, "exit");
  await Promise.race([
    once(child, "message"),
    ended.then(() => Promise.reject(new Error("The worker ended."))),
  ]);
  return {
    async stop() {
      child.send("stop");
      const [{ peakRssMb }] = (await once(child, "message")) as [{ peakRssMb: number }];
      await ended;
      return { peakRssMb };
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await ended;
    },
  };
}
