import fc from "fast-check";

/** Which leaves of a made-up flow start another flow instead, by the order in which they stand. */
export const starting: fc.Arbitrary<number[]> = fc.uniqueArray(fc.nat({ max: 12 }), { maxLength: 3 });

/** The task that fails in the child of a leaf that is to fail. */
export const FAILING_CHILD_TASK = "bad";

/** The texts of a flow in which leaves start others, and of these. */
export interface StartingFlows {
  source: string;
  children: readonly string[];
}

/**
 * Lets leaves of a flow that writeFlow has written start another flow: those named, but for such as outputs of a Loop read. Where one is
 * to fail, its child does.
 */
export function startFlows(
  source: string,
  numbers: readonly number[],
  failing: readonly number[],
): StartingFlows {
  const { id, namespace } = JSON.parse(source) as { id: string; namespace: string };
  const starts = numbers.filter((number) => !source.includes(`outputs['t${number}']`));

  const change = (value: unknown, isInDirectory = false): unknown => {
    if (Array.isArray(value)) return value.map((item) => change(item, isInDirectory));
    if (typeof value !== "object" || value === null) return value;
    const { id: name, type, message: _, ...rest } = value as { id?: string; type?: string; message?: string };
    const number = starts.find((one) => name === `t${one}`);
    if (number !== undefined && !isInDirectory) {
      const flowId = `${id}-${failing.includes(number) ? "bad" : "good"}`;
      return { ...rest, id: name, type: "io.kestra.plugin.core.flow.Subflow", namespace, flowId };
    }
    const isDirectory = type?.endsWith(".WorkingDirectory") ?? false;
    return Object.fromEntries(
      Object.entries(value).map(([key, inside]) => [key, change(inside, isDirectory)]),
    );
  };
  const child = (kind: string, task: string) => {
    const tasks = [{ id: task, type: "io.kestra.plugin.core.log.Log", message: "hi" }];
    return JSON.stringify({ id: `${id}-${kind}`, namespace, tasks });
  };
  return {
    source: JSON.stringify(change(JSON.parse(source))),
    children: starts.length === 0 ? [] : [child("good", "c"), child("bad", FAILING_CHILD_TASK)],
  };
}
