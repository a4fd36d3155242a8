import { z } from "zod";
import { fileUri } from "../../property.ts";
import { defineTaskType } from "../../task-type.ts";
import { encoderOf, outputCharset } from "../charset/encode-text.ts";
import { convertedOutputs, convertFile, encoded, rowBatches } from "../convert-file.ts";
import { yamlStream } from "./yaml-stream.ts";

/** `io.kestra.plugin.serdes.yaml.IonToYaml` */
export const ionToYaml = defineTaskType({
  type: "io.kestra.plugin.serdes.yaml.IonToYaml",
  title: "Convert Ion to YAML",
  description:
    "Writes each row of an Ion file as a YAML document. Entries of maps that are null are left out, and texts that look " +
    "like numbers or dates are not quoted, as in Kestra, but for digits behind a 0, such as those of a postal code.",
  properties: z.strictObject({
    from: fileUri().meta({ description: "The URI of the Ion file." }),
    charset: outputCharset(),
  }),
  outputs: convertedOutputs("YAML file"),
  isHeavy: true,
  examples: [{ title: "Write YAML", yaml: 'from: "{{ outputs.query.uri }}"' }],
  async run({ properties, context }) {
    return convertFile(context, properties.from, "yaml", (source, counter) => {
      const documents = yamlStream(values(source), { one: "\n", several: "\n" }, counter);
      return encoded(documents, encoderOf(properties.charset));
    });
  },
});

async function* values(source: AsyncIterable<Uint8Array>): AsyncGenerator<unknown> {
  for await (const rows of rowBatches(source)) for (const { value } of rows) yield value;
}
