import type { Pool } from "pg";
import type { GrafastSubscriber } from "postgraphile/grafast";
import { RepriseError } from "../src/base/errors.ts";
import type { ExecutionsChanged, ExecutionTopics } from "./execution-feed.ts";

/** Follows single executions: how one is now, then each of its changes, and no further than its end. */
export function followExecutions(
  feed: GrafastSubscriber<ExecutionTopics>,
  db: Pool,
): GrafastSubscriber<ExecutionTopics> {
  return {
    async subscribe(topic) {
      const id = String(topic);
      // Listening comes before looking, so that no change is missed in between.
      const changes = await feed.subscribe(id);
      try {
        if ((await lookAt(db, id)) !== "absent") return follow(db, id, changes);
        throw new RepriseError("RP404", "execution_not_found", `There is no execution ${id}.`);
      } catch (error) {
        await changes.return?.();
        throw error;
      }
    },
  };
}

function follow(
  db: Pool,
  id: string,
  changes: AsyncIterableIterator<ExecutionsChanged>,
): AsyncIterableIterator<ExecutionsChanged> {
  let isFirst = true;
  let isLast = false;
  const end = async (): Promise<IteratorReturnResult<undefined>> => {
    await changes.return?.();
    return { done: true, value: undefined };
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (isLast) return await end();
      const change = isFirst ? { value: { ids: [id], isComplete: true } } : await changes.next();
      isFirst = false;
      if (change.done) return change;
      // Looked at before it is told: what is read of it afterwards is as late, or later.
      isLast = await isOver(db, id);
      return change;
    },
    return: end,
  };
}

/** A database that does not answer is told by what is read next; the following goes on. */
async function isOver(db: Pool, id: string): Promise<boolean> {
  return await lookAt(db, id).then(
    (found) => found !== "running",
    () => false,
  );
}

async function lookAt(db: Pool, id: string): Promise<"absent" | "running" | "ended"> {
  const { rows } = await db.query<{ is_ended: boolean }>({
    name: "reprise_follow",
    // One that is RETRIED still has to say which execution takes its place.
    text: "select ended_at is not null and retry_at is null as is_ended from reprise_api.executions where id = $1",
    values: [id],
  });
  if (rows[0] === undefined) return "absent";
  return rows[0].is_ended ? "ended" : "running";
}
