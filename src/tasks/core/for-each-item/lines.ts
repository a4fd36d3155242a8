/** The lines of a text, wherever its pieces are cut. A line ends with a line feed, a carriage return, or both; it comes without that. */
export async function* linesOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const piece of source) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split(LINE_END);
    rest = lines.pop() ?? "";
    if (lines.length > 0) yield lines;
  }
  const lines = (rest + decoder.decode()).split(/\r\n|\n|\r/);
  // Behind the last line end there is no line.
  if (lines.at(-1) === "") lines.pop();
  if (lines.length > 0) yield lines;
}

// A carriage return at the end of a piece may be half of a line end.
const LINE_END = /\r\n|\n|\r(?!$)/;
