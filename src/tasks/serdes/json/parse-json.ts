import { hasSortedKeys, parseInOrder } from "../../../base/json.ts";
import { TaskError } from "../../task-type.ts";

/** Reads a JSON text as values of `ion-value.ts`: whole numbers keep all their digits, others are doubles, and keys keep their order. */
export function parseJson(text: string): unknown {
  if (!/\d/.test(text)) return JSON.parse(text);
  return hasSortedKeys(text) ? parseInOrder(text, exactIntegers) : JSON.parse(text, exactIntegers);
}

/** The same for a part of a file; what is wrong is an error that says where the part begins. */
export function parseJsonAt(text: string, where: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw invalidJson(
      where,
      error instanceof RangeError ? "it is nested too deeply" : (error as Error).message,
    );
  }
}

/** The error for a file that is not the JSON that was expected. */
export function invalidJson(where: string, problem: string): TaskError {
  return new TaskError("invalid_json", `Invalid JSON format: ${where}: ${problem.replace(/\.$/, "")}.`, {
    details: { where, problem },
  });
}

const INTEGER = /^-?\d+$/;

function exactIntegers(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== "number") return value;
  const { source } = context ?? {};
  if (source === undefined) return Number.isSafeInteger(value) ? BigInt(value) : value;
  return INTEGER.test(source) ? BigInt(source) : value;
}
