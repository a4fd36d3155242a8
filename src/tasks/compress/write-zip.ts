import type { TaskContext } from "../task-type.ts";
import type { ArchivePlan } from "./archive-file.ts";
import { type ZipPart, zipStream } from "./zip-stream.ts";

/** Writes a ZIP archive. Each file is opened when it is its turn. */
export async function* zipArchive(
  plan: ArchivePlan,
  { storage, signal }: TaskContext,
): AsyncGenerator<Uint8Array> {
  const parts: ZipPart[] = [];
  for (const [name, uri] of plan) {
    const { size } = await storage.stat(uri);
    const options = { size, mtime: new Date(), mode: 0o100644 };
    parts.push({ name, content: () => storage.get(uri, signal), options });
  }
  yield* zipStream(parts);
}
