import { setImmediate } from "node:timers/promises";
import { ionRows } from "../ion/ion-rows.ts";
import type { ConvertRow } from "./convert-row.ts";

// A millisecond or so of work; then others have their turn.
const BATCH_SIZE = 500;

/** Converts the rows of an Ion file, in batches, and counts what comes out. */
export async function* avroRecords(
  source: AsyncIterable<Uint8Array>,
  convert: ConvertRow,
  counter: { records: number },
): AsyncGenerator<Record<string, unknown>[]> {
  for await (const rows of ionRows(source)) {
    for (let from = 0; from < rows.length; from += BATCH_SIZE) {
      const batch: Record<string, unknown>[] = [];
      for (const row of rows.slice(from, from + BATCH_SIZE)) {
        const record = convert(row);
        if (record) batch.push(record);
      }
      counter.records += batch.length;
      yield batch;
      await setImmediate();
    }
  }
}
