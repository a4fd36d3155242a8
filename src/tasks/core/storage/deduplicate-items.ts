import { z } from "zod";
import { fileUri, text } from "../../property.ts";
import { defineTaskType, type TaskContext } from "../../task-type.ts";
import { itemLines } from "./item-lines.ts";
import { storeLines } from "./store-lines.ts";

/** `io.kestra.plugin.core.storage.DeduplicateItems` */
export const deduplicateItems = defineTaskType({
  type: "io.kestra.plugin.core.storage.DeduplicateItems",
  title: "Keep one item of each key",
  description:
    "Goes through the lines of an Ion file and keeps of those with the same key the last one. The keys are held in memory, the items are not.",
  isHeavy: true,
  rendersItself: { expr: "item" },
  properties: z.strictObject({
    from: fileUri().meta({ description: "The URI of the file, with an item on each line." }),
    expr: text().meta({
      description: "What makes the key of an item: a template that sees its fields, such as `{{ key }}`.",
    }),
  }),
  outputs: z.object({
    uri: z.string().meta({ description: "The URI of the file of those that were kept." }),
    numKeys: z.int().meta({ description: "How many keys there are." }),
    processedItemsTotal: z.int().meta({ description: "How many items there were." }),
    droppedItemsTotal: z.int().meta({ description: "How many were left out." }),
  }),
  examples: [
    {
      title: "The last state of each order",
      yaml: 'from: "{{ outputs.orders.uri }}"\nexpr: "{{ order_id }}"',
    },
  ],
  async run({ properties: { from, expr }, context }) {
    const lastOf = new Map<string, number>();
    let processed = 0;
    for await (const items of itemLines(from, context)) {
      for (const { fields } of items) {
        lastOf.set(await context.render(expr, fields), processed);
        processed += 1;
      }
    }
    const kept = new Set(lastOf.values());
    const uri = await storeLines("deduplicated.ion", keptLines(from, kept, context), context);
    return {
      outputs: {
        uri,
        numKeys: lastOf.size,
        processedItemsTotal: processed,
        droppedItemsTotal: processed - lastOf.size,
      },
    };
  },
});

async function* keptLines(
  from: string,
  kept: ReadonlySet<number>,
  context: TaskContext,
): AsyncGenerator<string[]> {
  let number = 0;
  for await (const items of itemLines(from, context)) {
    const first = number;
    number += items.length;
    yield items.filter((_, index) => kept.has(first + index)).map(({ line }) => line);
  }
}
