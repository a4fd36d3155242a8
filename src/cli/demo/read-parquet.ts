import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { DuckDBInstance } from "@duckdb/node-api";
import type { Storage } from "../../storage/storage.ts";

/** What DuckDB finds in the Parquet file. */
export interface ParquetFindings {
  size: number;
  rows: number;
  columns: { name: string; type: string }[];
  nullEndLat: number;
  nullEndLng: number;
  otherNulls: number;
  commaNames: number;
  firstStartedAt: string;
  lastStartedAt: string;
  /** Milliseconds from the start of the month to each start, summed up. */
  startOffsetSum: number;
}

/** Fetches the file out of the storage and reads it with DuckDB. */
export async function readParquet(
  storage: Storage,
  uri: string,
  monthStartMs: number,
): Promise<ParquetFindings> {
  const folder = await mkdtemp(join(tmpdir(), "reprise-demo-"));
  try {
    const path = join(folder, "rides.parquet");
    await pipeline(storage.get(uri), createWriteStream(path));
    const { size } = await storage.stat(uri);
    return { size, ...(await query(path, monthStartMs)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function query(path: string, monthStartMs: number): Promise<Omit<ParquetFindings, "size">> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  const connection = await instance.connect();
  const ask = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
  try {
    await connection.run("set TimeZone = 'UTC'");
    const file = `read_parquet('${path.replaceAll("'", "''")}')`;
    const described = await ask(`describe select * from ${file}`);
    const columns = described.map((row) => ({
      name: String(row.column_name),
      type: String(row.column_type),
    }));
    const others = columns.map(({ name }) => name).filter((name) => name !== "end_lat" && name !== "end_lng");
    const [totals = {}] = await ask(`
      select
        count(*) as rows,
        count(*) filter (end_lat is null) as null_end_lat,
        count(*) filter (end_lng is null) as null_end_lng,
        count(*) filter (${others.map((name) => `${name} is null`).join(" or ")}) as other_nulls,
        count(*) filter (contains(start_station_name, ',')) as comma_names,
        strftime(min(started_at), '%Y-%m-%d %H:%M:%S.%g') as first_started_at,
        strftime(max(started_at), '%Y-%m-%d %H:%M:%S.%g') as last_started_at,
        sum(epoch_ms(started_at) - ${monthStartMs}) as start_offset_sum
      from ${file}`);
    return {
      rows: Number(totals.rows),
      columns,
      nullEndLat: Number(totals.null_end_lat),
      nullEndLng: Number(totals.null_end_lng),
      otherNulls: Number(totals.other_nulls),
      commaNames: Number(totals.comma_names),
      firstStartedAt: String(totals.first_started_at),
      lastStartedAt: String(totals.last_started_at),
      startOffsetSum: Number(totals.start_offset_sum),
    };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
