import { fork } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** A worker in a process of its own. */
export interface ChildWorker extends AsyncDisposable {
  /** The most memory that it was seen to take between two moments; looked at often, so a short peak may be missed. */
  peakBetween(from: Date, to: Date): number;
  /** Stops it, and gives the most memory that it ever took. */
  stop(): Promise<{ peakRssMb: number }>;
}

const LOOK_MS = 50;

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
  const seen: { at: number; rssMb: number }[] = [];
  const look = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, "utf8").catch(() => "");
    seen.push({ at: Date.now(), rssMb: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024 });
  }, LOOK_MS);
  ended.finally(() => clearInterval(look));
  return {
    peakBetween: (from, to) =>
      Math.max(
        0,
        ...seen.filter(({ at }) => at >= from.getTime() && at <= to.getTime()).map(({ rssMb }) => rssMb),
      ),
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
