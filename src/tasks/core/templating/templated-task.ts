import { z } from "zod";
import { readingFault, readYamlText } from "../../../expression/yaml-text.ts";
import { currentType } from "../../../flow/type-aliases.ts";
import { text } from "../../property.ts";
import { defineTaskType, TaskError } from "../../task-type.ts";

const TYPE = "io.kestra.plugin.core.templating.TemplatedTask";

/** `io.kestra.plugin.core.templating.TemplatedTask` */
export const templatedTask = defineTaskType({
  type: TYPE,
  title: "Run a task that a template makes",
  description:
    "Renders the text of a task and runs that in its place: what it gives, says and measures is this task's. The text is checked only then.",
  rendersItself: {}, // what is left of templates in its text
  rendersMore: true,
  properties: z.strictObject({
    spec: text().meta({ description: "The task as YAML: `type` and its properties." }),
  }),
  outputs: z.looseObject({}),
  examples: [
    {
      title: "Choose the type by an input",
      yaml: "spec: |\n  type: io.kestra.plugin.core.debug.{{ inputs.kind }}\n  format: Hello",
    },
  ],
  async run({ properties, context }) {
    const definition = definitionOf(properties.spec);
    if (typeof definition.type !== "string")
      throw new TaskError("invalid_spec", "The templated task has no `type`.");
    const type = currentType(definition.type);
    if (type === TYPE) throw new TaskError("not_runnable", `The templated task cannot be of type '${TYPE}'`);
    const { outputs, ...rest } = await context.runTask({ ...definition, type });
    return { ...rest, outputs };
  },
});

function definitionOf(spec: string): Record<string, unknown> {
  const value = readSpec(spec);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new TaskError("invalid_spec", "The templated task must be a map with `type` and its properties.");
}

function readSpec(spec: string): unknown {
  try {
    return readYamlText(spec, { keepsWritten: true });
  } catch (error) {
    throw new TaskError("invalid_spec", `The templated task is not YAML: ${readingFault(error)}`);
  }
}
