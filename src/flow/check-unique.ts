import type { Findings, Path } from "./issue.ts";
import { isWritten, type Written } from "./written.ts";

/** Something with an id, and where it stands. */
export interface Identified {
  /** Undefined where it is missing or no text. */
  id: string | undefined;
  path: Path;
}

/** The entries of a list at the top of a flow. */
export function entriesOf(flow: Written, list: string): (Identified & { value: unknown })[] {
  const entries = Array.isArray(flow[list]) ? (flow[list] as unknown[]) : [];
  return entries.map((value, index) => ({
    id: isWritten(value) && typeof value.id === "string" ? value.id : undefined,
    path: [list, index],
    value,
  }));
}

/** Reports ids that stand for two things. */
export function checkUnique(what: string, items: readonly Identified[], findings: Findings): void {
  const first = new Map<string, Path>();
  for (const { id, path } of items) {
    if (id === undefined) continue;
    const known = first.get(id);
    if (known === undefined) first.set(id, path);
    else {
      const line = findings.lineOf([...known, "id"]);
      findings.error(
        [...path, "id"],
        "duplicate_id",
        `The ${what} id \`${id}\` is already used in line ${line}.`,
      );
    }
  }
}
