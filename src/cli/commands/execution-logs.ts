import type { Command } from "commander";
import { z } from "zod";
import { act, leaf } from "../command.ts";
import { logLevel, positive } from "../option.ts";
import { logText } from "../present/log-text.ts";
import { checkTaskRun } from "../read/check-task-run.ts";
import { findExecutionId } from "../read/find-execution.ts";
import { readLogs } from "../read/read-logs.ts";
import { waitFor } from "../wait/wait-for.ts";

const options = z.object({
  level: logLevel.optional(),
  task: z.string().optional(),
  attempt: z.number().optional(),
  carried: z.boolean().default(true),
  follow: z.boolean().default(false),
});

/** `reprise execution logs` */
export function executionLogs(): Command {
  return leaf(
    "logs",
    "Print the log of an execution. Lines of attempts that a replay carries are in it, and marked.",
  )
    .argument("<execution>", "its id, or the beginning of it")
    .option("--level <level>", "lines of this level and graver ones")
    .option("--task <id>", "lines of this task")
    .option("--attempt <number>", "lines of this attempt", positive)
    .option("--no-carried", "without the lines of carried attempts")
    .option("-f, --follow", "print lines as they come, until it has ended; goes without the filters")
    .action(
      act(options, async (session, given, prefix: string) => {
        const db = await session.database();
        const id = await findExecutionId(db, prefix);
        if (given.follow && !session.isJson) {
          await waitFor(session, id, { isFollowing: true });
          return;
        }
        const last = given.follow ? (await waitFor(session, id, { isFollowing: false })).id : id;
        const lines = await readLogs(db, last, { ...given, taskId: given.task, withCarried: given.carried });
        // What has gone into the log of a task stays there; only where nothing has it may be none.
        if (lines.length === 0 && given.task !== undefined) await checkTaskRun(db, last, given.task);
        session.print(lines, () => (lines.length === 0 ? "No lines." : lines.map(logText).join("\n")));
      }),
    );
}
