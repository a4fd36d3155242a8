import type { Command } from "commander";
import { z } from "zod";
import { RepriseError } from "../../base/errors.ts";
import { callOne, type Database } from "../../db/call.ts";
import { act, leaf } from "../command.ts";
import { several } from "../option.ts";
import { executionLine } from "../present/execution-text.ts";
import { findExecutionId } from "../read/find-execution.ts";
import { readExecution } from "../read/read-execution.ts";

const options = z.object({
  state: z
    .string()
    .default("SUCCESS")
    .transform((text) => text.toUpperCase())
    .pipe(z.enum(["SUCCESS", "WARNING", "FAILED"], "It must be SUCCESS, WARNING or FAILED.")),
  value: z.array(z.string()).optional(),
});

/** `reprise execution mark` */
export function executionMark(): Command {
  return leaf(
    "mark",
    "Say of a task of an ended execution how it shall have ended, and go on from there.",
    "reprise execution mark 0192 to_parquet --state success",
  )
    .argument("<execution>", "its id, or the beginning of it")
    .argument("<task>", "the id of the task")
    .option("--state <state>", "SUCCESS (unless told otherwise), WARNING or FAILED")
    .option(
      "--value <value>",
      "in a loop, the value of the iteration; several times for loops in loops",
      several,
    )
    .action(
      act(options, async (session, { state, value }, prefix: string, taskId: string) => {
        const db = await session.database();
        const id = await findExecutionId(db, prefix);
        const task_run_id = await findTaskRunId(db, id, taskId, value);
        await callOne(db, "reprise_api.change_task_run_state", { task_run_id, state, actor: session.actor });
        const execution = await readExecution(db, id);
        session.print(execution, () => executionLine(execution));
      }),
    );
}

async function findTaskRunId(
  db: Database,
  executionId: string,
  taskId: string,
  values: string[] | undefined,
): Promise<string> {
  const { rows } = await db.query<{ id: string }>(
    `select id from reprise_api.task_runs
    where execution_id = $1 and task_id = $2 and iteration_path is not distinct from $3::text[]`,
    [executionId, taskId, values ?? null],
  );
  const [found] = rows;
  if (found !== undefined) return found.id;
  throw new RepriseError("RP404", "task_run_not_found", `The execution has no such task run: ${taskId}.`, {
    hint: "Inside loops name the values around it: --value VALUE.",
  });
}
