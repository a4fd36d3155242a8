import { setKey } from "../base/key-order.ts";

/** What one task run shows of itself to templates. */
export interface ShownTaskRun {
  task: string;
  /** The values under which it is found there: those of loops around it that the reader is not in as in a world of its own. */
  keys: readonly string[];
  state: string;
  /** None where it has not given any. */
  outputs?: unknown;
}

/** `outputs.<task>.<key>`; inside loops `outputs.<task>[<outer value>]…[<own value>].<key>`. */
export function nestOutputs(shown: readonly ShownTaskRun[]): Record<string, unknown> {
  const nested: Record<string, unknown> = {};
  for (const { task, keys, outputs } of shown)
    if (outputs !== undefined) setDeep(nested, [task, ...keys], outputs);
  return nested;
}

/** `tasks.<task>.state`, inside loops likewise. */
export function nestStates(shown: readonly ShownTaskRun[]): Record<string, unknown> {
  const nested: Record<string, unknown> = {};
  for (const { task, keys, state } of shown) setDeep(nested, [task, ...keys], { state });
  return nested;
}

/** Sets a value in maps in each other. */
export function setDeep(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let here = target;
  for (const key of path.slice(0, -1)) {
    const next = Object.hasOwn(here, key) ? here[key] : undefined;
    if (typeof next === "object" && next !== null) {
      here = next as Record<string, unknown>;
    } else {
      const made: Record<string, unknown> = {};
      setKey(here, key, made);
      here = made;
    }
  }
  setKey(here, path.at(-1) as string, value);
}
