import type { Command } from "commander";
import { z } from "zod";
import { act, leaf } from "../command.ts";
import { executionLine } from "../present/execution-text.ts";
import { ganttRows, ganttText } from "../present/gantt.ts";
import { paint } from "../present/paint.ts";
import { findExecutionId } from "../read/find-execution.ts";
import { readAttempts, readExecution, readTaskRuns, readUnreached } from "../read/read-execution.ts";

/** `reprise execution gantt` */
export function executionGantt(): Command {
  return leaf("gantt", "Draw when each task ran, with its attempts. What a replay carries is marked.")
    .argument("<execution>", "its id, or the beginning of it")
    .action(
      act(z.object({}), async (session, _options, prefix: string) => {
        const db = await session.database();
        const id = await findExecutionId(db, prefix);
        const execution = await readExecution(db, id);
        const rows = ganttRows(execution, await readTaskRuns(db, id), await readAttempts(db, id));
        const unreached = await readUnreached(db, id);
        session.print({ execution, rows, unreachedTasks: unreached }, () =>
          [
            executionLine(execution),
            ganttText(execution, rows),
            ...unreached.map((task) => paint("dim", `${task}  not reached`)),
          ].join("\n"),
        );
      }),
    );
}
