import { z } from "zod";
import { fileUri, int } from "../../property.ts";
import { defineTaskType, TaskError } from "../../task-type.ts";
import { ionRows } from "../ion/ion-rows.ts";
import { storedName } from "../stored-name.ts";
import { inferAvroSchema } from "./infer-schema.ts";

/** `io.kestra.plugin.serdes.avro.InferAvroSchemaFromIon` */
export const inferAvroSchemaFromIon = defineTaskType({
  type: "io.kestra.plugin.serdes.avro.InferAvroSchemaFromIon",
  title: "Find the Avro schema of an Ion file",
  description:
    "Reads the first rows of an Ion file and stores an Avro schema that fits them, as JSON, for IonToAvro or " +
    "IonToParquet. Every field may be null; exact decimals become strings.",
  properties: z.strictObject({
    from: fileUri().meta({ description: "The URI of the Ion file." }),
    numberOfRowsToScan: int()
      .refine((given) => given >= 1, "Number of rows to scan must be greater than 0")
      .default(100)
      .meta({ description: "How many rows are read." }),
  }),
  outputs: z.object({ uri: z.string().meta({ description: "The URI of the schema (`.avsc`)." }) }),
  isHeavy: true,
  examples: [
    { title: "Look at the first rows", yaml: 'from: "{{ outputs.convert.uri }}"\nnumberOfRowsToScan: 1000' },
  ],
  async run({ properties, context }) {
    const { storage, signal, place } = context;
    const { name } = await storage.stat(properties.from);
    const rows = ionRows(storage.get(properties.from, signal));
    const words = { inferAllFields: false, trueValues: [], falseValues: [], nullValues: [] };
    const schema = await inferAvroSchema(rows, words, properties.numberOfRowsToScan).catch((error) => {
      throw error instanceof TaskError && error.reason === "schema_not_inferred" ? cannotInfer(error) : error;
    });
    const file = { ...place, name: storedName(name, "avsc") };
    const { uri } = await storage.put(file, bytesOf(schema), signal);
    return { outputs: { uri } };
  },
});

async function* bytesOf(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

/** The hint of the other tasks, to give the schema, would not help here. */
function cannotInfer(cause: TaskError): TaskError {
  const message = cause.message.includes("holds no records")
    ? "Cannot infer Avro schema from ION input: the file appears to be empty or contains no valid records."
    : cause.message.replace(/ Give the property `schema`\.$/, "");
  return new TaskError(cause.reason, message, { cause });
}
