import { DuckDBInstance, type DuckDBResult, type DuckDBType, type DuckDBValue } from "@duckdb/node-api";
import type { TaskContext } from "../../task-type.ts";

/** A DuckDB of its own for one task: in memory, with nothing of the network, and gone with its `dispose`. */
export interface DuckDb {
  /** Runs a statement on DuckDB's own threads and gives its rows. An abort interrupts it. */
  run(sql: string, values?: DuckDBValue[]): Promise<Record<string, unknown>[]>;
  /** The same, and tells how far it is. */
  runLong(sql: string, note: string): Promise<Record<string, unknown>[]>;
  /** Runs a query and gives its rows as they come, in chunks. */
  stream(sql: string): Promise<RowStream>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The columns of a result, and its rows in chunks of some thousand. */
export interface RowStream {
  columns: { name: string; type: DuckDBType }[];
  chunks: AsyncIterable<DuckDBValue[][]>;
}

// Two threads keep up with a disk; more of them each take a row group of memory.
const THREADS = 2;
// DuckDB counts its buffers only; what it takes besides, and the process, need the rest.
const SHARE_OF_MEMORY = 0.4;
const PROGRESS_MS = 500;

/** Opens a DuckDB for a task. Its temporary files stay in the folder of the task. */
export async function openDuckDb(context: TaskContext): Promise<DuckDb> {
  const { signal } = context;
  signal.throwIfAborted();
  const instance = await DuckDBInstance.create(":memory:", {
    threads: String(THREADS),
    memory_limit: `${Math.max(96, Math.floor(context.memoryLimitMb * SHARE_OF_MEMORY))}MiB`,
    temp_directory: await context.tempDir(),
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    allow_community_extensions: "false",
  });
  const connection = await instance.connect();
  const interrupt = () => connection.interrupt();
  signal.addEventListener("abort", interrupt);
  await connection.run("SET TimeZone = 'UTC'");
  await connection.run("SET enable_progress_bar = true");
  await connection.run("SET enable_progress_bar_print = false");

  return { run, runLong, stream, [Symbol.asyncDispose]: dispose };

  async function run(sql: string, values?: DuckDBValue[]): Promise<Record<string, unknown>[]> {
    signal.throwIfAborted();
    try {
      const reader = await connection.runAndReadAll(sql, values);
      return reader.getRowObjectsJson();
    } catch (error) {
      // An interrupted statement says only that it was interrupted.
      signal.throwIfAborted();
      throw error;
    }
  }

  async function runLong(sql: string, note: string): Promise<Record<string, unknown>[]> {
    context.progress(undefined, note);
    const tell = setInterval(() => {
      const { percentage } = connection.progress;
      context.progress(percentage >= 0 ? Math.min(1, percentage / 100) : undefined, note);
    }, PROGRESS_MS);
    try {
      return await run(sql);
    } finally {
      clearInterval(tell);
    }
  }

  async function stream(sql: string): Promise<RowStream> {
    signal.throwIfAborted();
    const result = await connection.stream(sql);
    const names = result.deduplicatedColumnNames();
    const columns = result.columnTypes().map((type, index) => ({ name: names[index] as string, type }));
    return { columns, chunks: chunks(result) };
  }

  async function* chunks(result: DuckDBResult): AsyncGenerator<DuckDBValue[][]> {
    for (;;) {
      signal.throwIfAborted();
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) return;
      yield chunk.getRows();
    }
  }

  async function dispose() {
    signal.removeEventListener("abort", interrupt);
    connection.closeSync();
    instance.closeSync();
  }
}

/** A text as a literal of SQL. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** What names share that are one to DuckDB: it tells upper from lower case beyond ASCII only. */
export function sameNameKey(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** A name as an identifier of SQL. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
