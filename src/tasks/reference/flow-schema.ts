import { editorSchema } from "../../flow/reference/editor-schema.ts";
import { taskTypes } from "../registry.ts";

/** Where the server gives the JSON Schema of flows. */
export const flowSchemaPath = "/schemas/flow.json";

let made: string | undefined;

/** The JSON Schema of flows, as text. It does not change while the program runs. */
export function flowSchemaText(): string {
  made ??= `${JSON.stringify(editorSchema(taskTypes.values()), undefined, 2)}\n`;
  return made;
}
