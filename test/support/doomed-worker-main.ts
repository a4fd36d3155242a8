/**
 * A worker in a process of its own, for tests that kill it. Its only argument is the database. It says over the channel when
 * it takes jobs, and dies when the channel closes: with its parent, however that ends.
 */
import { aWorker } from "./a-worker.ts";

process.on("disconnect", () => process.exit(1));
await aWorker(process.argv[2] ?? "");
process.send?.("ready");
