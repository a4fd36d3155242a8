import { flowableTypes } from "../flow/flowable-types.ts";
import type { TaskType } from "../tasks/task-type.ts";
import { SUBFLOW_JOB } from "./tend-subflows.ts";

/** What a worker can run, by how heavy it is. */
export interface JobIdentifiers {
  light: string[];
  heavy: string[];
}

/** The types of a flow's system steps and of blocks, and what looks at children; every worker can do them. */
const SYSTEM_TYPES = ["reprise.Defaults", "reprise.Outputs", SUBFLOW_JOB, ...flowableTypes.keys()];

/** The job identifiers of a worker: its task types, with its worker group before them when it has one. */
export function jobIdentifiers(
  taskTypes: ReadonlyMap<string, TaskType>,
  workerGroup: string | undefined,
): JobIdentifiers {
  const name = (type: string) => (workerGroup === undefined ? type : `${workerGroup}/${type}`);
  const types = [...taskTypes.values()];
  return {
    light: [
      ...types.filter(({ isHeavy }) => isHeavy !== true).map(({ type }) => name(type)),
      ...(workerGroup === undefined ? SYSTEM_TYPES : []),
    ],
    heavy: types.filter(({ isHeavy }) => isHeavy === true).map(({ type }) => name(type)),
  };
}
