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
    "Writes the documents of a YAML file as one JSON document, or each of them as a JSON line. Entries of maps that are null are left " +
    "out; a name with nothing behind it has an empty text, as in Kestra.",
  properties: z.strictObject({
    from: fileUri().meta({ description: "The URI of the YAML file." }),
    jsonl: bool().default(false).meta({
      description:
        "Whether each document becomes a line (`.jsonl`). Otherwise one becomes the document, and several a list.",
    }),
    charset: charset("YAML file"),
  }),
  outputs: convertedOutputs("JSON file"),
  isHeavy: true,
  examples: [
    { title: "Write one JSON document", yaml: 'from: "{{ outputs.download.uri }}"' },
    { title: "Write JSON lines", yaml: 'from: "{{ outputs.download.uri }}"\njsonl: true' },
  ],
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
  let documents = 0;
  for await (const { value } of yamlDocuments(source, charset)) {
    documents++;
    // A list at the start is as many records as it has items, as in the other form.
    counter.records += documents === 1 && Array.isArray(value) ? value.length : 1;
    const json = toJson(value);
    if (documents === 1) first = json;
    else {
      yield documents === 2 ? `[${first},${json}` : `,${json}`;
      first = undefined;
    }
  }
  if (documents > 1) yield "]";
  else yield first ?? "{}";
}
