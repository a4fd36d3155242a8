import { IonSyntaxError } from "../../serdes/ion/ion-cursor.ts";
import { parseIon } from "../../serdes/ion/ion-text.ts";
import { Decimal } from "../../serdes/ion/ion-value.ts";
import { type TaskContext, TaskError } from "../../task-type.ts";
import { linesOf } from "../for-each-item/lines.ts";

/** A line of a file, and the fields of the item on it, as templates see them. */
export interface ItemLine {
  line: string;
  fields: Readonly<Record<string, unknown>>;
}

/** The items of an Ion file with one on each line, some at a time. Blank lines hold none. */
export async function* itemLines(uri: string, context: TaskContext): AsyncGenerator<ItemLine[]> {
  let number = 0;
  for await (const lines of linesOf(context.storage.get(uri, context.signal))) {
    const items: ItemLine[] = [];
    for (const line of lines) {
      number += 1;
      if (line.trim() !== "") items.push({ line, fields: fieldsOf(line, number) });
    }
    if (items.length > 0) yield items;
  }
}

function fieldsOf(line: string, number: number): Record<string, unknown> {
  const value = valueOn(line, number);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw notAnItem(number, "it is no map");
}

function valueOn(line: string, number: number): unknown {
  const { values, error } = parseIon(line);
  if (error instanceof IonSyntaxError) throw notAnItem(number, error.message);
  if (values.length !== 1) throw notAnItem(number, "it holds more than one value");
  // Times become their texts here, and numbers what JSON makes of them.
  return JSON.parse(JSON.stringify(values[0]?.value, plainNumber) ?? "null");
}

function plainNumber(_: string, value: unknown): unknown {
  return typeof value === "bigint" || value instanceof Decimal ? Number(String(value)) : value;
}

function notAnItem(number: number, problem: string): TaskError {
  return new TaskError("not_an_item", `Line ${number} of the file is not an item in Ion: ${problem}.`, {
    details: { line: number, problem },
  });
}
