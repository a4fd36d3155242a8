import { createHash } from "node:crypto";
import { changeNumbers, plainNumber } from "../base/whole-float.ts";

/**
 * A hash of a task's work: its type and its properties without the description. The order of keys does not count, nor whether a float has a
 * fraction: tasks that were saved before these were kept are the same work.
 */
export function fingerprint(type: string, definition: Readonly<Record<string, unknown>>): string {
  const { description: _, ...work } = definition;
  return createHash("sha256")
    .update(canonicalJson(changeNumbers({ type, properties: work }, plainNumber)))
    .digest("hex");
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, child: unknown) =>
    child !== null && typeof child === "object" && !Array.isArray(child)
      ? Object.fromEntries(Object.entries(child).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : child,
  );
}
