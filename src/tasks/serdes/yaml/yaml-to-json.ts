import { z } from "zod";
import { bool, fileUri } from "../../property.ts";
import { defineTaskType } from "../../task-type.ts";
import { type Counter, charset, convertedOutputs, convertFile, encoded } from "../convert-file.ts";
import { jsonWriter } from "../json/json-value.ts";
import { yamlDocuments } from "./read-yaml.ts";
import { yamlRows } from "./yaml-to-ion.ts";

/** `io.kestra.plugin.serdes.yaml.YamlToJson` */
export const yamlToJson = defineTaskType({
  type: "io.kestra.plugin.serdes.yaml.YamlToJson",
  title: "Convert YAML to JSON",
  description:
    "Writes each document of a YAML file as a JSON line, or all of them as one JSON document. Entries of maps that are null are left out.",
  properties: z.strictObject({
    from: fileUri().meta({ description: "The URI of the YAML file." }),
    jsonl: bool().default(true).meta({
      description:
        "Whether each document becomes a line. Otherwise one becomes the document, and several a list.",
    }),
    charset: charset("YAML file"),
  }),
  outputs: convertedOutputs("JSON file"),
  isHeavy: true,
  examples: [{ title: "Write one JSON document", yaml: 'from: "{{ outputs.download.uri }}"\njsonl: false' }],
  async run({ properties: { from, jsonl, charset }, context }) {
    return convertFile(context, from, jsonl ? "jsonl" : "json", (source, counter) =>
      encoded(jsonl ? lines(source, charset, counter) : document(source, charset, counter)),
    );
  },
});

const toJson = jsonWriter();

async function* lines(
  source: AsyncIterable<Uint8Array>,
  charset: string,
  counter: Counter,
): AsyncGenerator<string> {
  for await (const rows of yamlRows(source, charset)) {
    counter.records += rows.length;
    yield rows.map((row) => `${toJson(row)}\n`).join("");
  }
}

async function* document(
  source: AsyncIterable<Uint8Array>,
  charset: string,
  counter: Counter,
): AsyncGenerator<string> {
  let first: string | undefined;
  for await (const { value } of yamlDocuments(source, charset)) {
    counter.records++;
    const json = toJson(value);
    if (counter.records === 1) first = json;
    else {
      yield counter.records === 2 ? `[${first},${json}` : `,${json}`;
      first = undefined;
    }
  }
  if (counter.records > 1) yield "]";
  else yield first ?? "{}";
}
