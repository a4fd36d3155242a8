import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { openDuckDb } from "../../../../src/tasks/serdes/parquet/duckdb.ts";
import { parquetToIon } from "../../../../src/tasks/serdes/parquet/parquet-to-ion.ts";
import { aTaskContext, runTask } from "../../task-context.ts";

describe("io.kestra.plugin.serdes.parquet.ParquetToIon", () => {
  it("reads times of day that are marked as UTC, as parquet-avro marks all of its own", async () => {
    await using context = await aTaskContext();
    const path = `${await context.tempDir()}/a.parquet`;
    await using db = await openDuckDb(context);
    await db.run(
      `COPY (SELECT '10:00:01.5+00'::TIMETZ AS a, '10:00'::TIME AS b) TO '${path}' (FORMAT parquet)`,
    );
    const from = await context.give("a.parquet", await readFile(path));
    const { uri } = await runTask(parquetToIon, { from }, context);
    const row = '{a:LocalTime::"10:00:01.5",b:LocalTime::"10:00:00"}\n';
    assert.equal((await context.take(uri)).toString(), row);
  });
});
