import { keysOf, setKey } from "../base/key-order.ts";
import { charge } from "./budget.ts";
import type { CompileExpression, CompileScope } from "./compile-scope.ts";
import { merge } from "./filters/list-filters.ts";
import { capacityFor, hashesIn, inHashOrder, USUAL_CAPACITY } from "./java-map.ts";
import { type Evaluate, type Run, type Scope, scopeOf } from "./run.ts";
import type { SetVariable } from "./syntax-tree.ts";
import { isEntry, isMap, keyText, member, type PlainMap } from "./values.ts";

/**
 * What a loop gathers with `{% set m = m | merge({…}) %}`: the map that it began with, and what came to it since. It is one map as soon as
 * anybody reads more of the variable than the value of a key, so that no turn pays for those before it. Only a variable holds one, and
 * only one does.
 */
export class GatheredMap {
  private readonly parts: PlainMap[];
  /** Which part has the value of a key, of the parts that have been looked into. */
  private readonly places = new Map<string, PlainMap>();
  private lookedInto = 1;

  constructor(base: PlainMap) {
    this.parts = [base];
  }

  add(part: PlainMap): void {
    this.parts.push(part);
  }

  /** The value of a key, as the whole map has it. */
  valueAt(key: unknown, run: Run): unknown {
    for (const part of this.parts.slice(this.lookedInto)) {
      const keys = Object.keys(part);
      charge(run.budget, keys.length);
      for (const each of keys) this.places.set(each, part);
    }
    this.lookedInto = this.parts.length;
    return member(this.places.get(keyText(key) ?? "") ?? this.parts[0], key);
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
    return inHashOrder(merged, capacityFor(expected + USUAL_CAPACITY), hashesIn(...this.parts));
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

/** Looks up a key in what a variable holds, where that is a gathered map, which has nothing but its keys. */
export function gatheredAt(
  name: string,
  key: Evaluate,
): (run: Run) => { key: unknown; value: unknown } | undefined {
  const held = (run: Run) => scopeOf(run, name)?.names.get(name);
  return (run) => {
    if (!(held(run) instanceof GatheredMap)) return undefined;
    const wanted = key(run);
    // Looked up anew: the key may have been read from the variable.
    const map = held(run);
    return {
      key: wanted,
      value: map instanceof GatheredMap ? map.valueAt(wanted, run) : member(map, wanted),
    };
  };
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
