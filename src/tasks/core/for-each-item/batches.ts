import { RE2JS } from "re2js";
import { type TaskContext, TaskError } from "../../task-type.ts";
import { addRow, type Batch, newBatch } from "./batch.ts";

/** How to cut a file into batches; where several are given, the first of them counts. */
export interface BatchRule {
  regexPattern?: string | undefined;
  bytes?: number | undefined;
  partitions?: number | undefined;
  rows?: number | undefined;
  separator: string;
}

/** Cuts lines into batches, in the order in which these begin. Every row is written with the separator behind it. */
export function batchesOf(
  lines: AsyncIterable<string[]>,
  rule: BatchRule,
  context: TaskContext,
): AsyncGenerator<Batch> {
  const { regexPattern, bytes, partitions, rows = 1, separator } = rule;
  if (regexPattern !== undefined) return dealt(lines, routeBy(regexPattern), separator, context);
  if (bytes !== undefined) return filled(lines, (batch) => batch.bytes >= bytes, separator, context);
  if (partitions !== undefined) {
    return dealt(lines, (_, number) => String(number % partitions), separator, context);
  }
  return filled(lines, (batch) => batch.rows >= rows, separator, context);
}

/** One batch after the other. */
async function* filled(
  lines: AsyncIterable<string[]>,
  isFull: (batch: Batch) => boolean,
  separator: string,
  context: TaskContext,
): AsyncGenerator<Batch> {
  let batch = newBatch();
  for await (const some of lines) {
    for (const line of some) {
      if (batch.rows > 0 && isFull(batch)) {
        yield batch;
        batch = newBatch();
      }
      await addRow(batch, line + separator, context);
    }
  }
  if (batch.rows > 0) yield batch;
}

/** All batches side by side; a line without a route is left out. */
async function* dealt(
  lines: AsyncIterable<string[]>,
  routeOf: (line: string, number: number) => string | undefined,
  separator: string,
  context: TaskContext,
): AsyncGenerator<Batch> {
  const batches = new Map<string, Batch>();
  let number = 0;
  for await (const some of lines) {
    for (const line of some) {
      const route = routeOf(line, number);
      number += 1;
      if (route === undefined) continue;
      const batch = batches.get(route) ?? newBatch();
      batches.set(route, batch);
      await addRow(batch, line + separator, context);
    }
  }
  yield* batches.values();
}

/** Lines that have the same text in the first group of a pattern belong together; a pattern without any tells none of them. */
function routeBy(pattern: string): (line: string) => string | undefined {
  const compiled = compile(pattern);
  if (compiled.groupCount() === 0) return () => undefined;
  return (line) => {
    const matcher = compiled.matcher(line);
    return matcher.find() ? (matcher.group(1) ?? undefined) : undefined;
  };
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TaskError("invalid_properties", `The pattern \`${pattern}\` does not work: ${reason}.`, {
      cause,
    });
  }
}
