import { z } from "zod";
import { shorten } from "../../../base/shorten.ts";
import { isTruthy } from "../../../expression/values.ts";
import { fileUri, oneOf, text } from "../../property.ts";
import { defineTaskType, type TaskContext, TaskError } from "../../task-type.ts";
import { type ItemLine, itemLines } from "./item-lines.ts";
import { storeLines } from "./store-lines.ts";

/** `io.kestra.plugin.core.storage.FilterItems` */
export const filterItems = defineTaskType({
  type: "io.kestra.plugin.core.storage.FilterItems",
  title: "Keep the items that a condition holds for",
  description:
    "Goes through the lines of an Ion file and keeps those items that a condition is true of, or leaves them out.",
  isHeavy: true,
  rendersItself: { filterCondition: "item" },
  properties: z.strictObject({
    from: fileUri().meta({ description: "The URI of the file, with an item on each line." }),
    filterCondition: text().meta({
      description: "The condition: a template that sees the fields of an item, such as `{{ value > 10 }}`.",
    }),
    filterType: oneOf(["INCLUDE", "EXCLUDE"])
      .default("INCLUDE")
      .meta({ description: "Whether to keep what the condition is true of, or everything else." }),
    errorOrNullBehavior: oneOf(["FAIL", "INCLUDE", "EXCLUDE"]).default("FAIL").meta({
      description:
        "What becomes of an item whose condition cannot be rendered: the task fails, or it is kept, or left out.",
    }),
  }),
  outputs: z.object({
    uri: z.string().meta({ description: "The URI of the file of those that were kept." }),
    processedItemsTotal: z.int().meta({ description: "How many items there were." }),
    droppedItemsTotal: z.int().meta({ description: "How many were left out." }),
  }),
  examples: [
    {
      title: "The orders of more than a hundred",
      yaml: 'from: "{{ outputs.orders.uri }}"\nfilterCondition: "{{ amount > 100 }}"',
    },
  ],
  async run({ properties, context }) {
    let processed = 0;
    let dropped = 0;
    async function* kept(): AsyncGenerator<string[]> {
      for await (const items of itemLines(properties.from, context)) {
        const lines: string[] = [];
        for (const item of items) if (await isKept(item, properties, context)) lines.push(item.line);
        processed += items.length;
        dropped += items.length - lines.length;
        yield lines;
      }
    }
    const uri = await storeLines("filtered.ion", kept(), context);
    return { outputs: { uri, processedItemsTotal: processed, droppedItemsTotal: dropped } };
  },
});

interface Filter {
  filterCondition: string;
  filterType: "INCLUDE" | "EXCLUDE";
  errorOrNullBehavior: "FAIL" | "INCLUDE" | "EXCLUDE";
}

async function isKept(
  { line, fields }: ItemLine,
  { filterCondition, filterType, errorOrNullBehavior }: Filter,
  context: TaskContext,
): Promise<boolean> {
  try {
    return isTruthy(await context.render(filterCondition, fields)) === (filterType === "INCLUDE");
  } catch (cause) {
    if (errorOrNullBehavior !== "FAIL") return errorOrNullBehavior === "INCLUDE";
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TaskError(
      "filter_failed",
      `Expression \`${filterCondition}\` failed on item \`${shorten(line, SHOWN)}\`: ${reason}`,
      { cause },
    );
  }
}

// Enough of an item to know it again.
const SHOWN = 500;
