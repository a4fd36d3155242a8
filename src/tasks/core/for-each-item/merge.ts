import { z } from "zod";
import { writeJson } from "../../../base/json.ts";
import { itemTypes } from "../../../flow/for-each-item.ts";
import { ionText } from "../../serdes/ion/write-ion.ts";
import { parseJson } from "../../serdes/json/parse-json.ts";
import { defineTaskType } from "../../task-type.ts";

/** The last task of a ForEachItem: gathers what its executions have given. */
export const merge = defineTaskType({
  type: itemTypes.merge,
  title: "Gather the outputs of subflows",
  description:
    "The last task of a ForEachItem: stores the outputs of the executions that it has started as one Ion file, in the order of the batches.",
  properties: z.strictObject({
    items: z.unknown().optional().meta({ description: "What the task before it gave." }),
  }),
  outputs: z.object({
    subflowOutputs: z.string().optional().meta({
      description: "The URI of the file, with a record on each line; empty when the flow has no outputs.",
    }),
  }),
  examples: [{ title: "As it comes with a ForEachItem", yaml: 'items: "{{ outputs.each_items }}"' }],
  async run({ context }) {
    const outputs = context.subflowOutputs()[Symbol.asyncIterator]();
    const first = await outputs.next();
    if (first.done === true) return { outputs: {} };

    async function* lines(): AsyncGenerator<Uint8Array> {
      for (let next = first; next.done !== true; next = await outputs.next()) {
        yield Buffer.from(`${ionText(parseJson(writeJson(next.value)))}\n`);
      }
    }
    const place = { ...context.place, name: "outputs.ion" };
    const { uri } = await context.storage.put(place, lines(), context.signal);
    return { outputs: { subflowOutputs: uri } };
  },
});
