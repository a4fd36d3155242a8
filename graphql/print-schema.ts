import type { Pool } from "pg";
import { makeSchema } from "postgraphile";
import { lexicographicSortSchema, printSchema } from "postgraphile/graphql";
import { silentLogger } from "../src/base/log.ts";
import { openSecretBox } from "../src/base/secret-box.ts";
import { apiPreset } from "./preset.ts";

/** The text of the schema that a migrated database gives, types and fields in the order of the alphabet. */
export async function printApiSchema(db: Pool): Promise<string> {
  const preset = apiPreset({
    db,
    executionFeed: null,
    log: silentLogger,
    secretBox: openSecretBox(undefined),
    hasGraphiql: false,
  });
  const { schema } = await makeSchema(preset);
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
