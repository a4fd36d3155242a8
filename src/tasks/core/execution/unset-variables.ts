import { z } from "zod";
import { bool, list, text } from "../../property.ts";
import { defineTaskType } from "../../task-type.ts";

/** `io.kestra.plugin.core.execution.UnsetVariables` */
export const unsetVariables = defineTaskType({
  type: "io.kestra.plugin.core.execution.UnsetVariables",
  title: "Remove variables",
  description: "Removes variables of the execution. Those that are not there are not missed.",
  isForEngine: true,
  properties: z.strictObject({
    variables: list(text()).meta({ description: "Their names; dots lead into maps, as in `report.rows`." }),
    ignoreMissing: bool()
      .default(false)
      .meta({ description: "Makes no difference, as in Kestra: one that is missing is never an error." }),
  }),
  outputs: z.object({}),
  examples: [{ title: "Forget two", yaml: "variables:\n  - loaded_at\n  - report.rows" }],
  async run({ properties }) {
    return { outputs: {}, change: { unset: properties.variables } };
  },
});
