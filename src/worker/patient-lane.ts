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
}

// So many of those that go alone ask at once; what they wait for may be held for as long as a person looks at it.
const ALONE_SIDE_BY_SIDE = 4;

/** What came of an item. */
type Told<Answer> = { answer: Answer } | { error: unknown };

/**
 * Opens a lane in which no item answers for another. A call that is refused is made again by halves, until the item that it was
 * refused for stands alone. And a call that meets a lock which somebody holds for long, such as a person with an open
 * transaction, gives up; from then on each of its items goes alone, again and again.
 */
export function openPatientLane<Item, Answer>(
  options: PatientLaneOptions<Item, Answer>,
): PatientLane<Item, Answer> {
  const { limit, sideBySide, signal } = options;
  const send = async (items: Item[]): Promise<Told<Answer>[]> => {
    try {
      return (await options.send(items)).map((answer) => ({ answer }));
    } catch (error) {
      if (items.length === 1 || isLockedOut(error) || signal.aborted) return items.map(() => ({ error }));
      const half = Math.ceil(items.length / 2);
      return [...(await send(items.slice(0, half))), ...(await send(items.slice(half)))];
    }
  };
  const crowd = new BatchLane(send, limit, { sideBySide });
  const alone = new BatchLane(send, 1, { sideBySide: ALONE_SIDE_BY_SIDE, crowd: 1 });
  return {
    async add(item) {
      for (let lane = crowd; ; lane = alone) {
        const told = await lane.add(item);
        if ("answer" in told) return told.answer;
        if (!isLockedOut(told.error) || signal.aborted) throw told.error;
      }
    },
  };
}
