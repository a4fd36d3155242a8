import fc from "fast-check";
import type { HandRun, Scripted } from "../support/hand-worker.ts";

const EXIT = "io.kestra.plugin.core.execution.Exit";
const states = ["SUCCESS", "WARNING", "FAILED", "CANCELLED", "KILLED"] as const;

/** A leaf of a made-up flow, or a task among its handlers, that is an Exit instead: which, counted round, and how it ends the execution. */
export interface Exiting {
  place: number;
  state: (typeof states)[number];
}

const none = fc.constant<Exiting[]>([]);
const some = fc.array(fc.record({ place: fc.nat({ max: 12 }), state: fc.constantFrom(...states) }), {
  minLength: 1,
  maxLength: 2,
});

/** Which tasks are Exits: mostly none. */
export const exiting: fc.Arbitrary<Exiting[]> = fc.oneof(
  { weight: 2, arbitrary: none },
  { weight: 1, arbitrary: some },
);

/** Which tasks are Exits, where few of them come to be any. */
export const exitingOften: fc.Arbitrary<Exiting[]> = fc.oneof(
  { weight: 1, arbitrary: none },
  { weight: 2, arbitrary: some },
);

type Written = Record<string, unknown>;

/**
 * Lets tasks of a flow that writeFlow has written be Exits, but for such as start another flow, or outputs of a Loop read, and those in a
 * WorkingDirectory.
 */
export function exitFlow(source: string, exits: readonly Exiting[]): string {
  const names = source.match(/(?<="id":")[th]\d+(?=")/g) ?? [];
  const change = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(change);
    if (typeof value !== "object" || value === null) return value;
    const { id, type, message: _, ...rest } = value as Written;
    const exit = exits.find(({ place }) => id === names[place % names.length]);
    if (exit !== undefined && String(type).endsWith(".Log") && !source.includes(`outputs['${id}']`))
      return { ...rest, id, type: EXIT, state: exit.state };
    if (String(type).endsWith(".WorkingDirectory")) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inside]) => [key, change(inside)]));
  };
  return JSON.stringify(change(JSON.parse(source)));
}

/** As exitFlow, but for Exits that anything may run beside: how far that comes is a matter of time. */
export function exitCalmly(source: string, exits: readonly Exiting[]): string {
  return exitFlow(
    source,
    exits.filter((one) => !hasRaces(exitFlow(source, [one]))),
  );
}

/** What an Exit says when it runs; undefined of any other task. */
export function exitOf({ task }: Pick<HandRun, "task">): Scripted | undefined {
  if (task.type !== EXIT) return undefined;
  return { state: "RUNNING", outputs: { exit: (task.definition as { state?: string }).state ?? "SUCCESS" } };
}

/** Which tasks of a flow are Exits. */
export function exitIds(source: string): ReadonlySet<string> {
  const ids = new Set<string>();
  JSON.parse(source, (_, value: unknown) => {
    const { id, type } = (value ?? {}) as { id?: string; type?: unknown };
    if (type === EXIT && id !== undefined) ids.add(id);
    return value;
  });
  return ids;
}

/** Whether in a flow anything may run beside an Exit: then it is a matter of time how far that comes. */
export function hasRaces(source: string): boolean {
  const look = (value: unknown, isBeside: boolean): boolean => {
    if (Array.isArray(value)) return value.some((one) => look(one, isBeside));
    if (typeof value !== "object" || value === null) return false;
    const block = value as Written;
    if (block.type === EXIT) return isBeside;
    const isInside = isBeside || runsAtOnce(block);
    return Object.values(block).some((inside) => look(inside, isInside));
  };
  return look(JSON.parse(source), false);
}

function runsAtOnce({ type, tasks, values, value, concurrent, concurrencyLimit }: Written): boolean {
  const count = (list: unknown) => Object.keys((list ?? []) as object).length;
  switch (String(type).split(".").at(-1)) {
    case "Parallel":
    case "Dag":
      return count(tasks) > 1 && concurrent !== 1;
    case "ForEach":
    case "Loop":
      return count(values) > 1 && concurrencyLimit !== 1;
    case "EachParallel":
      return count(value) * count(tasks) > 1 && concurrent !== 1;
    default:
      return false;
  }
}
