import { randomUUID } from "node:crypto";
import { z } from "zod";
import { callOne, type Database } from "../../src/db/call.ts";
import type {
  CompiledFlow,
  CompiledInput,
  CompiledOutput,
  CompiledRetry,
  CompiledTask,
} from "../../src/flow/compiled-flow.ts";
import { fingerprint } from "../../src/flow/fingerprint.ts";
import { readFlow } from "../../src/flow/read-flow.ts";
import { taskTypes } from "../../src/tasks/registry.ts";
import type { TaskType } from "../../src/tasks/task-type.ts";

/** A task as a test thinks of it; a plain text is a task of that id with nothing special about it. */
export interface TaskSpec {
  id: string;
  /** What it does: a change of it changes the fingerprint. */
  does?: string;
  /** Ids of the tasks whose outputs it reads. */
  reads?: string[];
  variables?: string[];
  inputs?: string[];
  /** Reads everything, as a template with computed keys does. */
  readsAll?: boolean;
  isDisabled?: boolean;
  allowFailure?: boolean;
  allowWarning?: boolean;
  retry?: Partial<CompiledRetry>;
  type?: string;
  runIf?: string;
}

/** A flow as a test thinks of it. */
export interface FlowSpec {
  tasks: (string | TaskSpec)[];
  inputs?: (Partial<CompiledInput> & { id: string })[];
  variables?: Record<string, unknown>;
  labels?: Record<string, string>;
  outputs?: (Partial<CompiledOutput> & { id: string; reads?: string[] })[];
  isDisabled?: boolean;
}

/** Which revision of which flow. */
export interface FlowReference {
  namespace: string;
  id: string;
  revision: number;
}

/** Saves a new flow of its own name, from compiled rows made by hand: no text is read. */
export async function aFlow(db: Database, spec: FlowSpec | (string | TaskSpec)[]): Promise<FlowReference> {
  return await save(db, compile(`flow-${randomUUID()}`, spec));
}

/** Saves the next revision of a flow. */
export async function aRevision(
  db: Database,
  flow: FlowReference,
  spec: FlowSpec | (string | TaskSpec)[],
): Promise<FlowReference> {
  return await save(db, compile(flow.id, spec));
}

// Who runs tasks by hand lets a Log give whatever others are to read.
const LOG = "io.kestra.plugin.core.log.Log";
const talkative = new Map([[LOG, { ...(taskTypes.get(LOG) as TaskType), outputs: z.looseObject({}) }]]);

/** Saves a flow from its text, through the reader that everybody uses. `types` stand beside those of the product. */
export async function aWrittenFlow(
  db: Database,
  source: string,
  types: ReadonlyMap<string, TaskType> = new Map(),
): Promise<FlowReference> {
  const { flow, issues } = readFlow(source, new Map([...taskTypes, ...talkative, ...types]));
  if (flow === undefined) throw new Error(issues.map(({ message }) => message).join("\n"));
  return await save(db, flow, source);
}

async function save(db: Database, flow: CompiledFlow, source = JSON.stringify(flow)): Promise<FlowReference> {
  const { namespace, id, isDisabled, definition, tasks } = flow;
  const saved = await callOne(db, "reprise_api.save_revision", {
    namespace,
    flow_id: id,
    source,
    is_disabled: isDisabled,
    definition,
    tasks,
    actor: "author",
  });
  return { namespace, id, revision: saved.revision };
}

function compile(id: string, given: FlowSpec | (string | TaskSpec)[]): CompiledFlow {
  const spec = Array.isArray(given) ? { tasks: given } : given;
  const inputs = (spec.inputs ?? []).map((input) => ({
    type: "STRING" as const,
    required: true,
    isTemplated: false,
    ...input,
  }));
  const outputs = (spec.outputs ?? []).map(({ reads: _, ...output }) => ({
    value: "",
    required: true,
    ...output,
  }));
  const tasks = spec.tasks.map((task, position) =>
    compileTask(typeof task === "string" ? { id: task } : task, position),
  );
  const templated = inputs.filter(({ isTemplated }) => isTemplated);
  const read = (spec.outputs ?? []).flatMap(({ reads }) => reads ?? []);
  return {
    namespace: "company.team",
    id,
    isDisabled: spec.isDisabled ?? false,
    definition: { labels: spec.labels ?? {}, variables: spec.variables ?? {}, inputs, outputs },
    tasks: [
      ...tasks,
      ...(templated.length > 0
        ? [systemTask("DEFAULTS", "reprise.Defaults", { inputs: templated }, [])]
        : []),
      ...(outputs.length > 0 ? [systemTask("OUTPUTS", "reprise.Outputs", { outputs }, read)] : []),
    ],
  };
}

function compileTask(task: TaskSpec, position: number): CompiledTask {
  const {
    id,
    type = "test.Task",
    isDisabled,
    retry,
    reads = [],
    variables = [],
    inputs = [],
    ...rest
  } = task;
  const definition: Record<string, unknown> = Object.fromEntries(
    Object.entries({ ...rest, reads, variables, inputs, retry, disabled: isDisabled }).filter(
      ([, value]) => value !== undefined,
    ),
  );
  return {
    id,
    type,
    kind: "RUNNABLE",
    parent: null,
    branch: "tasks",
    position,
    isDisabled: isDisabled ?? false,
    allowFailure: task.allowFailure ?? false,
    allowWarning: task.allowWarning ?? false,
    isInline: false,
    isAfter: false,
    dependsOn: null,
    jobIdentifier: type,
    definition,
    fingerprint: fingerprint(type, definition),
    retry:
      retry === undefined
        ? null
        : {
            type: "constant",
            intervalMs: 1000,
            warningOnRetry: false,
            behavior: "RETRY_FAILED_TASK",
            ...retry,
          },
    ...readsOf(reads, { variables, inputs, all: task.readsAll ?? false }),
  };
}

function systemTask(
  kind: "DEFAULTS" | "OUTPUTS",
  type: string,
  definition: Record<string, unknown>,
  reads: string[],
): CompiledTask {
  return {
    ...compileTask({ id: `$${kind.toLowerCase()}`, type, reads }, 0),
    kind,
    branch: kind.toLowerCase(),
    definition,
    fingerprint: fingerprint(type, definition),
  };
}

function readsOf(
  outputs: string[],
  rest: { variables: string[]; inputs: string[]; all: boolean },
): Pick<CompiledTask, "reads" | "readsTasks"> {
  const reads = {
    outputs,
    needs: outputs,
    labels: false,
    trigger: false,
    parents: false,
    execution: false,
    numbers: [],
    functions: [],
    ...rest,
  };
  return { reads, readsTasks: rest.all ? null : outputs };
}
