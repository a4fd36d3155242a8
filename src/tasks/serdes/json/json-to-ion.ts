import { z } from "zod";
import { bool, fileUri } from "../../property.ts";
import { defineTaskType } from "../../task-type.ts";
import { type Counter, charset, convertedOutputs, convertFile, encoded } from "../convert-file.ts";
import { ionText } from "../ion/write-ion.ts";
import { jsonElements } from "./json-elements.ts";
import { lineBatches, textChunks } from "./json-text.ts";
import { invalidJson, parseJsonAt } from "./parse-json.ts";

/** `io.kestra.plugin.serdes.json.JsonToIon` */
export const jsonToIon = defineTaskType({
  type: "io.kestra.plugin.serdes.json.JsonToIon",
  title: "Convert JSON to Ion",
  description:
    "Turns JSON lines, or the items of a JSON list, into the rows of an Ion file. Whole numbers keep all their digits, " +
    "others become floats; dates stay text. A value null is no row.",
  properties: z.strictObject({
    from: fileUri().meta({ description: "The URI of the JSON file." }),
    newLine: bool().default(true).meta({
      description:
        "Whether each line is a value. Otherwise the file is one document; if it is a list, each item becomes a row. A second document is an error; Kestra reads the first and leaves out the others.",
    }),
    charset: charset("JSON file"),
  }),
  outputs: convertedOutputs("Ion file"),
  isHeavy: true,
  examples: [
    { title: "Read JSON lines", yaml: 'from: "{{ outputs.download.uri }}"' },
    { title: "Read a list", yaml: 'from: "{{ outputs.download.uri }}"\nnewLine: false' },
  ],
  async run({ properties, context }) {
    return convertFile(context, properties.from, "ion", (source, counter) => {
      const chunks = textChunks(source, properties.charset);
      return encoded(ionLines(properties.newLine ? lineValues(chunks) : documentValues(chunks), counter));
    });
  },
});

/** Values as lines of Ion; null is no row. */
export async function* ionLines(batches: AsyncIterable<unknown[]>, counter: Counter): AsyncGenerator<string> {
  for await (const values of batches) {
    let text = "";
    for (const value of values) {
      if (value === null) continue;
      counter.records++;
      text += `${ionText(value)}\n`;
    }
    if (text !== "") yield text;
  }
}

async function* lineValues(chunks: AsyncIterable<string>): AsyncGenerator<unknown[]> {
  let number = 0;
  for await (const lines of lineBatches(chunks)) {
    yield lines.map((line) => {
      number++;
      if (line.trim() === "") throw invalidJson(`line ${number}`, "No content to map due to end-of-input");
      return parseJsonAt(line, `line ${number}`);
    });
  }
}

async function* documentValues(chunks: AsyncIterable<string>): AsyncGenerator<unknown[]> {
  let isList = false;
  let count = 0;
  const elements = jsonElements(chunks, (kind) => {
    isList = kind === "list";
  });
  for await (const { text, where } of elements) {
    if (count++ > 0 && !isList)
      throw invalidJson(where, "there is more than one document; set `newLine: true`");
    yield [parseJsonAt(text, where)];
  }
}
