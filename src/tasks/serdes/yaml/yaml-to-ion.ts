import { z } from "zod";
import { fileUri } from "../../property.ts";
import { defineTaskType } from "../../task-type.ts";
import { charset, convertedOutputs, convertFile, encoded } from "../convert-file.ts";
import { ionLines } from "../json/json-to-ion.ts";
import { yamlDocuments } from "./read-yaml.ts";

/** `io.kestra.plugin.serdes.yaml.YamlToIon` */
export const yamlToIon = defineTaskType({
  type: "io.kestra.plugin.serdes.yaml.YamlToIon",
  title: "Convert YAML to Ion",
  description:
    "Turns each document of a YAML file into a row; where the first is a list, each of its items. `yes`, `on` and the like " +
    "are booleans, dates stay text, a name with nothing behind it has an empty text, and aliases are not followed, as in Kestra.",
  properties: z.strictObject({
    from: fileUri().meta({ description: "The URI of the YAML file." }),
    charset: charset("YAML file"),
  }),
  outputs: convertedOutputs("Ion file"),
  isHeavy: true,
  examples: [{ title: "Read YAML", yaml: 'from: "{{ outputs.download.uri }}"' }],
  async run({ properties, context }) {
    return convertFile(context, properties.from, "ion", (source, counter) =>
      encoded(ionLines(yamlRows(source, properties.charset), counter)),
    );
  },
});

/** The rows of a file: its documents, or the items of the list that its first document is. */
export async function* yamlRows(
  source: AsyncIterable<Uint8Array>,
  charset: string,
): AsyncGenerator<unknown[]> {
  let isFirst = true;
  for await (const { value } of yamlDocuments(source, charset)) {
    yield isFirst && Array.isArray(value) ? value : [value];
    isFirst = false;
  }
}
