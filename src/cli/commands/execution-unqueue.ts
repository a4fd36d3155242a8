import type { Command } from "commander";
import { z } from "zod";
import { callOne } from "../../db/call.ts";
import { act, leaf } from "../command.ts";
import { executionLine } from "../present/execution-text.ts";
import { findExecutionId } from "../read/find-execution.ts";
import { readExecution } from "../read/read-execution.ts";

const options = z.object({
  state: z
    .string()
    .transform((text) => text.toUpperCase())
    .pipe(z.enum(["RUNNING", "CANCELLED", "FAILED"], "It must be RUNNING, CANCELLED or FAILED."))
    .optional(),
});

/** `reprise execution unqueue` */
export function executionUnqueue(): Command {
  return leaf("unqueue", "Take an execution out of the queue of its flow: it starts now, over the limit.")
    .argument("<execution>", "its id, or the beginning of it")
    .option("--state <state>", "what becomes of it instead: CANCELLED or FAILED, without having run")
    .action(
      act(options, async (session, { state }, prefix: string) => {
        const db = await session.database();
        const execution_id = await findExecutionId(db, prefix);
        await callOne(db, "reprise_api.unqueue_execution", { execution_id, state, actor: session.actor });
        const execution = await readExecution(db, execution_id);
        session.print(execution, () => executionLine(execution));
      }),
    );
}
