import { asDagEntry } from "./dag-entries.ts";
import { flowableTypes } from "./flowable-types.ts";
import { itemTasks } from "./for-each-item.ts";
import { withInputIds } from "./input-entries.ts";
import type { Path } from "./issue.ts";
import { isLoop, loopOutputsStep } from "./loop-outputs.ts";
import { currentType } from "./type-aliases.ts";
import { isWritten, type Written, withoutNulls } from "./written.ts";

/** The task lists at the top of a flow. */
export const topBranches = ["tasks", "errors", "finally", "afterExecution"] as const;

/** The task lists of blocks. `cases` is a map of lists, `onPause` a single task. */
const innerBranches = ["tasks", "then", "else", "cases", "defaults", "onPause", "errors", "finally"] as const;

/** The properties of a block that hold tasks. */
export const innerLists: ReadonlySet<string> = new Set(innerBranches);

/** Whether a property says what a block consists of: that is known before anything is rendered. */
export function isStructure(key: string): boolean {
  return innerLists.has(key) || key === "onResume" || key === "outputs";
}

/** A task as it is written, and where it stands. */
export interface WrittenTask {
  task: Written;
  path: Path;
  /** Undefined where the id is missing or no text. */
  id: string | undefined;
  type: string | undefined;
  parent: WrittenTask | undefined;
  branch: string;
  position: number;
  /** Whether the flow does not name it: it comes with the block around it. */
  isImplied?: boolean;
}

/** An entry of a task list that is no map. */
export interface BrokenTask {
  path: Path;
  value: unknown;
}

/** Every task of a flow, a block before what stands in it. */
export function collectTasks(flow: Written): { tasks: WrittenTask[]; broken: BrokenTask[] } {
  const tasks: WrittenTask[] = [];
  const broken: BrokenTask[] = [];

  const visit = (
    value: unknown,
    place: Pick<WrittenTask, "path" | "parent" | "branch" | "position" | "isImplied">,
  ) => {
    if (!isWritten(value)) {
      broken.push({ path: place.path, value });
      return;
    }
    const task = withInputIds(withCurrentType(withoutUnusedFiles(withoutNulls(value))), "onResume");
    const { id, type } = task;
    const found: WrittenTask = {
      ...place,
      task,
      id: typeof id === "string" ? id : undefined,
      type: typeof type === "string" ? type : undefined,
    };
    tasks.push(found);
    for (const child of childrenOf(found)) visit(child.value, { ...child, parent: found });
  };

  for (const branch of topBranches) {
    const list = flow[branch];
    if (!Array.isArray(list)) continue;
    for (const [position, value] of list.entries()) {
      visit(value, { path: [branch, position], parent: undefined, branch, position });
    }
  }
  return { tasks, broken };
}

/** A task that asks for no namespace files, in so many words, is as one that says nothing of them. */
function withoutUnusedFiles(task: Written): Written {
  const { namespaceFiles, ...rest } = task;
  return isWritten(namespaceFiles) && namespaceFiles.enabled === false ? rest : task;
}

function withCurrentType(task: Written): Written {
  return typeof task.type === "string" ? { ...task, type: currentType(task.type) } : task;
}

/** What the path of a written task says of the top of the flow: the list, and the place in it. */
export function topPlace(task: WrittenTask): { branch: string; position: number } {
  return { branch: String(task.path[0]), position: Number(task.path[1]) };
}

interface Child {
  value: unknown;
  path: Path;
  branch: string;
  position: number;
  isImplied?: boolean;
}

function childrenOf({ task, path, type }: WrittenTask): Child[] {
  const isFlowable = type !== undefined && flowableTypes.has(type);
  const kind = isFlowable ? flowableTypes.get(type)?.kind : undefined;
  const children: Child[] =
    kind !== "FOR_EACH_ITEM"
      ? []
      : itemTasks(task).map((value, position) => {
          return { value, path: [...path, `$${position}`], branch: "tasks", position, isImplied: true };
        });
  const add = (list: unknown, listPath: Path, branch: string) => {
    if (!Array.isArray(list)) return;
    list.forEach((item, position) => {
      const isEntry = kind === "DAG" && branch === "tasks";
      const entry = isEntry ? asDagEntry(item) : item;
      const isWrapped = (isEntry || !isFlowable) && isWritten(entry) && isWritten(entry.task);
      if (isEntry && isWritten(item) && !isWrapped) return;
      const value = isWrapped ? entry.task : item;
      const itemPath =
        isWrapped && entry === item ? [...listPath, position, "task"] : [...listPath, position];
      if (isFlowable || looksLikeTask(value)) children.push({ value, path: itemPath, branch, position });
    });
  };

  for (const branch of innerBranches) {
    const value = task[branch];
    if (branch === "cases") {
      for (const [key, list] of Object.entries(isWritten(value) ? value : {}))
        add(list, [...path, branch, key], `cases.${key}`);
    } else if (branch === "onPause" && isWritten(value) && (isFlowable || looksLikeTask(value))) {
      children.push({ value, path: [...path, branch], branch, position: 0 });
    } else {
      add(value, [...path, branch], branch);
    }
  }
  // Behind all others: keys of tasks are given in this order, and say which comes first in an iteration.
  const step = isLoop(type) ? loopOutputsStep(task) : undefined;
  if (step !== undefined)
    children.push({
      value: step,
      path: [...path, "$outputs"],
      branch: "outputs",
      position: 0,
      isImplied: true,
    });
  return children;
}

/** Of a type that we do not know only what is clearly a task counts as one: its id may be referred to. */
function looksLikeTask(value: unknown): boolean {
  return isWritten(value) && typeof value.id === "string" && typeof value.type === "string";
}
