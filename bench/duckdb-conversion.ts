import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";

/** What DuckDB's own way took, in milliseconds. */
export interface DuckDbTimes {
  toJsonMs: number;
  toParquetMs: number;
  toGzipParquetMs: number;
}

/** Converts a CSV to JSON lines and those to Parquet with DuckDB and its defaults, from and to files of a folder. */
export async function convertWithDuckDb(csv: string, folder: string): Promise<DuckDbTimes> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const [json, parquet] = [join(folder, "rides.jsonl"), join(folder, "rides.parquet")];
  const copy = async (from: string, to: string, options: string) => {
    const begin = performance.now();
    await connection.run(`copy (select * from ${from}) to '${to}' (${options})`);
    return performance.now() - begin;
  };
  try {
    return {
      toJsonMs: await copy(`read_csv('${csv}')`, json, "format json"),
      toParquetMs: await copy(`read_json('${json}')`, parquet, "format parquet"),
      toGzipParquetMs: await copy(`read_json('${json}')`, parquet, "format parquet, compression gzip"),
    };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
