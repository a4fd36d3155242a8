import { JqError } from "./jq-error.ts";
import type { Binding, Closure, Env, Item, Machine } from "./jq-items.ts";
import { run, valuesOf } from "./jq-items.ts";
import type { Definition, Node } from "./jq-syntax.ts";

/** Functions may call themselves, but every call takes its part of the stack. */
const DEEPEST_CALL = 400;

/** The scope with one name more. */
export function bind(parent: Env | undefined, binding: Binding, depth = parent?.depth ?? 0): Env {
  return { binding, parent, depth };
}

/** `name/arity`, under which a function is found. */
export function signature({ name, parameters }: Definition): string {
  return `${name}/${parameters.length}`;
}

function find(env: Env | undefined, isWanted: (binding: Binding) => boolean): Env | undefined {
  for (let at = env; at !== undefined; at = at.parent) if (isWanted(at.binding)) return at;
  return undefined;
}

/** The value of `$name`. */
export function variable(name: string, env: Env | undefined): unknown {
  const found = find(env, (binding) => binding.kind === "value" && binding.name === name)?.binding;
  if (found?.kind !== "value") throw new JqError(`$${name} is not defined`);
  return found.value;
}

/** What `break $name` goes to. */
export function labelOf(name: string, env: Env | undefined): object {
  const found = find(env, (binding) => binding.kind === "label" && binding.name === name)?.binding;
  if (found?.kind !== "label") throw new JqError(`$*label-${name} is not defined`);
  return found.label;
}

/** The results of a function: one of the program, a filter that one was given, or one of ours. */
export function* call(
  machine: Machine,
  node: Node & { kind: "call" },
  input: Item,
  env: Env | undefined,
): Generator<Item> {
  const name = `${node.name}/${node.args.length}`;
  const isCalled = (binding: Binding) =>
    (binding.kind === "function" && binding.name === name) ||
    (binding.kind === "filter" && node.args.length === 0 && binding.name === node.name);
  const args = node.args.map((arg) => ({ node: arg, env }));
  const native = machine.natives.get(name);
  const found = find(env, isCalled) ?? (native === undefined ? find(machine.prelude(), isCalled) : undefined);
  if (found === undefined) {
    if (native === undefined) throw new JqError(`Function ${name} does not exist`);
    yield* native(machine, args, input);
  } else if (found.binding.kind === "filter") yield* run(machine, found.binding.closure, input);
  else if (found.binding.kind === "function") {
    const depth = (env?.depth ?? 0) + 1;
    if (depth > DEEPEST_CALL) throw new JqError("The functions call each other too deeply");
    for (const scope of parametersOf(machine, found.binding.definition, args, input, { ...found, depth }))
      yield* machine.evaluate(machine, found.binding.definition.body, input, scope);
  }
}

/** The scopes in which a function runs: one for each combination of its `$` parameters. */
function* parametersOf(
  machine: Machine,
  definition: Definition,
  args: readonly Closure[],
  input: Item,
  env: Env,
  index = 0,
): Generator<Env> {
  const [parameter, closure] = [definition.parameters[index], args[index]];
  if (parameter === undefined || closure === undefined) {
    yield env;
    return;
  }
  const name = parameter.replace("$", "");
  if (parameter === name) {
    yield* parametersOf(
      machine,
      definition,
      args,
      input,
      bind(env, { kind: "filter", name, closure }),
      index + 1,
    );
    return;
  }
  for (const value of valuesOf(machine, closure, input.value))
    yield* parametersOf(
      machine,
      definition,
      args,
      input,
      bind(env, { kind: "value", name, value }),
      index + 1,
    );
}
