import type { TaskContext } from "../../task-type.ts";

/** Stores lines as a file of this name, each with a line feed behind it, and gives its URI. */
export async function storeLines(
  name: string,
  lines: AsyncIterable<readonly string[]>,
  context: TaskContext,
): Promise<string> {
  const { uri } = await context.storage.put({ ...context.place, name }, bytesOf(lines), context.signal);
  return uri;
}

async function* bytesOf(lines: AsyncIterable<readonly string[]>): AsyncGenerator<Uint8Array> {
  for await (const some of lines) {
    if (some.length > 0) yield Buffer.from(`${some.join("\n")}\n`);
  }
}

/** An extension as the name of a file takes it; it may be written without its dot. */
export function withDot(extension: string): string {
  return extension === "" || extension.startsWith(".") ? extension : `.${extension}`;
}

/** The extension of a stored file, with its dot. */
export function extensionOf(uri: string): string {
  return /\.[^./]+$/.exec(uri.slice(uri.lastIndexOf("/") + 1))?.[0] ?? ".tmp";
}
