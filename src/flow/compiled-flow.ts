import type { Reads } from "../expression/template.ts";
import type { InputType, ItemType } from "./input-schema.ts";

/** How the engine treats a task. The same words are an enum in SQL. */
export type TaskKind =
  | "RUNNABLE"
  | "SEQUENTIAL"
  | "PARALLEL"
  | "DAG"
  | "IF"
  | "SWITCH"
  | "FOR_EACH"
  | "LOOP_UNTIL"
  | "ALLOW_FAILURE"
  | "WORKING_DIRECTORY"
  | "PAUSE"
  | "SUBFLOW"
  | "FOR_EACH_ITEM"
  | "DEFAULTS"
  | "OUTPUTS"
  | "LOOP_OUTPUTS";

/** A flow as it is stored: what a revision consists of. */
export interface CompiledFlow {
  namespace: string;
  id: string;
  isDisabled: boolean;
  definition: FlowDefinition;
  /** Those of the flow in their order, then the system steps. */
  tasks: CompiledTask[];
}

/** The flow without its tasks, as SQL and the workers read it. */
export interface FlowDefinition {
  description?: string;
  labels: Record<string, string>;
  variables: Record<string, unknown>;
  inputs: CompiledInput[];
  outputs: CompiledOutput[];
  concurrency?: { limit: number; behavior: "QUEUE" | "CANCEL" | "FAIL" };
  sla?: CompiledSla[];
  checks?: CompiledCheck[];
}

/** What an execution is held to while it runs, and what becomes of it otherwise. */
export type CompiledSla = {
  id: string;
  /** What tells it apart from those before it that have the same id. */
  key?: string;
  behavior: "FAIL" | "CANCEL" | "NONE";
  /** Labels for an execution that violates it. */
  labels?: Record<string, string>;
} & ({ type: "MAX_DURATION"; durationMs: number } | CompiledAssertion);

/** The part of an SLA that is a template. */
export interface CompiledAssertion {
  type: "EXECUTION_ASSERTION";
  assert: string | boolean;
  /** Whether it reads what tasks give, so that it is looked at each time one has ended. */
  isFollowed: boolean;
}

/** What has to hold before an execution is created. */
export interface CompiledCheck {
  condition: string | boolean;
  message: string;
  style: "ERROR" | "SUCCESS" | "WARNING" | "INFO";
  behavior: "BLOCK_EXECUTION" | "FAIL_EXECUTION" | "CREATE_EXECUTION";
}

/** An input of a flow. Durations and dates are texts as written. */
export interface CompiledInput {
  id: string;
  type: InputType;
  required: boolean;
  /** In the form of its type, unless it holds a template. */
  defaults?: unknown;
  /** Whether the default has to be rendered by a worker. */
  isTemplated: boolean;
  /** Whether a worker finds out what it may be: it depends on others, its values are an expression, or it is YAML. */
  isDeferred?: boolean;
  /** What its default and its values read. A replay renders it anew where that changes. */
  reads?: { inputs: string[]; variables: string[]; all?: true };
  /** What it waits for: it is there only where all of these are, and the condition holds. */
  dependsOn?: { inputs: string[]; condition?: string };
  /** Gives the values of a SELECT or a MULTISELECT. */
  expression?: string;
  /** What a FILE may end in, with the dot. */
  allowedFileExtensions?: string[];
  prefill?: unknown;
  displayName?: string;
  description?: string;
  /** A regular expression that the whole text must match. */
  validator?: string;
  min?: number | string;
  max?: number | string;
  after?: string;
  before?: string;
  values?: string[];
  allowCustomValue?: boolean;
  isRadio?: boolean;
  autoSelectFirst?: boolean;
  itemType?: ItemType;
}

/** An output of a flow, rendered when the execution ends, or of a Loop, rendered when an iteration ends. */
export interface CompiledOutput {
  id: string;
  type?: InputType;
  value: unknown;
  displayName?: string;
  description?: string;
  required: boolean;
}

/** One row of a revision's tasks. */
export interface CompiledTask {
  id: string;
  type: string;
  kind: TaskKind;
  /** The id of the block it stands in. */
  parent: string | null;
  branch: string;
  position: number;
  isDisabled: boolean;
  allowFailure: boolean;
  allowWarning: boolean;
  /** Whether SQL opens it by itself: a block without a template to render first. */
  isInline: boolean;
  /** Whether it stands in `afterExecution`, at whatever depth. */
  isAfter: boolean;
  jobIdentifier: string;
  /** Its properties as written, without id, type and what is empty. */
  definition: Record<string, unknown>;
  /** Equal fingerprints mean the same work. */
  fingerprint: string;
  /** The retry that holds for it: its own, else the flow's. */
  retry: CompiledRetry | null;
  reads: Reads;
  /** The ids of the tasks whose outputs it reads; null if it may read every output. */
  readsTasks: string[] | null;
  /** In a Dag, the ids of the tasks that have to end before it begins. */
  dependsOn: string[] | null;
}

/** How a failed task is tried again. */
export interface CompiledRetry {
  type: "constant" | "exponential" | "random";
  intervalMs?: number;
  minIntervalMs?: number;
  maxIntervalMs?: number;
  delayFactor?: number;
  maxAttempts?: number;
  maxDurationMs?: number;
  warningOnRetry: boolean;
  behavior: "RETRY_FAILED_TASK" | "CREATE_NEW_EXECUTION";
}
