import fc from "fast-check";

/** What else a task says of itself. */
export const twists = {
  "": {},
  allowed: { allowFailure: true },
  allowedQuietly: { allowFailure: true, allowWarning: true },
  disabled: { disabled: true },
  skipped: { runIf: "{{ false }}" },
  // Of loops the first value alone.
  first: { runIf: "{{ (item.key ?? taskrun.value ?? 'v0') == 'v0' }}" },
  retried: { retry: { type: "constant", interval: "PT1S", maxAttempts: 2 } },
} as const;

/** A task of a made-up flow: one that runs, or a block. */
export type Made = { twist?: keyof typeof twists } & Plain;

type Plain =
  | { kind: "leaf" }
  | {
      kind: "Sequential" | "AllowFailure" | "LoopUntil" | "Pause";
      tasks: Made[];
      errors: number;
      finally: number;
    }
  | { kind: "Parallel"; tasks: Made[]; concurrent: number; errors: number; finally: number }
  | { kind: "ForEach"; values: number; limit: number; tasks: Made[]; errors: number; finally: number }
  | {
      kind: "EachParallel";
      values: number;
      concurrent: number;
      tasks: Made[];
      errors: number;
      finally: number;
    }
  | {
      kind: "Loop";
      values: number;
      limit: number;
      transmitFailed: boolean;
      /** What its iterations give: nothing, what is always there, what its first task gave, or that but for the first value. */
      gives: "" | "index" | "first" | "later";
      tasks: Made[];
      errors: number;
      finally: number;
    }
  | { kind: "If"; holds: boolean; tasks: Made[]; otherwise: Made[]; errors: number; finally: number }
  | { kind: "Switch"; tasks: Made[]; otherwise: Made[]; errors: number; finally: number }
  | { kind: "WorkingDirectory"; leaves: number; errors: number; finally: number }
  | { kind: "Dag"; tasks: Made[]; needs: number[][]; errors: number; finally: number };

/** A made-up flow, and which of its tasks fail, by the order in which they stand in it. */
export interface MadeFlow {
  tasks: Made[];
  errors: number;
  finally: number;
  /** What runs after the execution. */
  after: Made[];
  /** The nth leaf fails where the nth bit is set; in loops only for the first value when `inFirst` is. */
  failing: number[];
  inFirst: boolean;
}

const handlers = {
  errors: fc.nat({ max: 6 }).map((n) => Math.max(0, n - 4)),
  finally: fc.nat({ max: 6 }).map((n) => Math.max(0, n - 5)),
};

// Mostly none.
const twist = fc
  .nat({ max: 20 })
  .map((n) => (Object.keys(twists) as (keyof typeof twists)[])[Math.max(0, n - 14)] ?? "");

const { made } = fc.letrec<{ made: Made; plain: Made; list: Made[] }>((tie) => ({
  list: fc.array(tie("made"), { minLength: 1, maxLength: 3, size: "xsmall" }) as fc.Arbitrary<Made[]>,
  made: fc
    .tuple(tie("plain") as fc.Arbitrary<Made>, twist)
    .map(([one, chosen]) => (chosen === "" ? one : { ...one, twist: chosen })),
  plain: fc.oneof(
    { maxDepth: 3, depthSize: "small", withCrossShrink: true },
    fc.constant<Made>({ kind: "leaf" }),
    fc.record({
      kind: fc.constantFrom("Sequential", "AllowFailure", "LoopUntil", "Pause"),
      tasks: tie("list"),
      ...handlers,
    }) as fc.Arbitrary<Made>,
    fc.record({
      kind: fc.constant("Parallel"),
      tasks: tie("list"),
      concurrent: fc.nat({ max: 1 }),
      ...handlers,
    }) as fc.Arbitrary<Made>,
    fc.record({
      kind: fc.constant("ForEach"),
      values: fc.nat({ max: 3 }),
      limit: fc.nat({ max: 1 }),
      tasks: tie("list"),
      ...handlers,
    }) as fc.Arbitrary<Made>,
    fc.record({
      kind: fc.constant("EachParallel"),
      values: fc.nat({ max: 2 }),
      concurrent: fc.nat({ max: 1 }),
      tasks: tie("list"),
      ...handlers,
    }) as fc.Arbitrary<Made>,
    fc.record({
      kind: fc.constant("Loop"),
      values: fc.nat({ max: 3 }),
      limit: fc.nat({ max: 1 }),
      transmitFailed: fc.boolean(),
      gives: fc.constantFrom("", "index", "first", "later"),
      tasks: tie("list"),
      ...handlers,
    }) as fc.Arbitrary<Made>,
    fc.record({
      kind: fc.constant("If"),
      holds: fc.boolean(),
      tasks: tie("list"),
      otherwise: fc.oneof(fc.constant([]), tie("list") as fc.Arbitrary<Made[]>),
      ...handlers,
    }) as fc.Arbitrary<Made>,
    fc.record({
      kind: fc.constant("Switch"),
      tasks: tie("list"),
      // Where it is empty, a Switch that finds no case fails.
      otherwise: fc.oneof(
        { weight: 4, arbitrary: tie("list") as fc.Arbitrary<Made[]> },
        { weight: 1, arbitrary: fc.constant([]) },
      ),
      ...handlers,
    }) as fc.Arbitrary<Made>,
    fc.record({
      kind: fc.constant("WorkingDirectory"),
      leaves: fc.integer({ min: 1, max: 3 }),
      ...handlers,
    }) as fc.Arbitrary<Made>,
    fc.record({
      kind: fc.constant("Dag"),
      tasks: tie("list"),
      needs: fc.array(fc.array(fc.nat({ max: 2 }), { maxLength: 2 }), { minLength: 3, maxLength: 3 }),
      ...handlers,
    }) as fc.Arbitrary<Made>,
  ),
}));

/**
 * Made-up flows with blocks, nested. Where something fails, a limit of two or more would make it a matter of chance what has begun
 * by then, so there is none or one.
 */
export const madeFlow: fc.Arbitrary<MadeFlow> = fc.record({
  tasks: fc.array(made, { minLength: 1, maxLength: 4 }),
  errors: handlers.errors,
  finally: handlers.finally,
  // Mostly nothing.
  after: fc.oneof(
    { weight: 3, arbitrary: fc.constant<Made[]>([]) },
    { weight: 1, arbitrary: fc.array(made, { minLength: 1, maxLength: 2 }) },
  ),
  failing: fc.uniqueArray(fc.nat({ max: 12 }), { maxLength: 2 }),
  inFirst: fc.boolean(),
});

/** As madeFlow, where nothing fails but leaves: every Switch has defaults. */
export const madeWell: fc.Arbitrary<MadeFlow> = madeFlow.map((flow) => ({
  ...flow,
  tasks: flow.tasks.map(withDefaults),
  after: flow.after.map(withDefaults),
}));

function withDefaults(task: Made): Made {
  if (task.kind === "leaf" || task.kind === "WorkingDirectory") return task;
  const tasks = task.tasks.map(withDefaults);
  if (task.kind !== "If" && task.kind !== "Switch") return { ...task, tasks };
  const otherwise = task.otherwise.map(withDefaults);
  const isCaseless = task.kind === "Switch" && otherwise.length === 0;
  return { ...task, tasks, otherwise: isCaseless ? [{ kind: "leaf" }] : otherwise };
}

/** What fails in a Dag decides what begins in it at all, and so it is a matter of chance what has by then. */
export function hasDag(tasks: readonly Made[]): boolean {
  return tasks.some(
    (task) =>
      task.kind === "Dag" ||
      ("tasks" in task && hasDag(task.tasks)) ||
      ((task.kind === "If" || task.kind === "Switch") && hasDag(task.otherwise)),
  );
}
