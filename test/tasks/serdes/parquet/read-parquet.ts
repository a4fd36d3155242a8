import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { ionToParquet } from "../../../../src/tasks/serdes/parquet/ion-to-parquet.ts";
import { aTaskContext, runTask, type TestContext } from "../../task-context.ts";

/** Asks DuckDB about a stored Parquet file: in the query it is called FILE. */
export async function queryParquet(context: TestContext, uri: string, query: string) {
  const path = join(await context.tempDir(), "read.parquet");
  await writeFile(path, await context.take(uri));
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    const reader = await connection.runAndReadAll(query.replaceAll("FILE", `'${path}'`));
    return reader.getRowObjectsJson() as Record<string, unknown>[];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Converts rows given as Ion and reads back what came out, as text. */
export async function convertToParquet(
  fields: unknown[],
  ion: string,
  given: Record<string, unknown> = {},
  query = "FROM FILE",
) {
  await using context = await aTaskContext();
  const from = await context.give("a.ion", Buffer.from(ion));
  const schema = { type: "record", name: "R", fields };
  const { uri, size } = await runTask(ionToParquet, { from, schema, ...given }, context);
  return { rows: await queryParquet(context, uri, query), size, lines: context.lines };
}
