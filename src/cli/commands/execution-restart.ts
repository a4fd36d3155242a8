import type { Command } from "commander";
import { z } from "zod";
import { callOne } from "../../db/call.ts";
import { act, leaf } from "../command.ts";
import { executionLine } from "../present/execution-text.ts";
import { findExecutionId } from "../read/find-execution.ts";
import { readExecution } from "../read/read-execution.ts";
import { showEnd } from "../wait/show-end.ts";

const options = z.object({ wait: z.boolean().default(false), follow: z.boolean().default(false) });

/** `reprise execution restart` */
export function executionRestart(): Command {
  return leaf("restart", "Go on with an ended execution from what failed: the same execution, new attempts.")
    .argument("<execution>", "its id, or the beginning of it")
    .option("-w, --wait", "wait until it has ended; its end decides the exit code")
    .option("-f, --follow", "wait, and print its log as it comes")
    .action(
      act(options, async (session, { wait, follow }, prefix: string) => {
        const db = await session.database();
        const id = await findExecutionId(db, prefix);
        await callOne(db, "reprise_api.restart_execution", { execution_id: id, actor: session.actor });
        if (wait || follow) return await showEnd(session, id, { isFollowing: follow });
        const execution = await readExecution(db, id);
        session.print(execution, () => executionLine(execution));
      }),
    );
}
