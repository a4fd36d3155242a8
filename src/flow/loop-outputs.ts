import type { Written } from "./written.ts";

/** The type of the step that renders what an iteration of a Loop gives, when it has ended. */
export const loopOutputsType = "io.kestra.plugin.core.flow.Loop$Outputs";

const owned: ReadonlySet<string> = new Set(["outputs", "fetchType"]);

/** Whether a type is that of a Loop. */
export function isLoop(type: string | undefined): boolean {
  return type === "io.kestra.plugin.core.flow.Loop";
}

/** Whether a property of a Loop belongs to that step: changing it changes nothing about what the loop goes through. */
export function isOfLoopOutputs(type: string | undefined, key: string): boolean {
  return isLoop(type) && owned.has(key);
}

/** That step as if it were written in the loop; none where nothing is to be given. */
export function loopOutputsStep(task: Written): Written | undefined {
  if (!Array.isArray(task.outputs) || task.outputs.length === 0) return undefined;
  const { outputs, fetchType } = task;
  return {
    id: `${task.id}_outputs`,
    type: loopOutputsType,
    outputs,
    ...(fetchType === undefined ? {} : { fetchType }),
    ...(task.logLevel === undefined ? {} : { logLevel: task.logLevel }),
  };
}
