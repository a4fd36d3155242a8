import { z } from "zod";
import { fileUri, text } from "../../property.ts";
import { plainName, webEncoding } from "../../serdes/charset/charset-name.ts";
import { encoderOf } from "../../serdes/charset/encode-text.ts";
import { defineTaskType, type TaskContext } from "../../task-type.ts";
import { extensionOf } from "./store-lines.ts";

/** `io.kestra.plugin.core.storage.Reverse` */
export const reverse = defineTaskType({
  type: "io.kestra.plugin.core.storage.Reverse",
  title: "Turn the lines of a file around",
  description:
    "Writes the lines of a file into a new one, the last first. The file is read from its end, so its size does not matter.",
  isHeavy: true,
  properties: z.strictObject({
    from: fileUri().meta({ description: "The URI of the file." }),
    separator: text().default("\n").meta({ description: "What to write behind each line." }),
    charset: text()
      .refine(
        endsLinesWithOneByte,
        "Expected a charset in which a line ends with one byte, such as UTF-8, ISO-8859-1 or windows-1252",
      )
      .default("UTF-8")
      .meta({
        description:
          "What the file is written in: a charset in which a line ends with one byte, so not UTF-16 or UTF-32.",
      }),
  }),
  outputs: z.object({ uri: z.string().meta({ description: "The URI of the new file." }) }),
  examples: [{ title: "The newest first", yaml: 'from: "{{ outputs.log.uri }}"' }],
  async run({ properties: { from, separator, charset }, context }) {
    const name = `reversed${extensionOf(from)}`;
    const end = encoderOf(charset)(separator);
    const { uri } = await context.storage.put(
      { ...context.place, name },
      reversed(from, end, context),
      context.signal,
    );
    return { outputs: { uri } };
  },
});

/** Not so UTF-16 and UTF-32; and in ISO-2022-JP what a character is depends on the lines before. */
function endsLinesWithOneByte(charset: string): boolean {
  const found = webEncoding(plainName(charset));
  return found !== undefined && !/^(?:utf-16|iso-2022)/.test(found);
}

const PIECE = 1024 * 1024;

/** Line ends are single bytes in all these charsets, and no part of another character: bytes are looked at one by one. */
async function* reversed(from: string, end: Buffer, context: TaskContext): AsyncGenerator<Uint8Array> {
  const { size } = await context.storage.stat(from);
  let rest = "";
  for (let at = size; at > 0; at -= PIECE) {
    const start = Math.max(0, at - PIECE);
    const pieces = await Array.fromAsync(context.storage.get(from, context.signal, { start, end: at }));
    const lines = (Buffer.concat(pieces).toString("latin1") + rest).match(LINE) ?? [];
    // What stands first may begin in the piece before.
    rest = start > 0 ? (lines.shift() ?? "") : "";
    const turned = lines
      .reverse()
      .flatMap((line) => [Buffer.from(line.replace(LINE_END, ""), "latin1"), end]);
    if (turned.length > 0) yield Buffer.concat(turned);
  }
}

const LINE = /[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g;
const LINE_END = /(?:\r\n|\n|\r)$/;
