import { z } from "zod";
import { mapAhead } from "../../../storage/map-ahead.ts";
import { fileUri, int, text } from "../../property.ts";
import { defineTaskType, TaskError } from "../../task-type.ts";
import { type Batch, storeBatch } from "../for-each-item/batch.ts";
import { type BatchRule, batchesOf } from "../for-each-item/batches.ts";
import { bytesOf } from "../for-each-item/bytes-of.ts";
import { checkRule } from "../for-each-item/check-rule.ts";
import { linesOf } from "../for-each-item/lines.ts";
import { extensionOf } from "./store-lines.ts";

const MODES = ["regexPattern", "bytes", "partitions", "rows"] as const;
const NO_MODE = "Invalid configuration with no size, count, rows, nor regexPattern";

// Small files are many: while one is being stored, others are too.
const STORED_AT_ONCE = 8;

/** `io.kestra.plugin.core.storage.Split` */
export const splitFile = defineTaskType({
  type: "io.kestra.plugin.core.storage.Split",
  title: "Split a file",
  description:
    "Stores the lines of a file as several files: by a pattern, by size, into a number of files, or by rows. Where more than one of these " +
    "is given, the first of them counts.",
  isHeavy: true,
  properties: z.strictObject({
    from: fileUri().meta({ description: "The URI of the file." }),
    regexPattern: text().optional().meta({
      description:
        "Lines that have the same text in the first group of this pattern go to one file; others are left out.",
    }),
    bytes: text()
      .optional()
      .meta({ description: "A new file begins when one has come to this size, such as `10MB`." }),
    partitions: int({ min: 1 })
      .optional()
      .meta({ description: "To how many files lines are dealt out in turn." }),
    rows: int().optional().meta({ description: "How many lines go to one file." }),
    separator: text().default("\n").meta({ description: "What to write behind each line." }),
  }),
  outputs: z.object({ uris: z.array(z.string()).meta({ description: "The URIs of the files." }) }),
  examples: [
    { title: "A thousand lines each", yaml: 'from: "{{ outputs.extract.uri }}"\nrows: 1000' },
    {
      title: "One file for each country",
      yaml: 'from: "{{ outputs.extract.uri }}"\nregexPattern: "^(\\\\w+);"',
    },
  ],
  *check(task) {
    yield* checkRule(task);
    if (MODES.some((mode) => task[mode] !== undefined)) return;
    yield { path: [], reason: "missing_property", message: `${NO_MODE}.`, hint: "Give one of them." };
  },
  async run({ properties, context }) {
    const lines = linesOf(context.storage.get(properties.from, context.signal));
    const extension = extensionOf(properties.from);
    let number = 0;
    const store = (batch: Batch) => {
      number += 1;
      return storeBatch(batch, `split-${number}${extension}`, context);
    };
    const batches = batchesOf(lines, ruleOf(properties), context);
    const uris = await Array.fromAsync(mapAhead(batches, STORED_AT_ONCE, store));
    return { outputs: { uris } };
  },
});

interface Given extends Omit<BatchRule, "bytes"> {
  bytes?: string | undefined;
}

function ruleOf({ regexPattern, bytes, partitions, rows, separator }: Given): BatchRule {
  if ([regexPattern, bytes, partitions, rows].every((given) => given === undefined)) {
    throw new TaskError("invalid_properties", NO_MODE);
  }
  const size = bytes === undefined ? undefined : bytesOf(bytes);
  if (bytes !== undefined && size === undefined) {
    throw new TaskError("invalid_properties", `Invalid size with value '${bytes}'`);
  }
  return { regexPattern, bytes: size, partitions, rows, separator };
}
