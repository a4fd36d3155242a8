import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** `reprise worker` or `reprise server` in a process of its own, so that its memory is nobody else's. */
export interface Child extends AsyncDisposable {
  /** The line that it printed when it was ready. */
  readonly said: string;
  /** The most memory that it was seen to take between two moments; looked at often, so a short peak may be missed. */
  peakBetween(from: Date, to: Date): number;
  /** The most memory that it has ever had, by the kernel: 0 where that does not say. */
  peakRssMb(): Promise<number>;
}

const LOOK_MS = 50;

/** Starts it with these arguments, and waits until it is ready. */
export async function startChild(connectionString: string, ...args: string[]): Promise<Child> {
  const main = join(import.meta.dirname, "../src/cli/main.ts");
  const child = spawn(process.execPath, [main, ...args], {
    env: {
      ...process.env,
      GRAPHILE_ENV: "production",
      DATABASE_URL: connectionString,
      REPRISE_LOG_LEVEL: "error",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const ready = once(createInterface(child.stdout), "line") as Promise<[string]>;
  const [line] = await Promise.race([
    ready,
    ended.then(() => Promise.reject(new Error(`${args[0]} ended.`))),
  ]);

  const seen: { at: number; rssMb: number }[] = [];
  const look = setInterval(async () => {
    seen.push({ at: Date.now(), rssMb: await megabytesOf(child.pid, "VmRSS") });
  }, LOOK_MS);
  ended.finally(() => clearInterval(look));
  return {
    said: line,
    peakBetween: (from, to) =>
      Math.max(
        0,
        ...seen.filter(({ at }) => at >= from.getTime() && at <= to.getTime()).map(({ rssMb }) => rssMb),
      ),
    peakRssMb: () => megabytesOf(child.pid, "VmHWM"),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGTERM");
      await ended;
    },
  };
}

async function megabytesOf(pid: number | undefined, key: "VmRSS" | "VmHWM"): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(new RegExp(`^${key}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0) / 1024;
}
