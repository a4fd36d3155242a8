import type { Task } from "../../src/db/generated.ts";
import { renderDeep } from "../../src/expression/render-deep.ts";
import { attemptContext } from "../../src/worker/attempt-context.ts";
import type { Begun } from "../../src/worker/begun.ts";
import { type BlockStep, holds } from "../../src/worker/block-steps.ts";
import { subflowRequest } from "../../src/worker/subflow-steps.ts";

const startSubflow: BlockStep = (task, context) => ({ outputs: { ...subflowRequest(task, context) } });

/** Whether the `runIf` of a task does not hold. */
export function isLeftOut({ begun, task }: { begun: Begun; task: Task }): boolean {
  const { runIf } = task.definition as { runIf?: unknown };
  return runIf !== undefined && !holds(renderDeep(runIf, attemptContext(begun, task, { envs: {} })));
}

/** As at a real worker, but that types are not looked at, and nothing is stored. */
const giveOutputs: BlockStep = (task, context) => {
  const { outputs } = task.definition as { outputs: { id: string; value: unknown }[] };
  return { outputs: Object.fromEntries(outputs.map(({ id, value }) => [id, renderDeep(value, context)])) };
};

/** What a worker finds out that is moved by hand, where it is not what blocks do. */
export const handSteps: ReadonlyMap<string, BlockStep> = new Map([
  ["SUBFLOW", startSubflow],
  ["LOOP_OUTPUTS", giveOutputs],
]);
