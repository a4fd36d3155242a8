import type { Reference } from "../expression/template.ts";
import type { TaskKind } from "./compiled-flow.ts";
import type { ExpressionSite } from "./expression-sites.ts";
import { flowableTypes } from "./flowable-types.ts";
import { isOfItemTask } from "./for-each-item.ts";
import { isLoop } from "./loop-outputs.ts";
import { isOfIteration } from "./shared-loops.ts";
import type { WrittenTask } from "./task-tree.ts";

type Lack = [message: string, hint: string];

/** What only loops and blocks give their tasks, and this one is not given. */
export function loopValueLacking({ name, path }: Reference, site: ExpressionSite): Lack | undefined {
  if (site.area === "variable" || isOfIteration(site.reader, site.path)) return undefined;
  const reader = rendererOf(site);
  if (name === "item") return itemLacking(reader);
  if (name === "taskrun" && path[0] === "value") return valueLacking(reader);
  if (name === "parent" || (name === "parents" && path.length > 0)) return parentLacking(name, path, reader);
  return undefined;
}

/** Who renders a template: what a ForEachItem splits, and what it gives to its executions, tasks in it render. */
function rendererOf({ reader, path }: ExpressionSite): WrittenTask | undefined {
  if (reader === undefined || kindOf(reader.type) !== "FOR_EACH_ITEM") return reader;
  return isOfItemTask(String(path[reader.path.length]))
    ? { ...reader, parent: reader, branch: "tasks" }
    : reader;
}

function itemLacking(reader: WrittenTask | undefined): Lack | undefined {
  const around = blocksAround(reader);
  if (around.some(({ type }) => isLoop(type))) return undefined;
  return around.some(isForEach)
    ? ["There is no `item` here: only a Loop gives one.", "A ForEach gives `taskrun.value`."]
    : [
        "There is no `item` here: no loop stands around it.",
        "Only tasks in a Loop have one, or guard it: `item ?? ''`.",
      ];
}

function valueLacking(reader: WrittenTask | undefined): Lack | undefined {
  if (reader !== undefined && hasValue(reader)) return undefined;
  if (!blocksAround(reader).some(isForEach))
    return [
      "There is no `taskrun.value` here: no loop stands around it.",
      "Only tasks in a ForEach or a Loop have one, or guard it: `taskrun.value ?? ''`.",
    ];
  return [
    "There is no `taskrun.value` here: only what stands directly in a loop has one.",
    blocksAround(reader).some(hasValue)
      ? "The blocks around have theirs: read `parent.taskrun.value`, or that of the right one of `parents`."
      : "What handles the end of a loop runs once, and for none of its values.",
  ];
}

/** `parents` lists the blocks around that have a value or outputs, and `parent` is the first of these. */
function parentLacking(
  name: string,
  path: readonly string[],
  reader: WrittenTask | undefined,
): Lack | undefined {
  const around = blocksAround(reader);
  if (around.some(hasValue)) return undefined;
  const what = name === "parent" ? "parent" : "parents[0]";
  if (path[name === "parent" ? 0 : 1] === "taskrun") {
    const hint =
      reader !== undefined && hasValue(reader)
        ? "The value of the loop is `taskrun.value`."
        : `Only a block that stands in a loop has one, or guard it: \`${what}.taskrun.value ?? ''\`.`;
    return [`There is no \`${what}.taskrun\` here: no block around it runs for a value.`, hint];
  }
  if (!around.every(({ type }) => silentKinds.has(kindOf(type) ?? ""))) return undefined;
  return [
    `There is no \`${what}\` here: no block around it has a value or outputs.`,
    `Guard it: \`${what} ?? ''\`.`,
  ];
}

/** The blocks that have no outputs while their tasks run. */
const silentKinds: ReadonlySet<string> = new Set<TaskKind>([
  ...(["SEQUENTIAL", "PARALLEL", "DAG", "ALLOW_FAILURE", "WORKING_DIRECTORY"] as const),
]);

/** Whether a task is run for a value: it stands directly in a loop, or in a WorkingDirectory that does. */
function hasValue({ parent, branch }: WrittenTask): boolean {
  if (parent === undefined) return false;
  if (isForEach(parent)) return branch === "tasks" || isLoop(parent.type);
  return kindOf(parent.type) === "WORKING_DIRECTORY" && branch === "tasks" && hasValue(parent);
}

function blocksAround(task: WrittenTask | undefined): WrittenTask[] {
  return task?.parent === undefined ? [] : [task.parent, ...blocksAround(task.parent)];
}

function isForEach({ type }: WrittenTask): boolean {
  return kindOf(type) === "FOR_EACH";
}

function kindOf(type: string | undefined): TaskKind | undefined {
  return flowableTypes.get(type ?? "")?.kind;
}
