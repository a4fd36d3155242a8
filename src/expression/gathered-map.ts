import { keysOf, setKey } from "../base/key-order.ts";
import { charge } from "./budget.ts";
import type { CompileExpression, CompileScope } from "./compile-scope.ts";
import { merge } from "./filters/list-filters.ts";
import { capacityFor, inHashOrder } from "./java-map.ts";
import type { Evaluate, Run, Scope } from "./run.ts";
import type { SetVariable } from "./syntax-tree.ts";
import { isEntry, isMap, type PlainMap } from "./values.ts";

/**
 * What a loop gathers with `{% set m = m | merge({…}) %}`: the map that it began with, and what came to it since. It is one map as soon as
 * anybody reads the variable, so that no turn pays for those before it. Only a variable holds one, and only one does.
 */
export class GatheredMap {
  private readonly parts: PlainMap[];

  constructor(base: PlainMap) {
    this.parts = [base];
  }

  add(part: PlainMap): void {
    this.parts.push(part);
  }

  /** The map as the merges, one after the other, would have made it. */
  whole(run: Run): PlainMap {
    const merged: PlainMap = {};
    let count = 0;
    let expected = 0;
    for (const part of this.parts) {
      const keys = keysOf(part);
      charge(run.budget, 1 + keys.length);
      expected = count + keys.length;
      for (const key of keys) {
        if (!Object.hasOwn(merged, key)) count += 1;
        setKey(merged, key, part[key]);
      }
    }
    return inHashOrder(merged, capacityFor(expected + 16));
  }
}

/** What a variable holds; what it has gathered becomes one map. */
export function heldBy(scope: Scope, name: string, run: Run): unknown {
  const value = scope.names.get(name);
  if (!(value instanceof GatheredMap)) return value;
  const whole = value.whole(run);
  scope.names.set(name, whole);
  return whole;
}

/** Compiles the merge of a variable with something into itself; undefined for any other statement. */
export function compileGathering(
  { targets, value }: SetVariable,
  scope: CompileScope,
  compile: CompileExpression,
): ((run: Run, holder: Scope, otherwise: Evaluate) => unknown) | undefined {
  if (value.typename !== "Filter" || value.name.value !== "merge") return undefined;
  const name = targets[0]?.value ?? "";
  const [argument, ...others] = value.args.children;
  if (value.target.typename !== "Symbol" || value.target.value !== name) return undefined;
  if (argument === undefined || argument.typename === "KeywordArgs" || others.length > 0) return undefined;
  const added = compile(argument, scope);
  return (run, holder, otherwise) => {
    const held = holder.names.get(name);
    // What the template changes in place must be seen by all that hold it.
    if (run.changes !== undefined || !(held instanceof GatheredMap || isPlain(held))) return otherwise(run);
    const items = added(run);
    if (run.changes !== undefined || !isPlain(items)) return merge(heldBy(holder, name, run), [items], run);
    charge(run.budget, 1 + Object.keys(items).length);
    // Looked up anew: what is added may have read the variable.
    const before = holder.names.get(name);
    const gathered = before instanceof GatheredMap ? before : new GatheredMap(before as PlainMap);
    gathered.add(items);
    return gathered;
  };
}

function isPlain(value: unknown): value is PlainMap {
  return isMap(value) && !isEntry(value);
}
