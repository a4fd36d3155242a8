import { utf8Chunks } from "../charset/utf8-chunks.ts";
import { invalidJson } from "./parse-json.ts";

/** The text of a file, in pieces that never end inside a character. */
export async function* textChunks(
  source: AsyncIterable<Uint8Array>,
  charset: string,
): AsyncGenerator<string> {
  for await (const chunk of utf8Chunks(source, charset)) yield chunk.toString("utf8");
}

// Without a limit, a file without line ends would go into memory.
const MAX_LINE = 64 * 1024 * 1024;

/** The lines of a file, in batches. The last needs no end; a line may end with `\r\n`. */
export async function* lineBatches(chunks: AsyncIterable<string>): AsyncGenerator<string[]> {
  let rest = "";
  let count = 0;
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() as string;
    if (rest.length > MAX_LINE)
      throw invalidJson(`line ${count + lines.length + 1}`, `it has more than ${MAX_LINE} characters`);
    count += lines.length;
    if (lines.length > 0) yield lines.map(withoutCr);
  }
  if (rest !== "") yield [withoutCr(rest)];
}

function withoutCr(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
