import { z } from "zod";
import type { TaskTypeInfo } from "../../src/flow/check-tasks.ts";

const text = z.union([z.string(), z.number(), z.boolean()]);

function taskType(type: string, properties: z.ZodRawShape): [string, TaskTypeInfo] {
  return [type, { type, properties: z.object(properties) }];
}

/** A few task types, in the manner of the real ones. */
export const taskTypes: ReadonlyMap<string, TaskTypeInfo> = new Map([
  taskType("io.kestra.plugin.core.log.Log", {
    message: z.union([text, z.array(text)]),
    level: z.enum(["TRACE", "DEBUG", "INFO", "WARN", "ERROR"]).optional(),
  }),
  taskType("io.kestra.plugin.core.execution.SetVariables", { variables: z.record(z.string(), z.unknown()) }),
  taskType("io.kestra.plugin.core.http.Download", {
    uri: text,
    options: z.strictObject({ retries: z.int().optional(), allowFailed: z.boolean().optional() }).optional(),
  }),
  [
    "test.Give",
    { type: "test.Give", properties: z.object({}), outputs: z.object({ uri: text, size: z.int() }) },
  ],
  taskType("io.kestra.plugin.compress.ArchiveDecompress", { from: text, algorithm: z.enum(["TAR", "ZIP"]) }),
  taskType("io.kestra.plugin.serdes.csv.CsvToIon", { from: text }),
  taskType("io.kestra.plugin.serdes.avro.IonToAvro", { from: text, datetimeFormat: text, schema: text }),
  taskType("io.kestra.plugin.serdes.parquet.IonToParquet", {
    from: text,
    datetimeFormat: text,
    schema: text,
  }),
]);

/** A flow around some tasks; `rest` comes before them, from line 3 on. */
export function flow(tasks: string, rest = ""): string {
  return `id: f\nnamespace: company.team\n${rest}tasks:\n${tasks}`;
}

/** One task that logs. It takes three lines. */
export function log(id: string, message = "Hello"): string {
  return `  - id: ${id}\n    type: io.kestra.plugin.core.log.Log\n    message: ${message}\n`;
}
