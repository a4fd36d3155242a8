import type { Command } from "commander";
import { z } from "zod";
import { writeJson } from "../../base/json.ts";
import { act, leaf } from "../command.ts";
import { paint } from "../present/paint.ts";
import { runName } from "../present/run-name.ts";
import { checkTaskRun } from "../read/check-task-run.ts";
import { findExecutionId } from "../read/find-execution.ts";
import { readExecution, readTaskRuns } from "../read/read-execution.ts";

const options = z.object({ task: z.string().optional() });

/** `reprise execution outputs` */
export function executionOutputs(): Command {
  return leaf("outputs", "Print the outputs of an execution and of its tasks.")
    .argument("<execution>", "its id, or the beginning of it")
    .option("--task <id>", "of this task only")
    .action(
      act(options, async (session, { task }, prefix: string) => {
        const db = await session.database();
        const execution = await readExecution(db, await findExecutionId(db, prefix));
        const runs = (await readTaskRuns(db, execution.id)).filter(
          ({ taskId }) => task === undefined || taskId === task,
        );
        if (task !== undefined && runs.length === 0) await checkTaskRun(db, execution.id, task);
        const tasks = runs.map(({ taskId, iterationPath, isCarried, outputs }) => ({
          taskId,
          iterationPath,
          isCarried,
          outputs,
        }));
        session.print({ outputs: execution.outputs, tasks }, () =>
          [
            ...(execution.outputs === null ? [] : [paint("bold", "flow"), pretty(execution.outputs)]),
            ...tasks.flatMap((run) => [
              paint("bold", runName(run.taskId, run.iterationPath)) +
                (run.isCarried ? paint("magenta", " carried") : ""),
              pretty(run.outputs),
            ]),
          ].join("\n"),
        );
      }),
    );
}

function pretty(outputs: Record<string, unknown> | null): string {
  return outputs === null ? "  –" : writeJson(outputs, 2).replace(/^/gm, "  ");
}
