import type { TaskTypes } from "./check-tasks.ts";
import type { Findings } from "./issue.ts";
import { keysOf, namedTypes, propertiesOf } from "./known-properties.ts";
import { appliesTo, type PluginDefault, pluginDefaultsOf } from "./plugin-defaults.ts";
import { checkSchema, reportUnknown } from "./schema-issues.ts";
import { didYouMean, nearest, nearestType } from "./suggest.ts";
import { taskSchema } from "./task-schema.ts";
import type { WrittenTask } from "./task-tree.ts";
import { triggerTypes } from "./trigger-schema.ts";
import { presentName } from "./type-names.ts";
import { holdsTemplate } from "./words.ts";
import { isWritten, type Written } from "./written.ts";

/** Checks `pluginDefaults` where they stand, whether they hold for a task of this flow or not. `used` are the places of those that do. */
export function checkPluginDefaults(
  flow: Written,
  used: ReadonlySet<number>,
  taskTypes: TaskTypes,
  findings: Findings,
): void {
  const types = namedTypes(taskTypes);
  for (const each of pluginDefaultsOf(flow)) {
    checkIdentity(flow, each, findings);
    const meant = types.filter((type) => appliesTo(each.type, type));
    const isAnyType = [...triggerTypes].some((type) => appliesTo(each.type, type)) || used.has(each.index);
    if (meant.length > 0) checkKeys(each, meant, taskTypes, findings);
    else if (!isAnyType) {
      const hint = didYouMean(nearestType(each.type, types) ?? nearest(each.type, packagesOf(types)));
      const message = `No type is called \`${each.type}\`, or begins so.`;
      findings.error(["pluginDefaults", each.index, "type"], "unknown_task_type", message, { hint });
    }
    checkValues(each, taskTypes, findings);
  }
}

/** Checks that each `pluginDefaultsRef` of a task is the `ref` of a plugin default. */
export function checkPluginDefaultRefs(
  flow: Written,
  tasks: readonly WrittenTask[],
  findings: Findings,
): void {
  const known = new Set(pluginDefaultsOf(flow).flatMap(({ ref }) => ref ?? []));
  for (const { task, path } of tasks) {
    const ref = task.pluginDefaultsRef;
    if (typeof ref !== "string" || known.has(ref)) continue;
    const message = `There are no \`pluginDefaults\` with the \`ref\` \`${ref}\`.`;
    findings.error([...path, "pluginDefaultsRef"], "unknown_plugin_defaults", message, {
      hint: didYouMean(nearest(ref, known)),
    });
  }
}

/** What the types are called up to each of their dots. */
function packagesOf(types: readonly string[]): Set<string> {
  return new Set(
    types.flatMap((type) => [...type.matchAll(/\./g)].map(({ index }) => type.slice(0, index + 1))),
  );
}

/** What a thing is cannot be a default: it would not be found by it any more. */
function checkIdentity(flow: Written, { index, path }: PluginDefault, findings: Findings): void {
  const entry = (flow.pluginDefaults as unknown[])[index];
  for (const key of ["id", "type"]) {
    if (!isWritten(entry) || !isWritten(entry.values) || !Object.hasOwn(entry.values, key)) continue;
    findings.error([...path, key], "no_default", `\`${key}\` cannot be a default.`, { atKey: true });
  }
}

/** A property that none of the types has that are meant. */
function checkKeys(
  { values, path }: PluginDefault,
  types: readonly string[],
  taskTypes: TaskTypes,
  findings: Findings,
): void {
  const known = new Set(types.flatMap((type) => [...(keysOf(type, taskTypes) ?? [])]));
  for (const [key, value] of Object.entries(values)) {
    if (!known.has(key)) reportUnknown(findings, [...path, key], known);
    else if (value === null) {
      findings.error([...path, key], "missing_value", `No value provided for key '${key}'.`, {
        hint: "Give one, or leave the key out.",
      });
    }
  }
}

/** What is said of one type has to fit it, and need not be all that a task has to say; of many, it has to fit those that stand in the flow. */
function checkValues({ type, values, path }: PluginDefault, taskTypes: TaskTypes, findings: Findings): void {
  const properties = propertiesOf(presentName(type) ?? type, taskTypes);
  if (properties === undefined) return;
  const isGiven = ([, value]: [string, unknown]) => value !== null;
  const of = (keys: object) =>
    Object.fromEntries(
      Object.entries(values).filter((entry) => isGiven(entry) && Object.hasOwn(keys, entry[0])),
    );
  const own = { schema: properties.partial(), value: of(properties.shape), path, findings, isPart: true };
  checkSchema({ ...own, isOpen: holdsTemplate });
  checkSchema({ ...own, schema: taskSchema.partial(), value: of(taskSchema.shape) });
}
