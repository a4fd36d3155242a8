import type { z } from "zod";
import { keepOrder } from "../base/key-order.ts";
import { didYouMean, nearest } from "../flow/suggest.ts";
import type { CheckWritten } from "../flow/written-fault.ts";
import type { FilePlace, Storage } from "../storage/storage.ts";
import { asTaken } from "./as-taken.ts";
import { parseKeepingKeys } from "./proto-keys.ts";
import type { TaskEngine } from "./task-engine.ts";
import { whatCame } from "./what-came.ts";

/** What a task of a flow can be: its properties, what it gives, how it is explained, and what it does. */
export interface TaskType<P extends z.ZodObject = z.ZodObject, O extends z.ZodObject = z.ZodObject> {
  /** The name that flows use, for example `io.kestra.plugin.core.log.Log`. */
  type: string;
  title: string;
  description: string;
  /** Parsed after rendering, so it takes what a template gives: see `property.ts`. */
  properties: P;
  outputs: O;
  /**
   * Properties that come as they are written, since the task renders them itself: `flow` those that read what every template does, `item`
   * those that also read the fields of whatever it goes through.
   */
  rendersItself?: Readonly<Record<string, "flow" | "item">>;
  /** Whether it renders texts that come about only as it runs, so that nobody can tell what it reads. */
  rendersMore?: boolean;
  /** Whether its templates all become text, as in Kestra those of untyped properties do. */
  isText?: boolean;
  /** Whether it moves data: a worker runs few of these at once, and many of the others. */
  isHeavy?: boolean;
  /** Whether what it asks for is done by the engine: it cannot run inside of another task's job. */
  isForEngine?: boolean;
  /** Finds what can never work in its properties as they are written, beside what their schemas say. */
  check?: CheckWritten;
  /** Each `yaml` holds the properties of one task, without `id` and `type`. */
  examples: { title: string; yaml: string }[];
  /** Does the work. It throws a `TaskError` for what the user of the flow can act on. */
  run(args: { properties: z.output<P>; context: TaskContext }): Promise<TaskResult<z.output<O>>>;
}

/** What an attempt gives when it ends well. */
export interface TaskResult<O = Record<string, unknown>> {
  outputs: O;
  /** Set when it went through, but not as it should. */
  state?: "WARNING";
  /** Set by what ends the whole execution, at once and in this state. */
  exit?: "SUCCESS" | "WARNING" | "FAILED" | "KILLED" | "CANCELLED";
  /** Set by what changes the execution, which the engine does where the attempt ends. */
  change?: ExecutionChange;
}

/** A change of an execution: labels or variables to merge in, or variables to remove. */
export type ExecutionChange =
  | { labels: Record<string, string> }
  | { set: Record<string, unknown>; overwrite: boolean }
  | { unset: string[] };

/** What a running task may use. */
export interface TaskContext {
  /** Aborted by a kill, a timeout or a shutdown; its reason says which. */
  signal: AbortSignal;
  log: TaskLog;
  storage: Storage;
  /** Store with `storage.put({ ...context.place, name }, …)`. */
  place: Omit<FilePlace, "name">;
  /**
   * The directory in which the task works, for files that the flow knows of: that of the WorkingDirectory around it, which it shares
   * with the tasks beside it, else one of its own.
   */
  workDir(): Promise<string>;
  /** A private temporary folder, removed when the attempt ends. */
  tempDir(): Promise<string>;
  /** How far the work is, from 0 to 1 (undefined where nobody can tell), and what it is doing. */
  progress(fraction: number | undefined, note: string): void;
  /** Records a number beside the task run. It is kept when the attempt fails, too. */
  metric(metric: Metric): void;
  /** The outputs of the executions that the task before this one has started, in their order; those without any are left out. */
  subflowOutputs(): AsyncIterable<Record<string, unknown>>;
  /** Renders a text of a property that comes as it is written. `names` are seen beside, and before, what every template sees. */
  render(text: string, names?: Readonly<Record<string, unknown>>): Promise<string>;
  /** What it may ask about executions, logs and files. */
  engine: TaskEngine;
  /** Runs another task in its place, from its `type` and properties, with this context. */
  runTask(definition: Readonly<Record<string, unknown>>): Promise<TaskResult>;
  /** Applies the setting that sends the downloads of one origin to another. */
  rewriteUrl(url: string): string;
  taskRun: { id: string; attempt: number };
  execution: { id: string };
  flow: { namespace: string; id: string; revision: number };
  /** What one data task may take, in mebibytes. */
  memoryLimitMb: number;
}

/** What a task measures. Counters, and timers in milliseconds, of the same name and tags add up; of a gauge the last value stays. */
export interface Metric {
  type: "COUNTER" | "TIMER" | "GAUGE";
  name: string;
  value: number;
  description?: string | undefined;
  tags?: Readonly<Record<string, string>>;
}

/** The lines that a task says. They go to the logs of its execution. */
export interface TaskLog {
  trace(message: string): void;
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** An error for the user of the flow: `message` is for people, `reason` a stable snake_case word for programs. */
export class TaskError extends Error {
  readonly reason: string;
  readonly details?: unknown;

  constructor(reason: string, message: string, options?: { details?: unknown; cause?: unknown }) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.name = "TaskError";
    this.reason = reason;
    this.details = options?.details;
  }
}

/** The error of a property that does not fit, `problem` in the form "`from`: what is wrong with it"; `details` and `cause` as of a `TaskError`. */
export function unfit(problem: string, options?: { details?: unknown; cause?: unknown }): TaskError {
  return new TaskError("invalid_properties", `The properties of the task do not fit: ${problem}`, options);
}

/** Gives a task type its types; it is the identity. */
export function defineTaskType<P extends z.ZodObject, O extends z.ZodObject>(
  type: TaskType<P, O>,
): TaskType<P, O> {
  return type;
}

/**
 * Parses the rendered properties of a task. A property that is null counts as not given, as in Kestra, or as an empty text
 * where one is needed. What does not fit is one `TaskError` that names every fault.
 */
export function parseProperties<P extends z.ZodObject>(
  type: { properties: P },
  rendered: Readonly<Record<string, unknown>>,
): z.output<P> {
  const given: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(rendered)) {
    const schema = type.properties.shape[name] as z.ZodType | undefined;
    const wanted = schema === undefined ? value : asTaken(schema, value);
    if (wanted !== undefined && wanted !== null) given[name] = wanted;
  }
  const result = parseKeepingKeys(type.properties, given);
  if (result.success) return keepOrder(given, result.data) as z.output<P>;

  const faults = result.error.issues.map((issue) => ({
    path: issue.path,
    message: issue.code === "unrecognized_keys" ? unknownKeys(type, issue) : withWhatCame(issue, given),
  }));
  const text = faults
    .map(({ path, message }) => (path.length === 0 ? message : `\`${path.join(".")}\`: ${message}`))
    .join("; ");
  throw unfit(text, { details: faults });
}

/** What was expected, and what came instead; what is missing has not come. */
function withWhatCame(issue: z.core.$ZodIssue, given: unknown): string {
  if (!/^(at \S+: )?Expected /.test(issue.message)) return issue.message;
  const inner =
    issue.code === "invalid_union" ? issue.errors.flat().find(({ path }) => path.length > 0) : undefined;
  const isInside = issue.message.startsWith("at ");
  let came = given;
  for (const step of [...issue.path, ...((isInside && inner?.path) || [])]) {
    if (typeof came === "object" && came !== null) came = (came as Record<PropertyKey, unknown>)[step];
  }
  return came === undefined ? issue.message : `${issue.message}; ${whatCame(came)}`;
}

/** What the checks of a flow say of a property that nobody knows. */
function unknownKeys(
  { properties }: { properties: z.ZodObject },
  issue: z.core.$ZodIssueUnrecognizedKeys,
): string {
  const known = issue.path.length === 0 ? Object.keys(properties.shape) : [];
  return issue.keys
    .map((key) => [`Unknown property \`${key}\`.`, didYouMean(nearest(key, known)) ?? ""].join(" ").trim())
    .join(" ");
}
