import { open } from "node:fs/promises";

/**
 * DuckDB writes timestamps of milliseconds as local times only. parquet-avro writes instants, and whoever reads the
 * Avro schema in the file counts on milliseconds, so microseconds would not do. The difference is one bit in the
 * footer, which is set here: `isAdjustedToUTC` of the columns that are instants.
 */
export async function markUtc(path: string, isUtc: boolean[]): Promise<void> {
  if (!isUtc.includes(true)) return;
  await using file = await open(path, "r+");
  const { size } = await file.stat();
  const tail = Buffer.alloc(8);
  await file.read(tail, 0, 8, size - 8);
  const length = tail.readUInt32LE(0);
  const start = size - 8 - length;
  const footer = Buffer.alloc(length);
  await file.read(footer, 0, length, start);

  // The schema comes first in the footer, so the first matches are the columns, in order.
  let at = 0;
  for (const isInstant of isUtc) {
    at = footer.indexOf(LOCAL_MILLIS, at);
    if (at === -1) throw new Error("The footer of the Parquet file is not as DuckDB writes it");
    if (isInstant) await file.write(TRUE, 0, 1, start + at + 1);
    at += LOCAL_MILLIS.length;
  }
}

/**
 * A logical type in Thrift's compact protocol: field 8 (timestamp), a struct of field 1 (isAdjustedToUTC: false) and
 * field 2 (unit), whose field 1 (millis) is an empty struct; then the ends of the structs.
 */
const LOCAL_MILLIS = Buffer.from("8c121c1c00000000", "hex");
/** Field 1, a boolean that is true. */
const TRUE = Buffer.of(0x11);
