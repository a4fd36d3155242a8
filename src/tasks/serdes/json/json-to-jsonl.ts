import { z } from "zod";
import { fileUri } from "../../property.ts";
import { defineTaskType, TaskError } from "../../task-type.ts";
import { type Counter, charset, convertedOutputs, convertFile, encoded } from "../convert-file.ts";
import { jsonElements } from "./json-elements.ts";
import { textChunks } from "./json-text.ts";
import { jsonWriter } from "./json-value.ts";
import { parseJsonAt } from "./parse-json.ts";

/** `io.kestra.plugin.serdes.json.JsonToJsonl` */
export const jsonToJsonl = defineTaskType({
  type: "io.kestra.plugin.serdes.json.JsonToJsonl",
  title: "Convert JSON to JSON lines",
  description:
    "Writes each item of a JSON list, or each of several JSON objects, on a line of its own. Nulls are kept, and so is the " +
    "order of names. What is no object behind the first of several is an error; Kestra leaves it out.",
  properties: z.strictObject({
    from: fileUri().meta({ description: "The URI of the JSON file." }),
    charset: charset("JSON file"),
  }),
  outputs: convertedOutputs("file of JSON lines"),
  isHeavy: true,
  examples: [{ title: "One item on a line", yaml: 'from: "{{ outputs.download.uri }}"' }],
  async run({ properties, context }) {
    return convertFile(context, properties.from, "jsonl", (source, counter) =>
      encoded(lines(textChunks(source, properties.charset), counter)),
    );
  },
});

async function* lines(chunks: AsyncIterable<string>, counter: Counter): AsyncGenerator<string> {
  const toJson = jsonWriter("UTC", true);
  const elements = jsonElements(chunks, (kind, first) => {
    if (kind === "other") throw notListOrObject(first);
  });
  for await (const { text, where } of elements) {
    counter.records++;
    yield `${toJson(parseJsonAt(text, where))}\n`;
  }
}

const TOKENS: [start: RegExp, token: string][] = [
  [/^"/, "VALUE_STRING"],
  [/^-?\d+(?![\d.eE])/, "VALUE_NUMBER_INT"],
  [/^-?\d/, "VALUE_NUMBER_FLOAT"],
  [/^true/, "VALUE_TRUE"],
  [/^false/, "VALUE_FALSE"],
  [/^null/, "VALUE_NULL"],
];

function notListOrObject(first: string): TaskError {
  const token = TOKENS.find(([start]) => start.test(first))?.[1];
  const message =
    token === undefined
      ? `Invalid JSON format: unexpected character ${JSON.stringify(first[0])} at the start of the file.`
      : `Invalid JSON format. Expected JSON array or object, but found: ${token}`;
  return new TaskError("invalid_json", message);
}
