import { type Made, type MadeFlow, twists } from "./block-flow.ts";

const gives = {
  index: () => "{{ item.index }} {{ item.key }}",
  first: (id: unknown) => `{{ outputs['${id}'].value ?? 'none' }}`,
  // Only what has been mended gives more.
  later: (id: unknown) => `{{ item.index == 0 ? outputs['${id}'].more : item.key }}`,
};

function isPlainLeaf(task: Made | undefined): boolean {
  return task?.kind === "leaf" && (task.twist ?? "") === "";
}

/** A flow as text, and whether a task run of it fails. */
export interface WrittenFlow {
  source: string;
  fails: (taskId: string, path: readonly string[] | null) => boolean;
}

/** Writes a made-up flow down. Leaves are called `t0`, `t1`, …, blocks `b0`, `b1`, …, and what handles their ends `h0`, `h1`, …. */
export function writeFlow(id: string, flow: MadeFlow): WrittenFlow {
  const counts = { t: 0, b: 0, h: 0 };
  const log = (name: string) => ({ id: name, type: "io.kestra.plugin.core.log.Log", message: "hi" });
  const handle = (count: number) => Array.from({ length: count }, () => log(`h${counts.h++}`));
  const write = (task: Made, inEach = false): Record<string, unknown> => {
    const isEach = inEach || task.kind === "ForEach" || task.kind === "EachParallel";
    const inside = (one: Made) => write(one, isEach);
    const said = twists[task.twist ?? ""];
    if (task.kind === "leaf") return { ...log(`t${counts.t++}`), ...said };
    const block = { id: `b${counts.b++}`, type: `io.kestra.plugin.core.flow.${task.kind}`, ...said };
    const around = {
      ...(task.errors > 0 ? { errors: handle(task.errors) } : {}),
      ...(task.finally > 0 ? { finally: handle(task.finally) } : {}),
    };
    const values = (count: number) => Array.from({ length: count }, (_, index) => `v${index}`);
    switch (task.kind) {
      case "Pause":
        return { ...block, pauseDuration: "PT1S", tasks: task.tasks.map(inside), ...around };
      case "LoopUntil":
        // Once: what a loop that goes on from an anchor runs in its next iteration, no plan can know.
        return { ...block, condition: true, tasks: task.tasks.map(inside), ...around };
      case "Parallel":
        return { ...block, concurrent: task.concurrent, tasks: task.tasks.map(inside), ...around };
      case "ForEach":
        return {
          ...block,
          values: values(task.values),
          concurrencyLimit: task.limit,
          tasks: task.tasks.map(inside),
          ...around,
        };
      case "EachParallel":
        return {
          ...block,
          value: values(task.values),
          concurrent: task.concurrent,
          tasks: task.tasks.map(inside),
          ...around,
        };
      case "Loop": {
        const tasks = task.tasks.map(inside);
        return {
          ...block,
          values: Object.fromEntries(values(task.values).map((key) => [key, "same"])),
          concurrencyLimit: task.limit,
          transmitFailed: task.transmitFailed,
          ...(task.gives === ""
            ? {}
            : {
                outputs: [
                  {
                    id: "o",
                    value: gives[isPlainLeaf(task.tasks[0]) && !inEach ? task.gives : "index"](tasks[0]?.id),
                  },
                ],
              }),
          tasks,
          ...around,
        };
      }
      case "If":
        return {
          ...block,
          condition: task.holds,
          // biome-ignore lint/suspicious/noThenProperty: the flow language calls the branch so.
          then: task.tasks.map(inside),
          ...(task.otherwise.length > 0 ? { else: task.otherwise.map(inside) } : {}),
          ...around,
        };
      case "Switch":
        return {
          ...block,
          value: "{{ item.key ?? taskrun.value ?? 'v1' }}",
          cases: { v0: task.tasks.map(inside) },
          ...(task.otherwise.length > 0 ? { defaults: task.otherwise.map(inside) } : {}),
          ...around,
        };
      case "WorkingDirectory":
        return {
          ...block,
          tasks: Array.from({ length: task.leaves }, () => log(`t${counts.t++}`)),
          ...around,
        };
      case "Dag": {
        // What waits for a disabled one waits for nothing.
        const tasks = task.tasks.map((one) => inside(one.twist === "disabled" ? { ...one, twist: "" } : one));
        const needs = tasks.map((_, index) => [...new Set(task.needs[index]?.filter((n) => n < index))]);
        return {
          ...block,
          tasks: tasks.map((one, index) => ({
            task: one,
            dependsOn: needs[index]?.map((n) => tasks[n]?.id),
          })),
          ...around,
        };
      }
      default:
        return { ...block, tasks: task.tasks.map(inside), ...around };
    }
  };
  const source = JSON.stringify({
    id,
    namespace: "company.team",
    tasks: flow.tasks.map((task) => write(task)),
    ...(flow.errors > 0 ? { errors: handle(flow.errors) } : {}),
    ...(flow.finally > 0 ? { finally: handle(flow.finally) } : {}),
    ...(flow.after.length > 0 ? { afterExecution: flow.after.map((task) => write(task)) } : {}),
  });
  return {
    source,
    fails: (taskId, path) =>
      // Few handlers fail.
      flow.failing.some((n) => taskId === `t${n}` || taskId === `h${n - 9}`) &&
      (!flow.inFirst || path === null || path.at(-1) === "v0"),
  };
}

/** The flow with the leaves that fail counted round, so that some mostly do. */
export function failRound(made: MadeFlow): MadeFlow {
  const count = writeFlow("", made).source.match(/"t\d+"/g)?.length ?? 1;
  return { ...made, failing: [...new Set(made.failing.map((leaf) => (leaf < 10 ? leaf % count : leaf)))] };
}
