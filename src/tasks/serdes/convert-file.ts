import { setImmediate } from "node:timers/promises";
import { z } from "zod";
import { withProgress } from "../byte-progress.ts";
import { text } from "../property.ts";
import type { TaskContext } from "../task-type.ts";
import { isKnownCharset } from "./charset/utf8-chunks.ts";
import { type IonRow, ionRows } from "./ion/ion-rows.ts";
import { storedName } from "./stored-name.ts";

/** The outputs of a conversion: a file, and how many records it holds. */
export function convertedOutputs(what: string) {
  return z.object({
    uri: z.string().meta({ description: `The URI of the ${what}.` }),
    size: z.int().meta({ description: "How many records it holds." }),
  });
}

/** The property `charset` of what is read. */
export function charset(what: string) {
  return text()
    .refine(isKnownCharset, "Expected a charset such as UTF-8, ISO-8859-1, windows-1252 or UTF-16")
    .default("UTF-8")
    .meta({ description: `The charset of the ${what}.` });
}

/** What a conversion counts as it goes. */
export interface Counter {
  records: number;
}

/** Streams a stored file through a conversion into a new one, which is called like it with another extension. */
export async function convertFile(
  context: TaskContext,
  from: string,
  extension: string,
  convert: (source: AsyncIterable<Uint8Array>, counter: Counter) => AsyncIterable<Uint8Array>,
): Promise<{ outputs: { uri: string; size: number } }> {
  const { storage, signal, place } = context;
  const { name, size } = await storage.stat(from);
  const counter = { records: 0 };
  const source = withProgress(storage.get(from, signal), context, "Converting", size);
  const file = { ...place, name: storedName(name, extension) };
  const stored = await storage.put(file, convert(source, counter), signal);
  measureRecords(context, counter.records);
  return { outputs: { uri: stored.uri, size: counter.records } };
}

/** Says in the metrics of the task how many records a conversion has written, as every converter of Kestra does. */
export function measureRecords(context: TaskContext, records: number) {
  context.metric({ type: "COUNTER", name: "records", value: records });
}

// A millisecond or so of work; then others have their turn.
const BATCH_SIZE = 500;

/** The rows of an Ion file, in batches that leave room for others. */
export async function* rowBatches(
  source: AsyncIterable<Uint8Array>,
  keepsAnnotations = false,
): AsyncGenerator<IonRow[]> {
  for await (const rows of ionRows(source, keepsAnnotations)) {
    for (let from = 0; from < rows.length; from += BATCH_SIZE) {
      yield rows.slice(from, from + BATCH_SIZE);
      await setImmediate();
    }
  }
}

// Large enough that a piece costs nothing, small enough that many conversions fit.
const PIECE = 256 * 1024;

/** Gathers texts into pieces of bytes. */
export async function* encoded(
  texts: AsyncIterable<string>,
  encode: (text: string) => Buffer = (text) => Buffer.from(text),
): AsyncGenerator<Buffer> {
  let gathered = "";
  for await (const text of texts) {
    gathered += text;
    if (gathered.length < PIECE) continue;
    yield encode(gathered);
    gathered = "";
    await setImmediate();
  }
  if (gathered !== "") yield encode(gathered);
}
