import { randomUUID } from "node:crypto";
import type { Config } from "../base/config.ts";
import type { TaskType } from "../tasks/task-type.ts";
import { jobIdentifiers } from "./job-identifiers.ts";

/** Slots of a worker that take the same jobs. */
export interface SlotGroup {
  /** The name under which they lock jobs. */
  poolId: string;
  /** The jobs that they take from the queue. */
  identifiers: string[];
  /** The jobs that they may go on with, once they have a slot. */
  accepted: string[];
  concurrency: number;
  /** How many jobs to lock ahead. */
  ahead: number;
  /** Whether they also take jobs that name no task run. */
  wakesUp: boolean;
}

// Short tasks come in crowds: hundreds at once share one transaction. Those that move data take memory and a core each.
const LIGHT_SLOTS = 400;
const LIGHT_AHEAD = 800;

/** The two groups of a worker, for light and for heavy tasks: a light slot goes on with light tasks only, a heavy one with anything. */
export function slotGroups(
  config: Pick<Config, "concurrency" | "workerGroup">,
  taskTypes: ReadonlyMap<string, TaskType>,
): SlotGroup[] {
  const { light, heavy } = jobIdentifiers(taskTypes, config.workerGroup);
  const groups = [
    {
      ...named("light", light),
      accepted: light,
      concurrency: LIGHT_SLOTS,
      ahead: LIGHT_AHEAD,
      wakesUp: config.workerGroup === undefined,
    },
    {
      ...named("heavy", heavy),
      accepted: [...light, ...heavy],
      concurrency: config.concurrency,
      ahead: 1,
      wakesUp: false,
    },
  ];
  return groups.filter(({ identifiers }) => identifiers.length > 0);
}

function named(group: string, identifiers: string[]) {
  return { poolId: `reprise-${group}-${randomUUID()}`, identifiers };
}
