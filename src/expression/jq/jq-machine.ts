import { charge } from "../budget.ts";
import { doubleOf } from "../numbers.ts";
import { alternatives, assign, attempt, descend, fold, labelled, operate, through } from "./jq-control.ts";
import { bind, call, labelOf, signature, variable } from "./jq-env.ts";
import { JqBreak, JqError } from "./jq-error.ts";
import { formatText } from "./jq-formats.ts";
import { type Env, type Item, type Machine, made, part, partsOf, valuesOf } from "./jq-items.ts";
import { destructure, objects, parts, slices, strings } from "./jq-making.ts";
import { valueAt } from "./jq-paths.ts";
import type { Node } from "./jq-syntax.ts";
import { isTruthy, numeric, shown, typeOf } from "./jq-values.ts";

/** All results of a part of a program for one input, one after the other. Every step is paid. */
export function* evaluate(machine: Machine, node: Node, input: Item, env: Env | undefined): Generator<Item> {
  const { budget } = machine;
  charge(budget, 1);
  const inner = (body: Node, from: Item = input, scope = env) => evaluate(machine, body, from, scope);
  const values = (body: Node, scope = env) => valuesOf(machine, { node: body, env: scope }, input.value);
  switch (node.kind) {
    case "identity":
      yield input;
      return;
    case "literal":
      yield made(node.value, input);
      return;
    case "recurse":
      yield* descend(machine, input);
      return;
    case "pipe":
      yield* through(machine, node.left, input, env, (item) => inner(node.right, item));
      return;
    case "comma":
      yield* inner(node.left);
      yield* inner(node.right);
      return;
    case "index":
      for (const target of inner(node.target))
        for (const key of values(node.key))
          yield* parts(node, () => [part(target, key, valueAt(target.value, key, budget))]);
      return;
    case "slice":
      yield* slices(machine, node, input, env);
      return;
    case "iterate":
      for (const target of inner(node.target)) yield* parts(node, () => partsOf(machine, target));
      return;
    case "array": {
      const items = node.body === undefined ? [] : [...values(node.body)];
      yield made(items, input);
      return;
    }
    case "object":
      for (const map of objects(machine, node.entries, input, env)) yield made(map, input);
      return;
    case "string":
      for (const text of strings(machine, node, input, env)) yield made(text, input);
      return;
    case "format":
      yield made(formatText(node.name, input.value, budget), input);
      return;
    case "negate":
      for (const value of values(node.body)) {
        if (typeOf(value) !== "number") throw new JqError(`${shown(value, budget)} cannot be negated`);
        yield made(numeric(-(doubleOf(value) ?? 0)), input);
      }
      return;
    case "and":
    case "or":
      for (const left of values(node.left)) {
        if (isTruthy(left) === (node.kind === "or")) yield made(node.kind === "or", input);
        else for (const right of values(node.right)) yield made(isTruthy(right), input);
      }
      return;
    case "alternative":
      yield* alternatives(machine, node, input, env);
      return;
    case "binary":
      yield* through(machine, node.right, { ...input, path: undefined }, env, (right) =>
        through(machine, node.left, { ...input, path: undefined }, env, (left) => [
          made(operate(machine, node.operator, left.value, right.value), input),
        ]),
      );
      return;
    case "assign":
      for (const value of assign(machine, node, input, env)) yield made(value, input);
      return;
    case "if":
      for (const condition of values(node.condition))
        yield* inner(isTruthy(condition) ? node.then : node.otherwise);
      return;
    case "try":
      yield* attempt(machine, node, input, env);
      return;
    case "bind":
      for (const value of values(node.source))
        for (const scope of destructure(machine, node.pattern, value, input, env))
          yield* inner(node.body, input, scope);
      return;
    case "reduce":
    case "foreach":
      yield* fold(machine, node, input, env);
      return;
    case "define":
      yield* inner(
        node.body,
        input,
        bind(env, { kind: "function", name: signature(node.definition), definition: node.definition }),
      );
      return;
    case "variable":
      yield made(variable(node.name, env), input);
      return;
    case "label":
      yield* labelled(machine, node, input, env);
      return;
    case "break":
      throw new JqBreak(labelOf(node.name, env));
    case "call":
      yield* call(machine, node, input, env);
  }
}
