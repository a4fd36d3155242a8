import fc from "fast-check";

/** What else a task says of itself. */
const twists = {
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
  failing: fc.uniqueArray(fc.nat({ max: 12 }), { maxLength: 2 }),
  inFirst: fc.boolean(),
});

/** As madeFlow, where nothing fails but leaves: every Switch has defaults. */
export const madeWell: fc.Arbitrary<MadeFlow> = madeFlow.map((flow) => ({
  ...flow,
  tasks: flow.tasks.map(withDefaults),
}));

function withDefaults(task: Made): Made {
  if (task.kind === "leaf" || task.kind === "WorkingDirectory") return task;
  const tasks = task.tasks.map(withDefaults);
  if (task.kind !== "If" && task.kind !== "Switch") return { ...task, tasks };
  const otherwise = task.otherwise.map(withDefaults);
  const isCaseless = task.kind === "Switch" && otherwise.length === 0;
  return { ...task, tasks, otherwise: isCaseless ? [{ kind: "leaf" }] : otherwise };
}

const gives = {
  index: () => "{{ item.index }} {{ item.key }}",
  first: (id: unknown) => `{{ outputs['${id}'].value ?? 'none' }}`,
  // Only what has been mended gives more.
  later: (id: unknown) => `{{ item.index == 0 ? outputs['${id}'].more : item.key }}`,
};

function isPlainLeaf(task: Made | undefined): boolean {
  return task?.kind === "leaf" && (task.twist ?? "") === "";
}

/** A flow as text, and whether a task run of it fails. */
export interface WrittenFlow {
  source: string;
  fails: (taskId: string, path: readonly string[] | null) => boolean;
}

/** Writes a made-up flow down. Leaves are called `t0`, `t1`, …, blocks `b0`, `b1`, …, and what handles their ends `h0`, `h1`, …. */
export function writeFlow(id: string, flow: MadeFlow): WrittenFlow {
  const counts = { t: 0, b: 0, h: 0 };
  const log = (name: string) => ({ id: name, type: "io.kestra.plugin.core.log.Log", message: "hi" });
  const handle = (count: number) => Array.from({ length: count }, () => log(`h${counts.h++}`));
  const write = (task: Made, inEach = false): Record<string, unknown> => {
    const isEach = inEach || task.kind === "ForEach" || task.kind === "EachParallel";
    const inside = (one: Made) => write(one, isEach);
    const said = twists[task.twist ?? ""];
    if (task.kind === "leaf") return { ...log(`t${counts.t++}`), ...said };
    const block = { id: `b${counts.b++}`, type: `io.kestra.plugin.core.flow.${task.kind}`, ...said };
    const around = {
      ...(task.errors > 0 ? { errors: handle(task.errors) } : {}),
      ...(task.finally > 0 ? { finally: handle(task.finally) } : {}),
    };
    const values = (count: number) => Array.from({ length: count }, (_, index) => `v${index}`);
    switch (task.kind) {
      case "Pause":
        return { ...block, pauseDuration: "PT1S", tasks: task.tasks.map(inside), ...around };
      case "LoopUntil":
        // Once: what a loop that goes on from an anchor runs in its next iteration, no plan can know.
        return { ...block, condition: true, tasks: task.tasks.map(inside), ...around };
      case "Parallel":
        return { ...block, concurrent: task.concurrent, tasks: task.tasks.map(inside), ...around };
      case "ForEach":
        return {
          ...block,
          values: values(task.values),
          concurrencyLimit: task.limit,
          tasks: task.tasks.map(inside),
          ...around,
        };
      case "EachParallel":
        return {
          ...block,
          value: values(task.values),
          concurrent: task.concurrent,
          tasks: task.tasks.map(inside),
          ...around,
        };
      case "Loop": {
        const tasks = task.tasks.map(inside);
        return {
          ...block,
          values: Object.fromEntries(values(task.values).map((key) => [key, "same"])),
          concurrencyLimit: task.limit,
          transmitFailed: task.transmitFailed,
          ...(task.gives === ""
            ? {}
            : {
                outputs: [
                  {
                    id: "o",
                    value: gives[isPlainLeaf(task.tasks[0]) && !inEach ? task.gives : "index"](tasks[0]?.id),
                  },
                ],
              }),
          tasks,
          ...around,
        };
      }
      case "If":
        return {
          ...block,
          condition: task.holds,
          // biome-ignore lint/suspicious/noThenProperty: the flow language calls the branch so.
          then: task.tasks.map(inside),
          ...(task.otherwise.length > 0 ? { else: task.otherwise.map(inside) } : {}),
          ...around,
        };
      case "Switch":
        return {
          ...block,
          value: "{{ item.key ?? taskrun.value ?? 'v1' }}",
          cases: { v0: task.tasks.map(inside) },
          ...(task.otherwise.length > 0 ? { defaults: task.otherwise.map(inside) } : {}),
          ...around,
        };
      case "WorkingDirectory":
        return {
          ...block,
          tasks: Array.from({ length: task.leaves }, () => log(`t${counts.t++}`)),
          ...around,
        };
      case "Dag": {
        // What waits for a disabled one waits for nothing.
        const tasks = task.tasks.map((one) => inside(one.twist === "disabled" ? { ...one, twist: "" } : one));
        const needs = tasks.map((_, index) => [...new Set(task.needs[index]?.filter((n) => n < index))]);
        return {
          ...block,
          tasks: tasks.map((one, index) => ({
            task: one,
            dependsOn: needs[index]?.map((n) => tasks[n]?.id),
          })),
          ...around,
        };
      }
      default:
        return { ...block, tasks: task.tasks.map(inside), ...around };
    }
  };
  const source = JSON.stringify({
    id,
    namespace: "company.team",
    tasks: flow.tasks.map((task) => write(task)),
    ...(flow.errors > 0 ? { errors: handle(flow.errors) } : {}),
    ...(flow.finally > 0 ? { finally: handle(flow.finally) } : {}),
  });
  return {
    source,
    fails: (taskId, path) =>
      flow.failing.some((n) => taskId === `t${n}`) &&
      (!flow.inFirst || path === null || path.at(-1) === "v0"),
  };
}
