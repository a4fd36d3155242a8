import type { Command } from "commander";
import { z } from "zod";
import { act, leaf } from "../command.ts";
import { executionText } from "../present/execution-text.ts";
import { findExecutionId } from "../read/find-execution.ts";
import { readBatches } from "../read/read-batches.ts";
import { readAttempts, readExecution, readTaskRuns, readUnreached } from "../read/read-execution.ts";
import { readWaits } from "../read/read-waits.ts";

/** `reprise execution show` */
export function executionShow(): Command {
  return leaf("show", "Show an execution with its task runs.")
    .argument("<execution>", "its id, or the beginning of it")
    .action(
      act(z.object({}), async (session, _options, prefix: string) => {
        const db = await session.database();
        const id = await findExecutionId(db, prefix);
        const execution = await readExecution(db, id);
        const taskRuns = await readTaskRuns(db, id);
        const attempts = await readAttempts(db, id);
        const unreached = await readUnreached(db, id);
        const waits = await readWaits(db, id);
        const batches = await readBatches(db, taskRuns);
        const withAttempts = taskRuns.map((run) => ({
          ...run,
          attempts: attempts.filter(({ shownByTaskRunId }) => shownByTaskRunId === run.id),
        }));
        session.print({ ...execution, waits, taskRuns: withAttempts, unreachedTasks: unreached }, () =>
          executionText(execution, taskRuns, unreached, waits, batches),
        );
      }),
    );
}
