import type { Command } from "commander";
import { z } from "zod";
import { callOne } from "../../db/call.ts";
import { act, leaf } from "../command.ts";
import { executionLine } from "../present/execution-text.ts";
import { findExecutionId } from "../read/find-execution.ts";
import { readExecution } from "../read/read-execution.ts";

/** `reprise execution pause` */
export function executionPause(): Command {
  return leaf("pause", "Pause an execution as a whole: what runs goes on to its end, nothing begins.")
    .argument("<execution>", "its id, or the beginning of it")
    .action(
      act(z.object({}), async (session, _options, prefix: string) => {
        const db = await session.database();
        const execution_id = await findExecutionId(db, prefix);
        await callOne(db, "reprise_api.pause_execution", { execution_id, actor: session.actor });
        const execution = await readExecution(db, execution_id);
        session.print(execution, () => executionLine(execution));
      }),
    );
}
