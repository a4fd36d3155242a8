import fc from "fast-check";

/** A change of a flow's text. Which list and which place of it are counted round. */
export interface Edit {
  kind: "INSERT" | "CHANGE" | "REMOVE" | "RENAME" | "MOVE" | "TRANSFER" | "WRAP";
  list: number;
  place: number;
}

/** Changes, mostly a few. */
export const edits: fc.Arbitrary<Edit[]> = fc.array(
  fc.record({
    kind: fc.constantFrom("INSERT", "CHANGE", "REMOVE", "RENAME", "MOVE", "TRANSFER", "WRAP"),
    list: fc.nat({ max: 40 }),
    place: fc.nat({ max: 5 }),
  }),
  { minLength: 1, maxLength: 3 },
);

type Written = Record<string, unknown>;

interface TaskList {
  tasks: Written[];
  isDag: boolean;
  isHandler: boolean;
  /** Whether tasks may stand in it that have others in them. */
  takesBlocks: boolean;
}

const wraps = ["Sequential", "Parallel", "AllowFailure"];

const listKeys = ["tasks", "then", "else", "defaults", "errors", "finally", "afterExecution"];

/** Every list of tasks in a flow that writeFlow has written. */
function listsIn(task: Written, isDag = false, inHandler = false): TaskList[] {
  return listKeys.flatMap((key) => {
    const list = task[key];
    if (!Array.isArray(list)) return [];
    const isHandler = inHandler || ["errors", "finally", "afterExecution"].includes(key);
    const inner = (list as Written[]).flatMap((one) => {
      const inside = (isDag && key === "tasks" ? one.task : one) as Written;
      return listsIn(inside, String(inside.type).endsWith(".Dag"), isHandler);
    });
    const takesBlocks = !String(task.type).endsWith(".WorkingDirectory") || key !== "tasks";
    return [{ tasks: list as Written[], isDag: isDag && key === "tasks", isHandler, takesBlocks }, ...inner];
  });
}

/** A flow as it is after some changes. */
export interface RevisedFlow {
  source: string;
  /** Whether something of what handles ends has changed: that is not run for itself. */
  changesHandlers: boolean;
}

/** Makes changes to a flow, wherever they can be made. */
export function reviseFlow(source: string, changes: readonly Edit[]): RevisedFlow {
  const flow = JSON.parse(source) as Written;
  let changesHandlers = false;
  changes.forEach((change, index) => {
    const lists = listsIn(flow);
    const list = lists[change.list % lists.length] as TaskList;
    if (change.kind === "TRANSFER") {
      const to = lists[(change.list + change.place + 1) % lists.length] as TaskList;
      if (transfer(list, to, change.place)) changesHandlers ||= list.isHandler || to.isHandler;
    } else if (edit(list, change, `n${index}`)) changesHandlers ||= list.isHandler;
  });
  return { source: JSON.stringify(flow), changesHandlers };
}

/** Whether what a task reads depends on which block it stands in directly, which no comparison of its texts can tell. */
function readsPlace({ runIf, value }: Written): boolean {
  return [runIf, value].some((text) => String(text).includes("taskrun.value"));
}

/** Takes a task from one list into another. */
function transfer(from: TaskList, to: TaskList, place: number): boolean {
  const at = place % from.tasks.length;
  const task = from.tasks[at] as Written;
  const isInside = from.tasks === to.tasks || listsIn(task).some(({ tasks }) => tasks === to.tasks);
  const isLeaf = String(task.type).endsWith(".Log");
  if (from.isDag || to.isDag || from.tasks.length === 1 || isInside || !(to.takesBlocks || isLeaf))
    return false;
  if (readsPlace(task)) return false;
  from.tasks.splice(at, 1);
  to.tasks.splice(place % (to.tasks.length + 1), 0, task);
  return true;
}

/** Whether anything has come of it. */
function edit({ tasks, isDag, takesBlocks }: TaskList, { kind, place }: Edit, name: string): boolean {
  const made = { id: name, type: "io.kestra.plugin.core.log.Log", message: "new" };
  if (kind === "INSERT") {
    tasks.splice(place % (tasks.length + 1), 0, isDag ? { task: made } : made);
    return true;
  }
  const at = place % tasks.length;
  const task = (isDag ? tasks[at]?.task : tasks[at]) as Written;
  const isLeaf = String(task.type).endsWith(".Log");
  if (kind === "CHANGE" && isLeaf) {
    task.message = "changed";
    return true;
  }
  // Others in a Dag wait for it.
  if (isDag) return false;
  if (kind === "RENAME") {
    task.id = name;
    return true;
  }
  if (kind === "WRAP" && takesBlocks && !readsPlace(task)) {
    const type = `io.kestra.plugin.core.flow.${wraps[place % wraps.length]}`;
    tasks[at] = { id: name, type, tasks: [task] };
    return true;
  }
  if (kind === "REMOVE" && tasks.length > 1) {
    tasks.splice(at, 1);
    return true;
  }
  if (kind === "MOVE" && tasks.length > 1) {
    tasks.splice(at, 1);
    tasks.splice((at + 1) % (tasks.length + 1), 0, task);
    return true;
  }
  return false;
}
