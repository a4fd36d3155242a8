import { createHash } from "node:crypto";
import fc from "fast-check";
import type { FlowSpec, TaskSpec } from "../support/a-flow.ts";
import type { HandRun, Scripted } from "../support/hand-worker.ts";

/** A task of a made-up sequence: everything that it does follows from these and from what it reads. */
export interface MadeTask {
  id: string;
  /** Counts up with each change of its definition. */
  version: number;
  reads: string[];
  readsAll: boolean;
  readsInput: boolean;
  readsVariable: boolean;
  /** How many of its tries fail. */
  failures: number;
  warns: boolean;
  /** Whether runIf holds: always, never, or as what it reads has it. */
  runs: "ALWAYS" | "NEVER" | "BY_DIGEST";
  maxAttempts: number;
  warningOnRetry: boolean;
  allowFailure: boolean;
  allowWarning: boolean;
  isDisabled: boolean;
}

/** One step of an author's work on a flow. Positions wrap around. */
export type Edit =
  | { kind: "CHANGE" | "REMOVE" | "RENAME" | "TOGGLE"; at: number }
  | { kind: "MOVE"; at: number; to: number }
  | { kind: "INSERT"; at: number; task: MadeTask };

/** A flow, what becomes of its original execution, and its next revision. */
export interface Case {
  tasks: MadeTask[];
  edits: Edit[];
  input: number;
  variable: number;
  nextVariable: number;
  /** What happens to the original, and after how many attempts; to the end when it lives that long. */
  fate: "RUNS" | "KILLED_WAITING" | "KILLED_RUNNING" | "KILLED_LATE" | "LOST" | "RUNNING";
  after: number;
  isRestarted: boolean;
  /** Whether workers go on with what follows. */
  hasRoom: boolean;
  /** Chooses among what there is to choose from. */
  pick: number;
}

const ids = ["a", "b", "c", "d", "e", "f"];

const madeTask = (id: string, before: string[]): fc.Arbitrary<MadeTask> =>
  fc.record({
    id: fc.constant(id),
    version: fc.constant(0),
    reads: fc.subarray(before),
    readsAll: mostly(false),
    readsInput: fc.boolean(),
    readsVariable: mostly(false),
    failures: fc.constantFrom(0, 0, 0, 0, 0, 1, 1, 2, 99),
    warns: mostly(false),
    runs: fc.constantFrom("ALWAYS", "ALWAYS", "ALWAYS", "BY_DIGEST", "NEVER"),
    maxAttempts: fc.constantFrom(1, 1, 2, 3),
    warningOnRetry: mostly(false),
    allowFailure: mostly(false),
    allowWarning: mostly(false),
    isDisabled: mostly(false),
  });

function mostly(value: boolean): fc.Arbitrary<boolean> {
  return fc.constantFrom(value, value, value, !value);
}

const place = fc.nat({ max: 5 });
const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("CHANGE" as const), at: place }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom("REMOVE", "RENAME", "TOGGLE"), at: place }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("MOVE" as const), at: place, to: place }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("INSERT" as const),
      at: place,
      task: madeTask("x", ids.slice(0, 2)),
    }),
  },
);

/** Made-up sequences of up to six tasks. */
export const sequenceCase: fc.Arbitrary<Case> = fc.integer({ min: 1, max: ids.length }).chain((length) =>
  fc.record<Case>({
    tasks: fc.tuple(...ids.slice(0, length).map((id, index) => madeTask(id, ids.slice(0, index)))),
    edits: fc.array(edit, { maxLength: 3 }),
    input: fc.nat({ max: 1 }),
    variable: fc.nat({ max: 1 }),
    nextVariable: fc.nat({ max: 1 }),
    fate: fc.constantFrom(
      "RUNS",
      "RUNS",
      "RUNS",
      "KILLED_WAITING",
      "KILLED_RUNNING",
      "KILLED_LATE",
      "LOST",
      "RUNNING",
    ),
    after: fc.nat({ max: 6 }),
    isRestarted: mostly(false),
    hasRoom: fc.boolean(),
    pick: fc.nat({ max: 1000 }),
  }),
);

/** The tasks of the next revision. Nothing of it reads what it does not have. */
export function edited({ tasks, edits }: Case): MadeTask[] {
  const next = structuredClone(tasks);
  edits.forEach((step, count) => {
    const at = step.at % Math.max(1, next.length);
    const here = next[at];
    if (step.kind === "INSERT")
      next.splice(step.at % (next.length + 1), 0, { ...step.task, id: `x${count}` });
    else if (here === undefined) return;
    else if (step.kind === "CHANGE") here.version += 1;
    else if (step.kind === "RENAME") here.id = `${here.id}-${count}`;
    else if (step.kind === "TOGGLE") here.isDisabled = !here.isDisabled;
    else next.splice(at, 1);
    if (step.kind === "MOVE" && here !== undefined) next.splice(step.to % (next.length + 1), 0, here);
  });
  const enabled = new Set(next.filter(({ isDisabled }) => !isDisabled).map(({ id }) => id));
  for (const task of next) task.reads = task.reads.filter((id) => enabled.has(id));
  return next;
}

/** Tasks and a variable as a flow; the label makes a revision of its own even of what is unchanged. */
export function flowOf(tasks: MadeTask[], variable: number, revision: number): FlowSpec {
  return {
    labels: { revision: String(revision) },
    tasks: tasks.map(specOf),
    inputs: [{ id: "i", type: "INT" }],
    variables: { v: variable, unread: variable },
  };
}

function specOf(task: MadeTask): TaskSpec {
  const {
    id,
    reads,
    readsAll,
    maxAttempts,
    warningOnRetry,
    allowFailure,
    allowWarning,
    isDisabled,
    ...does
  } = task;
  return {
    id,
    does: JSON.stringify(does),
    reads,
    readsAll,
    inputs: task.readsInput ? ["i"] : [],
    variables: task.readsVariable ? ["v"] : [],
    allowFailure,
    allowWarning,
    isDisabled,
    ...(maxAttempts > 1 ? { retry: { maxAttempts, warningOnRetry } } : {}),
  };
}

/** What a task does in the hands of a worker. */
export function behave({ task, try: nth, outputs, begun }: HandRun): Scripted {
  const definition = task.definition as { does: string; reads: string[] };
  const does = JSON.parse(definition.does) as MadeTask;
  const { [task.id]: _, ...others } = outputs;
  const read = Object.entries(others).filter(([, value]) => value !== null);
  return act(does, task.id, nth, Object.fromEntries(read), {
    input: (begun.inputs as { i: number } | null)?.i,
    variable: (begun.variables as { v: number } | null)?.v,
  });
}

/** The heart of both, the worker and the model. */
function act(
  does: Pick<MadeTask, "version" | "readsInput" | "readsVariable" | "failures" | "warns" | "runs">,
  id: string,
  nth: number,
  outputs: Record<string, unknown>,
  values: { input: number | undefined; variable: number | undefined },
): Scripted {
  const { version, readsInput, readsVariable, failures, warns, runs } = does;
  const read = Object.entries(outputs).sort(([one], [other]) => (one < other ? -1 : 1));
  const made = [id, version, read, readsInput ? values.input : null, readsVariable ? values.variable : null];
  const digest = createHash("sha256").update(JSON.stringify(made)).digest("hex").slice(0, 8);
  if (runs === "NEVER" || (runs === "BY_DIGEST" && digest < "8")) return "SKIPPED";
  if (nth <= failures) return "FAILED";
  return { state: warns ? "WARNING" : "SUCCESS", outputs: { digest } };
}

/** How an execution ends, and each of its task runs: `SUCCESS 1a2b3c4d`. */
export type Ending = Record<string, string>;

/** How a fresh run ends, worked out without the engine. */
export function modelOf(tasks: MadeTask[], input: number, variable: number): Ending {
  const ending: Ending = {};
  const outputs: Record<string, unknown> = {};
  let isWarned = false;
  for (const task of tasks.filter(({ isDisabled }) => !isDisabled)) {
    const seen = Object.entries(outputs).filter(([id]) => task.readsAll || task.reads.includes(id));
    const run = (nth: number) => act(task, task.id, nth, Object.fromEntries(seen), { input, variable });
    let nth = 1;
    while (run(nth) === "FAILED" && nth < task.maxAttempts) nth += 1;
    const last = run(nth);
    const state = settle(task, typeof last === "string" ? last : (last.state as string), nth);
    const made = typeof last === "string" ? undefined : last.outputs;
    // What has run to an end is seen, whether it gave anything or not.
    if (state !== "SKIPPED") outputs[task.id] = made ?? {};
    ending[task.id] = made === undefined ? state : `${state} ${made.digest}`;
    if (state === "FAILED") return { ...ending, execution: "FAILED" };
    isWarned ||= state === "WARNING";
  }
  return { ...ending, execution: isWarned ? "WARNING" : "SUCCESS" };
}

function settle(task: MadeTask, outcome: string, nth: number): string {
  let state = outcome;
  if (outcome === "FAILED" && task.allowFailure) state = "WARNING";
  if (outcome === "SUCCESS" && nth > 1 && task.warningOnRetry) state = "WARNING";
  return state === "WARNING" && task.allowWarning ? "SUCCESS" : state;
}

/** Where a revision first does something else than the one before, among its enabled tasks. */
export function firstChange(made: Case): string | undefined {
  const enabled = (tasks: MadeTask[]) => tasks.filter(({ isDisabled }) => !isDisabled);
  const before = enabled(made.tasks);
  const after = enabled(edited(made));
  const isSame = (task: MadeTask, index: number) =>
    JSON.stringify(task) === JSON.stringify(before[index]) &&
    (made.variable === made.nextVariable || !(task.readsVariable || task.readsAll));
  return after.find((task, index) => !isSame(task, index))?.id;
}
