import type { Command } from "commander";
import { z } from "zod";
import { callOne } from "../../db/call.ts";
import { act, leaf } from "../command.ts";
import { executionLine } from "../present/execution-text.ts";
import { findExecutionId } from "../read/find-execution.ts";
import { readExecution } from "../read/read-execution.ts";
import { waitFor } from "../wait/wait-for.ts";

const options = z.object({ wait: z.boolean().default(false) });

/** `reprise execution kill` */
export function executionKill(): Command {
  return leaf("kill", "Kill an execution: what waits does not start, what runs is stopped.")
    .argument("<execution>", "its id, or the beginning of it")
    .option("-w, --wait", "wait until it has ended")
    .action(
      act(options, async (session, { wait }, prefix: string) => {
        const db = await session.database();
        const id = await findExecutionId(db, prefix);
        await callOne(db, "reprise_api.kill_execution", { execution_id: id, actor: session.actor });
        const execution = wait
          ? await waitFor(session, id, { isFollowing: false })
          : await readExecution(db, id);
        session.print(execution, () => executionLine(execution));
      }),
    );
}
