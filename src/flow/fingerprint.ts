import { createHash } from "node:crypto";

/** A hash of a task's work: its type and its properties without the description. The order of keys does not count. */
export function fingerprint(type: string, definition: Readonly<Record<string, unknown>>): string {
  const { description: _, ...work } = definition;
  return createHash("sha256")
    .update(canonicalJson({ type, properties: work }))
    .digest("hex");
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, child: unknown) =>
    child !== null && typeof child === "object" && !Array.isArray(child)
      ? Object.fromEntries(Object.entries(child).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : child,
  );
}
