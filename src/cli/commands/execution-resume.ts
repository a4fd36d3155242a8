import type { Command } from "commander";
import { z } from "zod";
import { resumeExecution } from "../../worker/resume-execution.ts";
import { act, leaf } from "../command.ts";
import { uploadInputs } from "../input-files.ts";
import { jsonObject, pairs, several } from "../option.ts";
import { executionLine } from "../present/execution-text.ts";
import { findExecutionId } from "../read/find-execution.ts";
import { readExecution } from "../read/read-execution.ts";
import { showEnd } from "../wait/show-end.ts";

const options = z.object({
  input: z.array(z.string()).optional(),
  inputs: z.string().optional(),
  file: z.array(z.string()).optional(),
  taskRun: z.string().optional(),
  breakpoint: z.array(z.string()).optional(),
  wait: z.boolean().default(false),
  follow: z.boolean().default(false),
});

/** `reprise execution resume` */
export function executionResume(): Command {
  return leaf(
    "resume",
    "Go on with an execution that is paused, by somebody or by a Pause.",
    "reprise execution resume 0192 --input approved=true",
  )
    .argument("<execution>", "its id, or the beginning of it")
    .option("-i, --input <key=value>", "an input that the Pause asks for; several times for several", several)
    .option("--inputs <json>", "inputs as one JSON object; --input lays over it")
    .option("--file <key=path>", "a file to upload as an input; several times for several", several)
    .option("--task-run <id>", "the task run of another Pause than the one that waits first")
    .option(
      "--breakpoint <task>",
      "where to stop next, in place of what it had; several times for several",
      several,
    )
    .option("-w, --wait", "wait until it has ended; its end decides the exit code")
    .option("-f, --follow", "wait, and print its log as it comes")
    .action(
      act(options, async (session, given, prefix: string) => {
        const db = await session.database();
        const execution_id = await findExecutionId(db, prefix);
        const inputs = {
          ...jsonObject("inputs", given.inputs),
          ...pairs("input", given.input),
          ...(await uploadInputs(db, given.file)),
        };
        await resumeExecution(
          db,
          {
            execution_id,
            inputs,
            task_run_id: given.taskRun,
            breakpoints: given.breakpoint ?? null,
            actor: session.actor,
          },
          session.secretBox,
        );
        if (given.wait || given.follow)
          return await showEnd(session, execution_id, { isFollowing: given.follow });
        const execution = await readExecution(db, execution_id);
        session.print(execution, () => executionLine(execution));
      }),
    );
}
