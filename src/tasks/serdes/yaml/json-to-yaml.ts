import { z } from "zod";
import { bool, fileUri } from "../../property.ts";
import { defineTaskType } from "../../task-type.ts";
import { charset, convertedOutputs, convertFile, encoded } from "../convert-file.ts";
import { jsonElements } from "../json/json-elements.ts";
import { lineBatches, textChunks } from "../json/json-text.ts";
import { parseJsonAt } from "../json/parse-json.ts";
import { yamlStream } from "./yaml-stream.ts";

/** `io.kestra.plugin.serdes.yaml.JsonToYaml` */
export const jsonToYaml = defineTaskType({
  type: "io.kestra.plugin.serdes.yaml.JsonToYaml",
  title: "Convert JSON to YAML",
  description:
    "Writes a JSON document, each item of a JSON list, or each JSON line as a YAML document. Nulls are left out.",
  properties: z.strictObject({
    from: fileUri().meta({ description: "The URI of the JSON file." }),
    jsonl: bool().default(false).meta({ description: "Whether each line is a value." }),
    charset: charset("JSON file"),
  }),
  outputs: convertedOutputs("YAML file"),
  isHeavy: true,
  examples: [{ title: "Write YAML", yaml: 'from: "{{ outputs.download.uri }}"' }],
  async run({ properties, context }) {
    return convertFile(context, properties.from, "yaml", (source, counter) => {
      const chunks = textChunks(source, properties.charset);
      const values = properties.jsonl ? lineValues(chunks) : documentValues(chunks);
      return encoded(yamlStream(values, { one: "", several: "\n" }, counter));
    });
  },
});

async function* lineValues(chunks: AsyncIterable<string>): AsyncGenerator<unknown> {
  let number = 0;
  for await (const lines of lineBatches(chunks)) {
    for (const line of lines) {
      number++;
      const value = line.trim() === "" ? null : parseJsonAt(line, `line ${number}`);
      if (value !== null) yield value;
    }
  }
}

async function* documentValues(chunks: AsyncIterable<string>): AsyncGenerator<unknown> {
  for await (const { text, where } of jsonElements(chunks)) {
    const value = parseJsonAt(text, where);
    if (value !== null) yield value;
  }
}
