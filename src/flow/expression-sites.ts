import type { z } from "zod";
import { isTemplate } from "../expression/template.ts";
import type { TaskTypes } from "./check-tasks.ts";
import type { Identified } from "./check-unique.ts";
import { flowableTypes } from "./flowable-types.ts";
import { type InputEntry, inputEntries } from "./input-entries.ts";
import type { Path } from "./issue.ts";
import { jsonParts, jsonTemplates } from "./json-parts.ts";
import { innerLists, type WrittenTask } from "./task-tree.ts";
import { currentType } from "./type-aliases.ts";
import { isWritten, type Written } from "./written.ts";

/** A template in a flow, and who renders it. */
export interface ExpressionSite {
  text: string;
  path: Path;
  /** Whether it is the key of a map. */
  isKey: boolean;
  /** Where its characters stand in the text at the path, if it is a part of that. */
  offsets?: readonly number[];
  /** The task it belongs to; undefined elsewhere. */
  reader: WrittenTask | undefined;
  /** The inputs of a Pause that it is one of: it may read the others, which are none of the flow's. */
  asked?: readonly Identified[];
  /** `child`: what is rendered elsewhere, where other names mean other things, as in the execution that a Subflow starts. */
  area: "task" | "variable" | "default" | "condition" | "output" | "check" | "assertion" | "child";
}

/** What is never rendered, or belongs to the tasks inside. */
const plain: ReadonlySet<string> = new Set(["id", "type", "description", "version"]);

/** Every template of a flow. */
export function expressionSites(
  flow: Written,
  tasks: readonly WrittenTask[],
  taskTypes: TaskTypes,
): ExpressionSite[] {
  const sites: ExpressionSite[] = [];
  const collect = (
    value: unknown,
    path: Path,
    area: ExpressionSite["area"],
    reader?: WrittenTask,
    { schema, asked }: { schema?: z.ZodType | undefined; asked?: readonly Identified[] } = {},
  ) => {
    const common = { reader, area, ...(asked && { asked }) };
    if (jsonParts(schema, value) !== undefined) {
      for (const part of jsonTemplates(String(value))) sites.push({ ...part, path, isKey: false, ...common });
      return;
    }
    const visit = (child: unknown, childPath: Path): void => {
      if (typeof child === "string") {
        if (isTemplate(child)) sites.push({ text: child, path: childPath, isKey: false, ...common });
      } else if (Array.isArray(child)) {
        for (const [index, item] of child.entries()) visit(item, [...childPath, index]);
      } else if (isWritten(child)) {
        for (const [key, item] of Object.entries(child)) {
          const itemPath = [...childPath, key];
          if (isTemplate(key)) sites.push({ text: key, path: itemPath, isKey: true, ...common });
          visit(item, itemPath);
        }
      }
    };
    visit(value, path);
  };

  collect(flow.variables, ["variables"], "variable");
  for (const input of inputEntries(flow)) {
    for (const { value, path } of defaultsIn(input)) collect(value, path, "default");
    for (const { value, path } of conditionsIn(input)) collect(value, path, "condition");
  }
  for (const task of tasks) {
    // What comes with a block has its templates from there.
    if (task.isImplied === true) continue;
    const { rendersItself = {}, properties } = taskTypes.get(String(task.type)) ?? {};
    const areaOf = (key: string) =>
      isOfChild(task, key) || (Object.hasOwn(rendersItself, key) && rendersItself[key] === "item")
        ? "child"
        : "task";
    const isRunnable = task.type === undefined || !flowableTypes.has(task.type);
    const isPause = flowableTypes.get(task.type ?? "")?.kind === "PAUSE";
    for (const [key, value] of Object.entries(task.task)) {
      if (!plain.has(key) && (isRunnable || !innerLists.has(key)) && !(isPause && key === "onResume"))
        collect(value, [...task.path, key], areaOf(key), task, {
          schema: Object.hasOwn(rendersItself, key)
            ? undefined
            : (properties?.shape[key] as z.ZodType | undefined),
        });
    }
    const asked = isPause ? inputEntries(task.task, "onResume") : [];
    for (const input of asked)
      for (const { value, path } of [...defaultsIn(input), ...conditionsIn(input)])
        collect(value, [...task.path, ...path], "task", task, { asked });
  }
  // Where they hold, they are read as what the task says.
  forEachMap(flow.pluginDefaults, ({ type, values }, index) => {
    const path = ["pluginDefaults", index, "values"];
    if (!isWritten(values)) return collect(values, path, "child");
    const schemas = shapesOf(String(type), taskTypes);
    for (const [key, value] of Object.entries(values))
      collect(value, [...path, key], "child", undefined, {
        schema: schemas.flatMap((shape) => shape[key] ?? [])[0],
      });
  });
  forEachMap(flow.sla, (sla, index) => collect(sla.assert, ["sla", index, "assert"], "assertion"));
  forEachMap(flow.checks, (check, index) =>
    collect(check.condition, ["checks", index, "condition"], "check"),
  );
  forEachMap(flow.outputs, (output, index) => collect(output.value, ["outputs", index, "value"], "output"));
  return sites;
}

/** What the task types take that defaults are for, by their names or the beginning of these. */
function shapesOf(type: string, taskTypes: TaskTypes): Record<string, z.ZodType | undefined>[] {
  const types = [...taskTypes].filter(([name]) => name === currentType(type) || name.startsWith(type));
  return types.map(([, { properties }]) => properties.shape as Record<string, z.ZodType | undefined>);
}

/** A part of what is written. */
interface Part {
  value: unknown;
  path: Path;
}

/** What says which value an input has, or may have. */
function defaultsIn({ value, path }: InputEntry): Part[] {
  if (!isWritten(value)) return [];
  return ["defaults", "expression"].map((key) => ({ value: value[key], path: [...path, key] }));
}

/** What says whether an input is there. */
function conditionsIn({ value, dependsAt }: InputEntry): Part[] {
  if (!isWritten(value) || !isWritten(value.dependsOn)) return [];
  return [{ value: value.dependsOn.condition, path: [...dependsAt, "condition"] }];
}

/** Whether a site says when a Pause asks for an input. */
export function isAskedCondition({ asked, path }: ExpressionSite): boolean {
  return asked !== undefined && path.at(-2) === "dependsOn";
}

/** Whether a property is rendered in the execution that its task starts. */
export function isOfChild({ type }: Pick<WrittenTask, "type">, key: string): boolean {
  return key === "outputs" && type !== undefined && flowableTypes.get(type)?.kind === "SUBFLOW";
}

function forEachMap(list: unknown, visit: (item: Written, index: number) => void): void {
  if (!Array.isArray(list)) return;
  list.forEach((item: unknown, index) => {
    if (isWritten(item)) visit(item, index);
  });
}
