/** `npm run generate`: writes `generated.ts` from a database that is made for it out of the SQL files. */
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { silentLogger } from "../base/log.ts";
import { startEmbedded } from "./embedded.ts";
import { generateTypes } from "./generate-types.ts";
import { migrate } from "./migrate.ts";

await using embedded = await startEmbedded({
  dataDir: join(tmpdir(), `reprise-generate-${randomBytes(8).toString("hex")}`),
  log: silentLogger,
  isTemporary: true,
});
await migrate(embedded.connectionString, silentLogger);
const client = new pg.Client({ connectionString: embedded.connectionString });
await client.connect();
const text = await generateTypes(client);
await client.end();
await writeFile(join(import.meta.dirname, "generated.ts"), text);
