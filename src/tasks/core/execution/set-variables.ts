import { z } from "zod";
import { bool, map } from "../../property.ts";
import { defineTaskType } from "../../task-type.ts";

/** `io.kestra.plugin.core.execution.SetVariables` */
export const setVariables = defineTaskType({
  type: "io.kestra.plugin.core.execution.SetVariables",
  title: "Set variables",
  description:
    "Merges variables into those of the execution, for the tasks that come after: maps key by key, lists one behind the other. A replay that " +
    "carries the task has them too.",
  isText: true,
  isForEngine: true,
  properties: z.strictObject({
    variables: map(z.unknown()).meta({
      description:
        "The variables by name; a template gives text, what is written as a number or a list stays one.",
    }),
    overwrite: bool().default(true).meta({
      description: "Whether variables that are there already may be changed; if not, the task fails.",
    }),
  }),
  outputs: z.object({}),
  examples: [{ title: "Remember when it was loaded", yaml: 'variables:\n  loaded_at: "{{ now() }}"' }],
  async run({ properties: { variables, overwrite } }) {
    return { outputs: {}, change: { set: variables, overwrite } };
  },
});
