import { flowableTypes } from "../flow/flowable-types.ts";
import type { TaskType } from "../tasks/task-type.ts";

/** What a worker can run, by how heavy it is. */
export interface JobIdentifiers {
  light: string[];
  heavy: string[];
}

/** The blocks whose tasks run in their own job: as heavy as these may be. */
const DIRECTORY_TYPES = [...flowableTypes].flatMap(([type, { kind }]) =>
  kind === "WORKING_DIRECTORY" ? [type] : [],
);

/** The types of a flow's system steps and of the other blocks; every worker of the default group can do them. */
const SYSTEM_TYPES = [
  "reprise.Defaults",
  "reprise.Outputs",
  ...[...flowableTypes.keys()].filter((type) => !DIRECTORY_TYPES.includes(type)),
];

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
    heavy: [
      ...types.filter(({ isHeavy }) => isHeavy === true).map(({ type }) => name(type)),
      ...DIRECTORY_TYPES.map(name),
    ],
  };
}
