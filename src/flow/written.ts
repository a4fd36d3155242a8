import { WholeFloat } from "../base/whole-float.ts";

/** A map as it is written in a flow. */
export type Written = Record<string, unknown>;

/** Whether a value is a map. */
export function isWritten(value: unknown): value is Written {
  return (
    value !== null && typeof value === "object" && !Array.isArray(value) && !(value instanceof WholeFloat)
  );
}

/** The map without what is empty: `inputs:` with nothing behind it says no more than no `inputs`. */
export function withoutNulls(map: Written): Written {
  return Object.fromEntries(Object.entries(map).filter(([, value]) => value !== null));
}

/** The flow without what is empty at its top and in its lists. */
export function withoutEmpty(flow: Written): Written {
  const cleaned = withoutNulls(flow);
  for (const list of ["inputs", "outputs", "triggers", "sla", "checks"]) {
    const items = cleaned[list];
    if (Array.isArray(items))
      cleaned[list] = items.map((item) => (isWritten(item) ? withoutNulls(item) : item));
  }
  return cleaned;
}

/** The properties that are there, for optional ones that must not be undefined. */
export function given<T extends object>(properties: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
