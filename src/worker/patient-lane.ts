import { isLockedOut } from "../db/sql-error.ts";
import { BatchLane } from "./batch-lane.ts";

/** How to make the calls of a lane. */
export interface PatientLaneOptions<Item, Answer> {
  send: (items: Item[]) => Promise<Answer[]>;
  /** How many items a call takes at most. */
  limit: number;
  sideBySide: number;
  signal: AbortSignal;
}

/** Sends items, many with a call. */
export interface PatientLane<Item, Answer> {
  add(item: Item): Promise<Answer>;
  settled(): Promise<void>;
}

// So many of those that go alone ask at once; what they wait for may be held for as long as a person looks at it.
const ALONE_SIDE_BY_SIDE = 4;

/**
 * Opens a lane that is not held up by a lock that somebody holds for long, such as a person with an open transaction. A call
 * that meets one gives up, and from then on each of its items goes alone, again and again: so nobody waits for another's lock.
 */
export function openPatientLane<Item, Answer>(
  options: PatientLaneOptions<Item, Answer>,
): PatientLane<Item, Answer> {
  const { send, limit, sideBySide, signal } = options;
  const crowd = new BatchLane(send, limit, { sideBySide });
  const alone = new BatchLane(send, 1, { sideBySide: ALONE_SIDE_BY_SIDE, crowd: 1 });
  return {
    async add(item) {
      for (let lane = crowd; ; lane = alone) {
        try {
          return await lane.add(item);
        } catch (error) {
          if (!isLockedOut(error) || signal.aborted) throw error;
        }
      }
    },
    async settled() {
      await crowd.settled();
      await alone.settled();
    },
  };
}
