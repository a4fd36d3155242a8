import type { Command } from "commander";
import { z } from "zod";
import { callOne } from "../../db/call.ts";
import { act, leaf } from "../command.ts";
import { pairs, several } from "../option.ts";
import { executionLine } from "../present/execution-text.ts";
import { findExecutionId } from "../read/find-execution.ts";
import { readExecution } from "../read/read-execution.ts";

const options = z.object({ label: z.array(z.string()).optional() });

/** `reprise execution set-labels` */
export function executionSetLabels(): Command {
  return leaf(
    "set-labels",
    "Give an execution labels in place of those that it has, also when it has ended.",
    "reprise execution set-labels 0192 -l team=rides -l reviewed=yes",
  )
    .argument("<execution>", "its id, or the beginning of it")
    .option(
      "-l, --label <key=value>",
      "a label; give it several times for several, or never for none",
      several,
    )
    .action(
      act(options, async (session, { label }, prefix: string) => {
        const db = await session.database();
        const execution_id = await findExecutionId(db, prefix);
        const labels = pairs("label", label);
        await callOne(db, "reprise_api.set_labels", { execution_id, labels, actor: session.actor });
        const execution = await readExecution(db, execution_id);
        session.print(execution, () => executionLine(execution));
      }),
    );
}
