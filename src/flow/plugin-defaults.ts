import type { TaskTypes } from "./check-tasks.ts";
import { deepMerge, partOf, type Sourced } from "./deep-merge.ts";
import type { Findings, Path } from "./issue.ts";
import { keysOf } from "./known-properties.ts";
import type { Origin } from "./origins.ts";
import { presentName } from "./type-names.ts";
import { isWritten, type Written } from "./written.ts";

/** One entry of `pluginDefaults`. */
export interface PluginDefault {
  /** A type, or what several types begin with. */
  type: string;
  values: Written;
  isForced: boolean;
  /** Given, it is for what asks for it by this name with `pluginDefaultsRef`. */
  ref: string | undefined;
  /** Its place in the list. */
  index: number;
  /** Where its values stand. */
  path: Path;
  /** How many parts its values have. */
  size: number;
}

/** A flow in which the defaults of its types stand where they hold. */
export interface FlowWithDefaults {
  flow: Written;
  origin: Origin;
  /** The places in the list of those that held for something. */
  used: ReadonlySet<number>;
}

/** What defaults may add to a flow: each part is checked and stored as if it were written out. */
const mostParts = 200_000;

/** What may be walked through to get there. */
const mostWalked = 5_000_000;

/** The entries of `pluginDefaults` that can be applied; what is wrong with the others is found by the checks. */
export function pluginDefaultsOf(flow: Written): PluginDefault[] {
  const entries = Array.isArray(flow.pluginDefaults) ? (flow.pluginDefaults as unknown[]) : [];
  return entries.flatMap((entry, index) => {
    if (!isWritten(entry) || typeof entry.type !== "string" || entry.type === "" || !isWritten(entry.values))
      return [];
    const { id: _, type: __, ...values } = entry.values;
    return {
      type: entry.type,
      values,
      isForced: entry.forced === true,
      ref: typeof entry.ref === "string" ? entry.ref : undefined,
      index,
      path: ["pluginDefaults", index, "values"],
      size: sizeOf(values),
    };
  });
}

/**
 * Gives every map of a flow that has a type what `pluginDefaults` say of that type. Forced values win over what is written, others
 * lose to it; those of the type itself win over those of what it begins with, a longer beginning over a shorter one, the first in the
 * list over the next. Inner maps come before the outer ones.
 */
export function applyPluginDefaults(
  flow: Written,
  taskTypes: TaskTypes,
  findings: Findings,
): FlowWithDefaults {
  const defaults = pluginDefaultsOf(flow);
  const run: Run = { taskTypes, used: new Set(), parts: 0, walked: 0 };
  if (defaults.length === 0) return { flow, origin: { children: new Map() }, used: run.used };

  const { pluginDefaults, ...rest } = flow;
  const asWritten = { value: rest, path: [], origin: undefined };
  const plain = visit(
    asWritten,
    defaults.filter(({ isForced }) => !isForced),
    run,
  );
  const { value, origin } = visit(
    plain,
    defaults.filter(({ isForced }) => isForced),
    run,
  );
  if (isTooMuch(run)) {
    findings.error(
      ["pluginDefaults"],
      "too_many_defaults",
      "The `pluginDefaults` add too much to the flow.",
      {
        hint: "Give fewer values, or to fewer tasks.",
        atKey: true,
      },
    );
  }
  return {
    flow: { ...(value as Written), pluginDefaults },
    origin: origin ?? { children: new Map() },
    used: run.used,
  };
}

interface Run {
  taskTypes: TaskTypes;
  used: Set<number>;
  parts: number;
  walked: number;
}

function isTooMuch({ parts, walked }: Run): boolean {
  return parts > mostParts || walked > mostWalked;
}

function visit(here: Sourced, defaults: readonly PluginDefault[], run: Run): Sourced {
  const { value } = here;
  if (defaults.length === 0 || value === null || typeof value !== "object") return here;
  const inner = visitParts(here, defaults, run);
  return isWritten(inner.value) && typeof inner.value.type === "string"
    ? withDefaults(inner, inner.value.type, defaults, run)
    : inner;
}

/** The same value where nothing in it has changed, as is so for most of a flow. */
function visitParts(here: Sourced, defaults: readonly PluginDefault[], run: Run): Sourced {
  const changed: [string | number, Sourced][] = [];
  const keys = Array.isArray(here.value) ? here.value.keys() : Object.keys(here.value as Written);
  for (const key of keys) {
    const part = partOf(here, key);
    const visited = visit(part, defaults, run);
    if (visited !== part) changed.push([key, visited]);
  }
  if (changed.length === 0) return here;
  const value = Array.isArray(here.value) ? [...here.value] : { ...(here.value as Written) };
  const children = new Map(here.origin?.children);
  for (const [key, part] of changed) {
    Object.defineProperty(value, key, {
      value: part.value,
      enumerable: true,
      writable: true,
      configurable: true,
    });
    if (part.origin !== undefined) children.set(key, part.origin);
  }
  return { ...here, value, origin: { path: here.path, children } };
}

function withDefaults(here: Sourced, type: string, defaults: readonly PluginDefault[], run: Run): Sourced {
  const ref = (here.value as Written).pluginDefaultsRef;
  const found = defaults
    .filter((each) => appliesTo(each.type, type) && (each.ref === undefined || each.ref === ref))
    .toSorted((a, b) => b.type.length - a.type.length);
  let result = here;
  for (const each of found[0]?.isForced === true ? found.toReversed() : found) {
    run.used.add(each.index);
    run.parts += each.size;
    run.walked += each.size + sizeOf(result.value);
    if (isTooMuch(run)) break;
    const values = { value: knownOf(each, type, run.taskTypes), path: each.path, origin: undefined };
    result = each.isForced ? over(values, result) : deepMerge(values, result);
  }
  return result;
}

/** What is forced lies over what is written, yet the whole is the task that is written. */
function over(values: Sourced, task: Sourced): Sourced {
  const merged = deepMerge(task, values);
  return {
    ...merged,
    path: task.path,
    origin: { path: task.path, children: merged.origin?.children ?? new Map() },
  };
}

/** Whether defaults for a type, or for what types begin with, hold for a type. */
export function appliesTo(wanted: string, type: string): boolean {
  const now = presentName(wanted);
  return type.startsWith(wanted) || (now !== undefined && type.startsWith(now));
}

/** What is said of many types need not be a property of each. */
function knownOf({ values, type: wanted }: PluginDefault, type: string, taskTypes: TaskTypes): Written {
  const keys = keysOf(type, taskTypes);
  if (keys === undefined || wanted === type) return values;
  return Object.fromEntries(Object.entries(values).filter(([key]) => keys.has(key)));
}

function sizeOf(value: unknown): number {
  if (value === null || typeof value !== "object") return 1;
  return Object.values(value).reduce<number>((size, part) => size + sizeOf(part), 1);
}
