/** `npm run generate`: writes `schema.graphql` from a database that is made for it out of the SQL files. */
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger } from "../src/base/log.ts";
import { startEmbedded } from "../src/db/embedded.ts";
import { migrate } from "../src/db/migrate.ts";
import { createApiPool } from "./api-pool.ts";
import { printApiSchema } from "./print-schema.ts";

await using embedded = await startEmbedded({
  dataDir: join(tmpdir(), `reprise-generate-${randomBytes(8).toString("hex")}`),
  log: silentLogger,
  isTemporary: true,
});
await migrate(embedded.connectionString, silentLogger);
const db = createApiPool({ connectionString: embedded.connectionString, size: 2 }, silentLogger);
const text = await printApiSchema(db);
await db.end();
await writeFile(join(import.meta.dirname, "schema.graphql"), text);
