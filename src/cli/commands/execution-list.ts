import type { Command } from "commander";
import { z } from "zod";
import { act, leaf } from "../command.ts";
import { executionStates, momentOf, pairs, positive, several } from "../option.ts";
import { durationText, timeText } from "../present/figure-text.ts";
import { paint, paintState, terminalWidth } from "../present/paint.ts";
import { table } from "../present/table.ts";
import { listExecutions } from "../read/list-executions.ts";
import type { ExecutionDocument } from "../read/read-execution.ts";

const options = z.object({
  namespace: z.string().optional(),
  flow: z.string().optional(),
  revision: z.number().optional(),
  state: executionStates.optional(),
  label: z.array(z.string()).optional(),
  since: z.string().optional(),
  until: z.string().optional(),
  text: z.string().optional(),
  limit: z.number().default(20),
});

/** `reprise execution list` */
export function executionList(): Command {
  return leaf(
    "list",
    "List executions, the newest first.",
    "reprise execution list --state failed,killed --since 1d --flow hello",
    "reprise execution list --label team=a --text 2026-08",
  )
    .option("-n, --namespace <namespace>", "of this namespace and those below it")
    .option("-F, --flow <id>", "of this flow")
    .option("-r, --revision <number>", "on this revision", positive)
    .option("-s, --state <state>", "in this state; give several with commas", several)
    .option("-l, --label <key=value>", "with this label; give it several times for several", several)
    .option("--since <time>", "created since then: a time, or how long ago (1h, 2d, P1D)")
    .option("--until <time>", "created before then")
    .option("-t, --text <text>", "with this in the id, the flow, the note or a label")
    .option("--limit <number>", "at most so many (20)", positive)
    .action(
      act(options, async (session, given) => {
        const executions = await listExecutions(await session.database(), {
          ...given,
          states: given.state,
          labels: given.label && pairs("label", given.label),
          since: momentOf("since", given.since),
          until: momentOf("until", given.until),
        });
        session.print(executions, () => (executions.length === 0 ? "No executions." : listText(executions)));
      }),
    );
}

/** What a line with the id of the original needs. A narrower terminal would break every line. */
const wide = 150;

function listText(executions: readonly ExecutionDocument[]): string {
  const isRoomy = !process.stdout.isTTY || terminalWidth() >= wide;
  const withOriginal = isRoomy && executions.some(({ originalId }) => originalId !== null);
  const heading = ["ID", "STATE", "FLOW", "REV", "ATT", "CREATED", "TOOK"];
  return table(
    withOriginal ? [...heading, "REPLAY OF"] : heading,
    executions.map((execution) => [
      execution.id,
      paintState(execution.state),
      `${execution.namespace}.${execution.flowId}`,
      execution.flowRevision,
      execution.attemptNumber,
      timeText(execution.createdAt),
      durationText(execution.durationMs),
      ...(withOriginal ? [paint("dim", execution.originalId ?? "")] : []),
    ]),
  );
}
