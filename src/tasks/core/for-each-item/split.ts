import { extname } from "node:path";
import { z } from "zod";
import { itemTypes } from "../../../flow/for-each-item.ts";
import { isWritten } from "../../../flow/written.ts";
import { mapAhead } from "../../../storage/map-ahead.ts";
import { int, text } from "../../property.ts";
import { defineTaskType, type TaskContext, TaskError } from "../../task-type.ts";
import { storeBatch } from "./batch.ts";
import { type BatchRule, batchesOf } from "./batches.ts";
import { bytesOf } from "./bytes-of.ts";
import { checkRule } from "./check-rule.ts";
import { linesOf } from "./lines.ts";

const batch = z.strictObject({
  rows: int().optional(),
  bytes: text().optional(),
  partitions: int({ min: 1 }).optional(),
  separator: z.string().default("\n"),
  regexPattern: text().optional(),
});

// Small batches are many: while one is being stored, others are too.
const STORED_AT_ONCE = 8;

/** The first task of a ForEachItem: cuts a file into batches. */
export const split = defineTaskType({
  type: itemTypes.split,
  title: "Split a file into batches",
  description:
    "The first task of a ForEachItem: stores the lines of a file as many files, one for each batch, and a list of them.",
  properties: z.strictObject({
    items: text().meta({ description: "The URI of the file." }),
    batch: batch.optional().meta({
      description:
        "How to cut it: `rows` of a batch (1 when nothing is said), `bytes` after which a new one begins (`10MB`), `partitions` to deal the " +
        "rows out to, or a `regexPattern` whose first group tells which rows belong together. `separator` goes behind each row.",
    }),
  }),
  outputs: z.object({
    splits: z.string().meta({ description: "The URI of a text file with the URI of a batch on each line." }),
  }),
  examples: [
    { title: "Batches of a thousand rows", yaml: 'items: "{{ outputs.extract.uri }}"\nbatch:\n  rows: 1000' },
  ],
  *check({ batch }) {
    if (!isWritten(batch)) return;
    for (const fault of checkRule(batch)) yield { ...fault, path: ["batch", ...fault.path] };
  },
  async run({ properties, context }) {
    const { items } = properties;
    if (!items.startsWith("kestra://")) {
      throw new TaskError(
        "not_a_stored_file",
        `Unable to split the items from ${items}, this is not an internal storage URI!`,
      );
    }
    const lines = linesOf(context.storage.get(items, context.signal));
    const batches = batchesOf(lines, ruleOf(properties.batch), context);
    const extension = extname(items.slice(items.lastIndexOf("/") + 1)) || ".tmp";
    let number = 0;
    const store = (each: Parameters<typeof storeBatch>[0]) => {
      number += 1;
      return storeBatch(each, `batch-${number}${extension}`, context);
    };
    const list = listOf(mapAhead(batches, STORED_AT_ONCE, store), context);
    const { uri } = await context.storage.put({ ...context.place, name: "splits.txt" }, list, context.signal);
    return { outputs: { splits: uri } };
  },
});

function ruleOf(given: z.output<typeof batch> | undefined): BatchRule {
  const { bytes, ...rest } = given ?? { separator: "\n" };
  const size = bytes === undefined ? undefined : bytesOf(bytes);
  if (bytes === undefined || size !== undefined) return { ...rest, bytes: size };
  throw new TaskError(
    "invalid_properties",
    `\`batch.bytes\` has to be a size such as 512KB or 10MB, not \`${bytes}\`.`,
  );
}

async function* listOf(uris: AsyncIterable<string>, context: TaskContext): AsyncGenerator<Uint8Array> {
  let count = 0;
  for await (const uri of uris) {
    yield Buffer.from(count === 0 ? uri : `\n${uri}`);
    count += 1;
    context.progress(undefined, `Stored ${count} ${count === 1 ? "batch" : "batches"}`);
  }
}
