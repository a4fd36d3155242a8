import { asCalled } from "../present/as-called.ts";
import { executionLine } from "../present/execution-text.ts";
import { readExecution } from "../read/read-execution.ts";
import type { Session } from "../session.ts";
import { showEnd } from "./show-end.ts";

/** Ends a command that has made an execution: waits for its end when asked to, and gives its exit code; else says how to follow it. */
export async function showCreated(
  session: Session,
  executionId: string,
  given: { wait: boolean; follow: boolean },
): Promise<number | undefined> {
  if (given.wait || given.follow) return await showEnd(session, executionId, { isFollowing: given.follow });
  const execution = await readExecution(await session.database(), executionId);
  session.print(execution, () =>
    asCalled(`${executionLine(execution)}\nFollow it: reprise execution logs ${executionId} --follow`),
  );
}
