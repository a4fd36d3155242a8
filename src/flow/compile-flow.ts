import { compileGates } from "./compile-gates.ts";
import { compileSystemTasks, compileTask } from "./compile-task.ts";
import type { CompiledFlow, CompiledInput, CompiledOutput, FlowDefinition } from "./compiled-flow.ts";
import type { FlowSource } from "./flow-schema.ts";
import type { Input } from "./input-schema.ts";
import { readInputValue } from "./input-value.ts";
import { compileLabels } from "./label-schema.ts";
import type { WrittenTask } from "./task-tree.ts";
import { holdsTemplate } from "./words.ts";

/** Turns a flow that has been checked into what the database stores. */
export function compileFlow(flow: FlowSource, tasks: readonly WrittenTask[]): CompiledFlow {
  const definition: FlowDefinition = {
    ...given({ description: flow.description }),
    labels: compileLabels(flow.labels),
    variables: flow.variables ?? {},
    inputs: (flow.inputs ?? []).map(compileInput),
    outputs: (flow.outputs ?? []).map(compileOutput),
    ...compileGates(flow),
  };
  const taskIds = new Set(tasks.flatMap(({ id }) => id ?? []));
  const surroundings = { definition, taskIds, retry: flow.retry };
  return {
    namespace: flow.namespace,
    id: flow.id,
    isDisabled: flow.disabled ?? false,
    definition,
    tasks: [...tasks.map((task) => compileTask(task, surroundings)), ...compileSystemTasks(surroundings)],
  };
}

function compileInput(input: Input): CompiledInput {
  const { defaults: written, dependsOn: _, required, ...rest } = input;
  const defaults = written ?? firstChoice(input);
  const isTemplated = holdsTemplate(defaults);
  const values = "values" in rest && rest.values !== undefined ? { values: rest.values.map(String) } : {};
  return {
    ...given({ ...rest, ...values }),
    required: required ?? true,
    ...(defaults === undefined || defaults === null
      ? {}
      : { defaults: isTemplated ? defaults : defaultOf(input, defaults) }),
    isTemplated,
  } as CompiledInput;
}

function firstChoice(input: Input): unknown {
  if ((input.type !== "SELECT" && input.type !== "MULTISELECT") || input.autoSelectFirst !== true)
    return undefined;
  const first = input.values?.[0];
  return input.type === "MULTISELECT" && first !== undefined ? [first] : first;
}

function defaultOf(input: Input, defaults: unknown): unknown {
  const read = readInputValue(input, defaults);
  return "value" in read ? read.value : defaults;
}

function compileOutput({
  required,
  value,
  ...output
}: NonNullable<FlowSource["outputs"]>[number]): CompiledOutput {
  return { ...given(output), value, required: required ?? true } as CompiledOutput;
}

/** The properties that are there, for optional ones that must not be undefined. */
function given<T extends object>(properties: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
