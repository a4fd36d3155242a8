import { setKey } from "../base/key-order.ts";

/** What one task run shows of itself to templates. */
export interface ShownTaskRun {
  task: string;
  /** The values under which it is found there: those of loops around it that the reader is not in as in a world of its own. */
  keys: readonly string[];
  state: string;
  /** In how many of the loops around it, from the outermost, the reader is at the same value. */
  near?: number;
  /** Whether it stands directly in a loop, and so has the last of the values for its own. */
  isIteration?: boolean;
  /** None where it has not given any. */
  outputs?: unknown;
}

/**
 * `outputs.<task>.<key>`; inside loops `outputs.<task>[<outer value>]…[<own value>].<key>`. An iteration that gave nothing has no place
 * there, so that a template that goes through them all comes to those that gave something.
 */
export function nestOutputs(shown: readonly ShownTaskRun[]): Record<string, unknown> {
  const nested: Record<string, unknown> = {};
  for (const one of shown) {
    const { task, keys, outputs } = one;
    if (hasPlace(one)) setDeep(nested, [task, ...keys], outputs);
    else if (outputs !== undefined && !Object.hasOwn(nested, task)) setDeep(nested, [task], {});
  }
  return nested;
}

/** Whether it stands at its own place in `outputs`. */
export function hasPlace({ keys, outputs }: ShownTaskRun): boolean {
  return outputs !== undefined && (keys.length === 0 || Object.keys(outputs ?? {}).length > 0);
}

/**
 * `tasks.<task>.state`, inside loops likewise, and as Kestra has them, too: by the value of a task's own iteration alone, and without any
 * where it stands deeper in a loop. Of several that is the one in the iterations that the reader is in, or else the last.
 */
export function nestStates(shown: readonly ShownTaskRun[]): Record<string, unknown> {
  const nested: Record<string, unknown> = {};
  for (const { task, keys, state } of shown) setDeep(nested, [task, ...keys, "state"], state);
  const inLoops = shown.filter(({ keys }) => keys.length > 0);
  for (const { task, keys, state, isIteration } of inLoops.toSorted((a, b) => nearOf(a) - nearOf(b)))
    setDeep(nested, [task, ...(isIteration === true ? keys.slice(-1) : []), "state"], state);
  return nested;
}

function nearOf({ near = 0 }: ShownTaskRun): number {
  return near;
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
