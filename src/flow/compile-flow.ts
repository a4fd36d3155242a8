import { setsVariables } from "./check-references.ts";
import type { TaskTypes } from "./check-tasks.ts";
import { compileGates } from "./compile-gates.ts";
import { compileInputs } from "./compile-input.ts";
import { compileOutputs } from "./compile-output.ts";
import { compileSystemTasks, compileTask } from "./compile-task.ts";
import type { CompiledFlow, FlowDefinition } from "./compiled-flow.ts";
import type { FlowSource } from "./flow-schema.ts";
import { compileLabels } from "./label-schema.ts";
import type { WrittenTask } from "./task-tree.ts";
import { given, type Written } from "./written.ts";

/** A flow that has been checked, and its tasks, as they are written. */
export interface CheckedFlow {
  flow: Written;
  tasks: readonly WrittenTask[];
}

/** Turns a flow that has been checked into what the database stores; what is anybody's own to write is taken as it is written. */
export function compileFlow(
  flow: FlowSource,
  { flow: written, tasks }: CheckedFlow,
  taskTypes: TaskTypes,
): CompiledFlow {
  const definition: FlowDefinition = {
    ...given({ description: flow.description }),
    labels: compileLabels(written.labels as FlowSource["labels"]),
    variables: (written.variables ?? {}) as Record<string, unknown>,
    inputs: compileInputs(flow.inputs ?? [], written.inputs, flow.variables),
    outputs: compileOutputs(flow.outputs ?? [], written.outputs),
    ...compileGates(flow),
  };
  const taskIds = new Set(tasks.flatMap(({ id }) => id ?? []));
  const byId = new Map(tasks.map((task) => [String(task.id), task]));
  const surroundings = {
    definition,
    taskIds,
    tasks: byId,
    taskTypes,
    setsVariables: setsVariables(tasks),
    retry: flow.retry,
    workerGroup: flow.workerGroup?.key,
  };
  return {
    namespace: flow.namespace,
    id: flow.id,
    isDisabled: flow.disabled ?? false,
    definition,
    tasks: [...tasks.map((task) => compileTask(task, surroundings)), ...compileSystemTasks(surroundings)],
  };
}
