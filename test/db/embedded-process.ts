/** A process that starts an embedded Postgres, prints what it got as JSON, and then waits to be ended. */
import { silentLogger } from "../../src/base/log.ts";
import { startEmbedded } from "../../src/db/embedded.ts";
import { postgresBin } from "../support/template.ts";

const { connectionString, isReused, keeperPid } = await startEmbedded({
  dataDir: process.argv[2] ?? "",
  log: silentLogger,
  bin: postgresBin,
});
process.stdout.write(`${JSON.stringify({ connectionString, isReused, keeperPid })}\n`);
setInterval(() => undefined, 60_000);
