import { arch, cpus, loadavg, platform, totalmem } from "node:os";

/** Where the figures come from. */
export interface Machine {
  platform: string;
  cpu: string;
  cpuCount: number;
  memoryMb: number;
  node: string;
  /** The load average of the last minute, at the start and the end: above zero at the start, others were at work too. */
  load: { before: number; after: number };
}

/** Looks at the machine at the start; call the answer at the end. */
export function lookAtMachine(): () => Machine {
  const before = load();
  return () => ({
    platform: `${platform()} ${arch()}`,
    cpu: cpus()[0]?.model ?? "unknown",
    cpuCount: cpus().length,
    memoryMb: Math.round(totalmem() / 1024 ** 2),
    node: process.version,
    load: { before, after: load() },
  });
}

function load(): number {
  return Number((loadavg()[0] ?? 0).toFixed(2));
}
