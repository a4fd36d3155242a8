/** A worker in a process of its own, so that its memory is nobody else's: it ends when its parent says so, or is gone. */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { readConfig } from "../src/base/config.ts";
import { silentLogger } from "../src/base/log.ts";
import { createPool } from "../src/db/pool.ts";
import { createPostgresStorage } from "../src/storage/postgres-storage.ts";
import { taskTypes } from "../src/tasks/registry.ts";
import { startWorker } from "../src/worker/worker.ts";

const [, , connectionString = ""] = process.argv;
const config = readConfig({});
const db = createPool({ connectionString, size: config.poolSize }, silentLogger);
{
  await using _worker = await startWorker({
    db,
    connectionString,
    config,
    log: silentLogger,
    storage: createPostgresStorage(db),
    taskTypes,
  });
  process.send?.("ready");
  await Promise.race([once(process, "message"), once(process, "disconnect")]);
}
if (process.connected) process.send?.({ peakRssMb: await peakRssMb() });
await db.end();
process.disconnect?.();

/** The most that this process ever had in memory. The kernel's other count would take the parent's along. */
async function peakRssMb(): Promise<number> {
  const status = await readFile("/proc/self/status", "utf8").catch(() => "");
  const kilobytes = /^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS;
  return Number(kilobytes) / 1024;
}
