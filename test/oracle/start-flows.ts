import fc from "fast-check";
import { splitOf } from "../support/hand-steps.ts";
import type { HandRun, Scripted } from "../support/hand-worker.ts";

/** A leaf of a made-up flow that starts another flow instead, by the order in which leaves stand, counted round. */
export interface Starting {
  leaf: number;
  /** For how many batches of a file, as a ForEachItem does; null for a Subflow. */
  batches: number | null;
}

/** Which leaves start another flow. */
export const starting: fc.Arbitrary<Starting[]> = fc.uniqueArray(
  fc.record({ leaf: fc.nat({ max: 12 }), batches: fc.option(fc.nat({ max: 3 }), { freq: 2 }) }),
  { maxLength: 3, selector: ({ leaf }) => leaf },
);

/** The texts of a flow in which leaves start others, and of these. */
export interface StartingFlows {
  source: string;
  children: readonly string[];
}

/**
 * Lets leaves of a flow that writeFlow has written start another flow: those named, but for such as outputs of a Loop read. Where one is
 * to fail, its child does, or the first of its children.
 */
export function startFlows(
  source: string,
  starts: readonly Starting[],
  failing: readonly number[],
  /** The text in which leaves are counted: of a revision, that before it. */
  counted = source,
): StartingFlows {
  const { id, namespace } = JSON.parse(source) as { id: string; namespace: string };
  const count = counted.match(/"t\d+"/g)?.length ?? 1;
  const started = starts
    .map((start) => ({ ...start, leaf: start.leaf % count }))
    .filter(({ leaf }) => !counted.includes(`outputs['t${leaf}']`));

  const change = (value: unknown, isInDirectory = false): unknown => {
    if (Array.isArray(value)) return value.map((item) => change(item, isInDirectory));
    if (typeof value !== "object" || value === null) return value;
    const { id: name, type, message: _, ...rest } = value as { id?: string; type?: string; message?: string };
    const start = started.find(({ leaf }) => name === `t${leaf}`);
    if (start !== undefined && !isInDirectory && type?.endsWith(".Log")) {
      const flowId = `${id}-${failing.includes(start.leaf) ? "bad" : "good"}`;
      const starts = { ...rest, id: name, namespace, flowId };
      if (start.batches === null) return { ...starts, type: "io.kestra.plugin.core.flow.Subflow" };
      return {
        ...starts,
        type: "io.kestra.plugin.core.flow.ForEachItem",
        items: `kestra:///${start.batches}`,
        inputs: { batch: "{{ taskrun.iteration }}" },
      };
    }
    const isDirectory = type?.endsWith(".WorkingDirectory") ?? false;
    return Object.fromEntries(
      Object.entries(value).map(([key, inside]) => [key, change(inside, isDirectory)]),
    );
  };
  const child = (kind: string, task: string) =>
    JSON.stringify({
      id: `${id}-${kind}`,
      namespace,
      inputs: [{ id: "batch", type: "INT", defaults: 0 }],
      tasks: [{ id: task, type: "io.kestra.plugin.core.log.Log", message: "{{ inputs.batch }}" }],
      outputs: [{ id: "batch", type: "INT", value: "{{ inputs.batch }}" }],
    });
  return {
    source: JSON.stringify(change(JSON.parse(source))),
    children: started.length === 0 ? [] : [child("good", "c"), child("bad", "bad")],
  };
}

/** Whether a task of a child is the one that fails. */
export function failsInChild({ taskId, begun }: HandRun): boolean {
  return taskId === "bad" && batchOf({ begun }) === 0;
}

/** What a child gives, and what a ForEachItem has split; undefined of any other task. */
export function givenOf(run: HandRun): Scripted | undefined {
  const split = splitOf(run);
  if (split !== undefined) return { outputs: { ...split } };
  return run.task.kind === "OUTPUTS" ? { outputs: { batch: batchOf(run) } } : undefined;
}

function batchOf({ begun }: Pick<HandRun, "begun">): unknown {
  return (begun.inputs as { batch?: number }).batch;
}
