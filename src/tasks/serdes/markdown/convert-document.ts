import { z } from "zod";
import { type TaskContext, TaskError } from "../../task-type.ts";
import { textChunks } from "../json/json-text.ts";
import { storedName } from "../stored-name.ts";

// A document becomes some thirty times as large in memory.
const LARGEST_DOCUMENT = 8 * 1024 * 1024;

/** The output of a conversion of documents. */
export function documentOutputs(what: string) {
  return z.object({ uri: z.string().meta({ description: `The URI of the ${what}.` }) });
}

/** Converts a document, which is in memory whole, and stores the result. */
export async function convertDocument(
  context: TaskContext,
  { from, charset = "UTF-8" }: { from: string; charset?: string },
  extension: string,
  convert: (text: string) => string,
): Promise<{ outputs: { uri: string } }> {
  const { storage, signal, place } = context;
  const { name } = await storage.stat(from);
  let text = "";
  for await (const chunk of textChunks(storage.get(from, signal), charset)) {
    text += chunk;
    if (text.length > LARGEST_DOCUMENT) {
      throw new TaskError("document_too_large", `The document has more than ${LARGEST_DOCUMENT} characters.`);
    }
  }
  const file = { ...place, name: storedName(name, extension) };
  const converted = convert(text);
  const { uri } = await storage.put(file, bytesOf(converted), signal);
  // Characters in truth; what Kestra calls so.
  context.metric({ type: "COUNTER", name: "bytes", value: converted.length });
  return { outputs: { uri } };
}

async function* bytesOf(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}
