import { z } from "zod";
import { changeNumbers, plainNumber } from "../base/whole-float.ts";
import { readsOfDeep } from "../expression/render-deep.ts";
import { isTemplate } from "../expression/template.ts";
import type { TaskTypes } from "./check-tasks.ts";
import { compileInputs } from "./compile-input.ts";
import { compileOutputs } from "./compile-output.ts";
import { compileRetry } from "./compile-retry.ts";
import type {
  CompiledInput,
  CompiledOutput,
  CompiledTask,
  FlowDefinition,
  TaskKind,
} from "./compiled-flow.ts";
import { inOrder } from "./cycles.ts";
import { isOfChild } from "./expression-sites.ts";
import { fingerprint } from "./fingerprint.ts";
import { outputSchema } from "./flow-schema.ts";
import { flowableTypes, inlineKinds } from "./flowable-types.ts";
import { isOfItemTask, itemTypes } from "./for-each-item.ts";
import { inputSchema } from "./input-schema.ts";
import { jsonParts } from "./json-parts.ts";
import { isOfLoopOutputs, loopOutputsType } from "./loop-outputs.ts";
import { needsOfInputs } from "./needs.ts";
import { ownSteps } from "./own-steps.ts";
import type { Retry } from "./retry-schema.ts";
import { sharedLoops } from "./shared-loops.ts";
import { innerLists, topPlace, type WrittenTask } from "./task-tree.ts";
import { groupAround } from "./worker-groups.ts";
import { isWritten, given as present } from "./written.ts";

/** What comes with a block is done by whoever runs that. */
const jobIdentifiers: ReadonlyMap<string, string> = new Map([
  [itemTypes.items, "io.kestra.plugin.core.flow.ForEachItem"],
  [loopOutputsType, "io.kestra.plugin.core.flow.Loop"],
]);

/** What a task takes from the flow around it. */
export interface Surroundings {
  definition: FlowDefinition;
  taskIds: ReadonlySet<string>;
  tasks: ReadonlyMap<string, WrittenTask>;
  taskTypes: TaskTypes;
  /** Tasks of the flow do that: what a variable holds is known only when it is read. */
  setsVariables: boolean;
  /** Holds for tasks without one of their own. */
  retry: Retry | undefined;
  /** Likewise. */
  workerGroup: string | undefined;
}

/** Turns a task that has been checked into its row. */
export function compileTask(written: WrittenTask, surroundings: Surroundings): CompiledTask {
  const { task, parent, branch, position } = written;
  const { id, type } = task;
  const kind = kindOf(String(type));
  const definition = definitionOf(written, surroundings.definition.variables);
  const shape = surroundings.taskTypes.get(String(type))?.properties.shape;
  const rendered = Object.entries(definition)
    .filter(([key]) => key !== "description" && key !== "retry" && !isOfChild(written, key))
    .map(([key, value]) => [key, jsonParts(shape?.[key] as z.ZodType | undefined, value) ?? value]);
  return {
    id: String(id),
    type: String(type),
    kind,
    parent: parent?.id ?? null,
    branch,
    position,
    isDisabled: task.disabled === true,
    allowFailure: task.allowFailure === true,
    allowWarning: task.allowWarning === true,
    isInline:
      inlineKinds.some((inline) => inline === kind) &&
      task.runIf === undefined &&
      typeof task.concurrent !== "string",
    isAfter: topPlace(written).branch === "afterExecution",
    jobIdentifier: jobIdentifierOf(written, kind, surroundings),
    definition,
    fingerprint: fingerprint(String(type), definition),
    retry: kind === "RUNNABLE" || kind === "SUBFLOW" ? compileRetry(written, surroundings.retry) : null,
    dependsOn: dependenciesOf(written),
    ...readsIn(written, Object.fromEntries(rendered), surroundings),
  };
}

/** Its type, with the group whose workers run it before it; what blocks do by themselves every worker of the default one does. */
function jobIdentifierOf(
  written: WrittenTask,
  kind: CompiledTask["kind"],
  { taskTypes, workerGroup }: Surroundings,
): string {
  const type = String(written.type);
  const identifier = jobIdentifiers.get(type) ?? type;
  const group = groupAround(written) ?? workerGroup;
  const isInGroup = kind === "WORKING_DIRECTORY" || (kind === "RUNNABLE" && taskTypes.has(type));
  return group !== undefined && isInGroup ? `${group}/${identifier}` : identifier;
}

/** What a task reads; in a Loop it sees of tasks in the same iteration what they gave there. */
function readsIn(
  written: WrittenTask,
  rendered: Record<string, unknown>,
  surroundings: Surroundings,
): Pick<CompiledTask, "reads" | "readsTasks"> {
  const found = readsOf(rendered, surroundings);
  if (surroundings.taskTypes.get(String(written.type))?.rendersMore && isTemplate(JSON.stringify(rendered))) {
    found.reads.all = true;
    found.readsTasks = null;
  }
  if (written.type === loopOutputsType) {
    found.reads.parents = true; // It asks the loop whether it goes through a file.
    const { outputs } = rendered as { outputs: CompiledOutput[] };
    found.reads.needs = needsOfOutputs(outputs, surroundings);
  }
  const { taskIds, tasks, definition } = surroundings;
  const loops = sharedLoops(written, found.readsTasks ?? taskIds, tasks);
  const own = ownSteps(
    written,
    { reads: found.reads, rendered },
    { taskIds, tasks, variables: definition.variables },
  );
  return { ...found, reads: { ...found.reads, ...present({ loops, own }) } };
}

/** An output that is not required is left out where it cannot be rendered. */
function needsOfOutputs(outputs: readonly CompiledOutput[], surroundings: Surroundings): string[] {
  const values = outputs.filter(({ required }) => required).map(({ value }) => value);
  return readsOf(values, surroundings).reads.needs;
}

function kindOf(type: string): TaskKind {
  if (type === loopOutputsType) return "LOOP_OUTPUTS";
  return flowableTypes.get(type)?.kind ?? (type === itemTypes.items ? "SUBFLOW" : "RUNNABLE");
}

/** What a task says of itself: the tasks inside have rows of their own, and only the names of the cases of a Switch are left. */
function definitionOf(
  { task, type }: WrittenTask,
  variables: FlowDefinition["variables"],
): Record<string, unknown> {
  const isBlock = type !== undefined && flowableTypes.has(type);
  const isOfItems = isBlock && kindOf(type) === "FOR_EACH_ITEM";
  const { id: _, type: __, pluginDefaultsRef: ___, ...written } = task;
  const own = Object.entries(written).filter(
    ([key, value]) =>
      !isOff(key, value) &&
      !(isBlock && (innerLists.has(key) || (isOfItems && isOfItemTask(key)) || isOfLoopOutputs(type, key))),
  );
  if (type === loopOutputsType)
    return {
      ...Object.fromEntries(own),
      outputs: compileOutputs(z.array(outputSchema).parse(plain(task.outputs)), task.outputs),
    };
  if (isBlock && type.endsWith(".Pause") && task.onResume !== undefined) {
    const asked = compileInputs(z.array(inputSchema).parse(plain(task.onResume)), task.onResume, variables);
    return { ...Object.fromEntries(own), onResume: asked };
  }
  // What the engine reads of a block are plain numbers; values and inputs are anybody's own.
  if (isBlock && !type.endsWith(".Switch"))
    return Object.fromEntries(own.map(([key, value]) => [key, free.has(key) ? value : plain(value)]));
  if (!isBlock) return Object.fromEntries(own);
  const cases = isWritten(task.cases) ? Object.keys(task.cases) : [];
  return { ...Object.fromEntries(own), cases, hasDefaults: task.defaults !== undefined };
}

/** Properties of blocks whose values are no setting of theirs. */
const free: ReadonlySet<string> = new Set(["value", "values", "inputs", "outputs", "labels", "inputFiles"]);

/** Numbers as JavaScript knows them, for what is settings. */
function plain(value: unknown): unknown {
  return changeNumbers(value, plainNumber);
}

function dependenciesOf({ parent, branch, position }: WrittenTask): string[] | null {
  if (parent?.type?.endsWith(".Dag") !== true || branch !== "tasks") return null;
  const entry = (parent.task.tasks as unknown[])[position];
  return isWritten(entry) && Array.isArray(entry.dependsOn) ? entry.dependsOn.map(String) : null;
}

/** Whether a property only says what holds without it, as is left where a flag was set and taken back. */
function isOff(key: string, value: unknown): boolean {
  return value === false && ["disabled", "allowFailure", "allowWarning"].includes(key);
}

/**
 * The steps that render what no single task does: defaults of inputs before the first task, outputs after the last. With them goes what
 * the flow checks before it runs, and what its SLAs assert.
 */
export function compileSystemTasks(surroundings: Surroundings): CompiledTask[] {
  const { inputs, outputs, checks = [], sla = [] } = surroundings.definition;
  const templated = inReadingOrder(inputs.filter((input) => input.isTemplated || input.isDeferred === true));
  const assertions = sla.filter((each) => each.type === "EXECUTION_ASSERTION");
  const atStart = assertions.filter(({ isFollowed }) => !isFollowed);
  const followed = assertions.filter(({ isFollowed }) => isFollowed);
  const assertsOf = (some: typeof assertions) => some.map(({ assert }) => assert);
  const tasks: CompiledTask[] = [];
  if (templated.length > 0 || checks.length > 0 || atStart.length > 0) {
    const conditions = checks.map(({ condition }) => condition);
    const found = readsOf(
      [
        ...templated.flatMap((input) => [input.defaults, input.expression, input.dependsOn?.condition]),
        ...conditions,
        ...assertsOf(atStart),
      ],
      // Before the first task they are as they stand in the flow.
      { ...surroundings, setsVariables: false },
    );
    tasks.push(
      systemTask("DEFAULTS", { inputs: templated, ...given({ checks, assertions: atStart }) }, found),
    );
  }
  if (outputs.length > 0 || followed.length > 0) {
    const values = outputs.map(({ value }) => value);
    const found = readsOf([...values, ...assertsOf(followed)], surroundings);
    found.reads.needs = needsOfOutputs(outputs, surroundings);
    tasks.push(systemTask("OUTPUTS", { outputs, ...given({ assertions: followed }) }, found));
  }
  return tasks;
}

/** The lists that hold anything. */
function given(lists: Record<string, readonly unknown[]>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));
}

/** The defaults, each behind those that it reads, as they are rendered one after the other. */
function inReadingOrder(inputs: readonly CompiledInput[]): CompiledInput[] {
  const byId = new Map(inputs.map((input) => [input.id, input]));
  return inOrder(needsOfInputs(inputs, { isCertain: false })).flatMap((id) => byId.get(id) ?? []);
}

function systemTask(
  kind: "DEFAULTS" | "OUTPUTS",
  definition: Record<string, unknown>,
  found: Pick<CompiledTask, "reads" | "readsTasks">,
): CompiledTask {
  const branch = kind.toLowerCase();
  const type = kind === "DEFAULTS" ? "reprise.Defaults" : "reprise.Outputs";
  return {
    id: `$${branch}`,
    type,
    kind,
    parent: null,
    branch,
    position: 0,
    isDisabled: false,
    allowFailure: false,
    allowWarning: false,
    isInline: false,
    isAfter: false,
    dependsOn: null,
    jobIdentifier: type,
    definition,
    fingerprint: fingerprint(type, definition),
    retry: null,
    ...found,
  };
}

function readsOf(
  value: unknown,
  { definition, taskIds, setsVariables }: Surroundings,
): Pick<CompiledTask, "reads" | "readsTasks"> {
  const reads = readsOfDeep(value, setsVariables ? undefined : definition.variables);
  // A guarded reference may name a task that is not there.
  return { reads, readsTasks: reads.all ? null : reads.outputs.filter((id) => taskIds.has(id)) };
}
