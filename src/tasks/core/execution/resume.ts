import { z } from "zod";
import { map } from "../../property.ts";
import { defineTaskType } from "../../task-type.ts";
import { executionName, namedExecution } from "./execution-name.ts";

/** `io.kestra.plugin.core.execution.Resume` */
export const resume = defineTaskType({
  type: "io.kestra.plugin.core.execution.Resume",
  title: "Resume a paused execution",
  description:
    "Lets an execution go on that waits in a Pause, or that somebody has paused; it fails if that is not paused.",
  properties: z.strictObject({
    ...executionName,
    inputs: map(z.unknown()).optional().meta({ description: "What the Pause asks for, by id." }),
  }),
  outputs: z.object({}),
  examples: [
    {
      title: "Let another execution go on",
      yaml: 'executionId: "{{ inputs.waiting }}"\nnamespace: company.team\nflowId: approval\ninputs:\n  approved: true',
    },
  ],
  async run({ properties: { inputs, ...given }, context }) {
    const { executionId } = await namedExecution(given, context);
    await context.engine.resume(executionId, inputs);
    return { outputs: {} };
  },
});
