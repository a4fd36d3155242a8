import { printOutcome } from "../present/outcome.ts";
import type { Session } from "../session.ts";
import { exitCodeFor, type WaitOptions, waitFor } from "./wait-for.ts";

/** Ends a command by waiting for the end of an execution: prints how it ended, and gives the exit code for it. */
export async function showEnd(session: Session, executionId: string, options: WaitOptions): Promise<number> {
  const { id } = await waitFor(session, executionId, options);
  return exitCodeFor(await printOutcome(session, id));
}
