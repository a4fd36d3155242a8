import type { Task } from "../../src/db/generated.ts";
import { renderDeep } from "../../src/expression/render-deep.ts";
import type { Context } from "../../src/expression/template.ts";
import { itemTypes } from "../../src/flow/for-each-item.ts";
import { attemptContext } from "../../src/worker/attempt-context.ts";
import type { Begun } from "../../src/worker/begun.ts";
import { type BlockFindings, type BlockStep, holds } from "../../src/worker/block-steps.ts";
import { subflowRequest } from "../../src/worker/subflow-steps.ts";

/** As a step of a block, which may ask for all of the task. */
export type HandStep = (task: Task, context: Context, begun: Begun) => BlockFindings | Promise<BlockFindings>;

const startSubflow: HandStep = async (task, context, begun) => {
  if (task.type !== itemTypes.items) return { outputs: { ...(await subflowRequest(task, context)) } };
  const batch = (iteration: number) => {
    const taskrun = { ...(context.taskrun as object), items: `kestra:///batch-${iteration}`, iteration };
    return subflowRequest(task, { ...context, taskrun });
  };
  const requests = await Promise.all(
    Array.from({ length: countBatches(task, begun) }, (_, index) => batch(index)),
  );
  const inputs = requests.map((request) => request.inputs[0]);
  return { outputs: { ...(await batch(0)), inputs, batches: true } };
};

/** What a ForEachItem that is moved by hand has split a file into, which its items name: `kestra:///3` for three batches. */
export function splitOf({ task }: { task: Task }): { splits: string } | undefined {
  if (task.type !== itemTypes.split) return undefined;
  return { splits: (task.definition as { items: string }).items };
}

/** Of the batches, which are stored nowhere, how many the task before has made in this iteration. */
function countBatches(task: Pick<Task, "id">, { outputs, iteration_path }: Begun): number {
  const split = task.id.replace(/_items$/, "_split");
  const [, , , found] = ((outputs ?? []) as [string, string[] | null, string, { splits: string }][]).find(
    ([id, path]) => id === split && String(path) === String(iteration_path),
  ) as [string, string[] | null, string, { splits: string }];
  return Number(found.splits.replace("kestra:///", ""));
}

/** Whether the `runIf` of a task does not hold. */
export function isLeftOut({ begun, task }: { begun: Begun; task: Task }): boolean {
  const { runIf } = task.definition as { runIf?: unknown };
  return runIf !== undefined && !holds(renderDeep(runIf, attemptContext(begun, task, { envs: {} })));
}

/** As at a real worker, but that types are not looked at, and nothing is stored. */
const giveOutputs: BlockStep = async (task, context) => {
  const { outputs } = task.definition as { outputs: { id: string; value: unknown }[] };
  return { outputs: Object.fromEntries(outputs.map(({ id, value }) => [id, renderDeep(value, context)])) };
};

/** What a worker finds out that is moved by hand, where it is not what blocks do. */
export const handSteps: ReadonlyMap<string, HandStep> = new Map([
  ["SUBFLOW", startSubflow],
  ["LOOP_OUTPUTS", giveOutputs],
]);
