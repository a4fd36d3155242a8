/**
 * A worker in a process of its own, so that heavy tasks never hold up the server. Its parent gives it the database over a
 * channel. When the channel closes, the parent wants it to stop, or is gone: either way it stops. Ctrl-C reaches the whole
 * group of processes; it is the parent who decides in which order they end.
 */
import "../../base/async-disposable-stack.ts";
import { z } from "zod";
import { readConfig } from "../../base/config.ts";
import { createLogger } from "../../base/log.ts";
import { openWorker } from "../../worker/open-worker.ts";

const instructions = z.object({ connectionString: z.string(), logLevel: z.string() });

/** What the parent sends. */
export type WorkerInstructions = z.input<typeof instructions>;

/** Together with Postgres everything may be gone already; then there is nobody to say goodbye to. */
const patienceMs = 6_000;

process.on("SIGINT", () => undefined);
const stopped = Promise.withResolvers<void>();
for (const event of ["SIGTERM", "disconnect"] as const) process.once(event, () => stopped.resolve());
process.once("message", (message) => void work(message));

async function work(message: unknown): Promise<void> {
  const { connectionString, logLevel } = instructions.parse(message);
  const config = readConfig();
  const log = createLogger(config);
  log.level = logLevel;
  try {
    await using _worker = await openWorker({ config, connectionString, log });
    process.send?.("ready");
    await stopped.promise;
    log.level = "error"; // that the database goes too is no news
    setTimeout(() => process.exit(1), patienceMs).unref();
  } catch (error) {
    log.error({ err: error }, "the worker failed");
    process.exit(1);
  }
  process.exit(0);
}
