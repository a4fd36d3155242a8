import { createHash } from "node:crypto";
import { changeNumbers, plainNumber, rawJson } from "../base/whole-float.ts";

/**
 * A hash of a task's work: its type and its properties without the description and the group of workers that does it. The order of keys does not count, nor whether a float has a
 * fraction: tasks that were saved before these were kept are the same work. A long integer is what is written, as no other is.
 */
export function fingerprint(type: string, definition: Readonly<Record<string, unknown>>): string {
  const { description: _, workerGroup: __, ...work } = definition;
  return createHash("sha256")
    .update(canonicalJson(changeNumbers({ type, properties: work }, withoutFraction)))
    .digest("hex");
}

function withoutFraction(number: unknown): unknown {
  return typeof number === "bigint" ? number : plainNumber(number);
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, child: unknown) => {
    if (typeof child === "bigint") return rawJson(String(child));
    if (child === null || typeof child !== "object" || Array.isArray(child)) return child;
    return Object.fromEntries(Object.entries(child).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}
