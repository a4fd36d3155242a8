import { compileGates } from "./compile-gates.ts";
import { compileInputs } from "./compile-input.ts";
import { compileOutput } from "./compile-output.ts";
import { compileSystemTasks, compileTask } from "./compile-task.ts";
import type { CompiledFlow, FlowDefinition } from "./compiled-flow.ts";
import type { FlowSource } from "./flow-schema.ts";
import { compileLabels } from "./label-schema.ts";
import type { WrittenTask } from "./task-tree.ts";
import { given } from "./written.ts";

/** Turns a flow that has been checked into what the database stores. */
export function compileFlow(flow: FlowSource, tasks: readonly WrittenTask[]): CompiledFlow {
  const definition: FlowDefinition = {
    ...given({ description: flow.description }),
    labels: compileLabels(flow.labels),
    variables: flow.variables ?? {},
    inputs: compileInputs(flow.inputs ?? [], flow.variables),
    outputs: (flow.outputs ?? []).map(compileOutput),
    ...compileGates(flow),
  };
  const taskIds = new Set(tasks.flatMap(({ id }) => id ?? []));
  const byId = new Map(tasks.map((task) => [String(task.id), task]));
  const surroundings = { definition, taskIds, tasks: byId, retry: flow.retry };
  return {
    namespace: flow.namespace,
    id: flow.id,
    isDisabled: flow.disabled ?? false,
    definition,
    tasks: [...tasks.map((task) => compileTask(task, surroundings)), ...compileSystemTasks(surroundings)],
  };
}
