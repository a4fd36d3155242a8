import type { Command } from "commander";
import { z } from "zod";
import { startsFlows } from "../../worker/check-subflows.ts";
import { act, leaf } from "../command.ts";
import { exitCodes } from "../exit-code.ts";
import { describeFailure } from "../failure.ts";
import { addSubflowIssues } from "../flows/add-subflow-issues.ts";
import { type CheckedFlow, checkedDocument, checkFlows, countIssues } from "../flows/check-flows.ts";
import { readFlowSources } from "../flows/flow-sources.ts";
import { issueText } from "../flows/issue-text.ts";
import { paint } from "../present/paint.ts";
import type { Session } from "../session.ts";

const options = z.object({ offline: z.boolean().optional() });

/** `reprise flow validate` */
export function flowValidate(): Command {
  return leaf(
    "validate",
    "Check flows without saving them. Where a database is there, it is asked for the flows that Subflows start; else that is left out, and said.",
  )
    .argument("<paths...>", "files, folders, or - for stdin")
    .option("--offline", "ask no database")
    .action(
      act(options, async (session, { offline = false }, paths: string[]) => {
        const checked = checkFlows(await readFlowSources(paths));
        const isValid = checked.every(({ flow }) => flow !== undefined);
        const unchecked = (await lookAtSubflows(session, checked, offline)) ?? null;
        session.print({ isValid, unchecked, flows: checked.map(checkedDocument) }, () =>
          [
            ...checked.flatMap(({ from, issues }) => issues.map((issue) => issueText(from, issue))),
            ...checked
              .filter(({ flow }) => flow !== undefined)
              .map(({ from, flow }) => `${paint("green", "✓")} ${from.name}: ${flow?.namespace}.${flow?.id}`),
            ...(isValid ? [] : [countIssues(checked)]),
          ].join("\n"),
        );
        if (unchecked !== null) session.note(unchecked);
        return isValid ? exitCodes.ok : exitCodes.failed;
      }),
    );
}

/** Gives what was not looked at, and why. */
async function lookAtSubflows(
  session: Session,
  checked: readonly CheckedFlow[],
  isOffline: boolean,
): Promise<string | undefined> {
  const unchecked = "Not looked at: the flows that Subflows start.";
  if (isOffline) return checked.some(({ from }) => startsFlows(from.source)) ? unchecked : undefined;
  try {
    await addSubflowIssues(session, checked);
    return undefined;
  } catch (error) {
    // Whatever it is, all that it keeps from being said are warnings.
    return `${unchecked} ${describeFailure(error).failure.message}`;
  }
}
