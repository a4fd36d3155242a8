import type { Command } from "commander";
import { z } from "zod";
import { act, leaf } from "../command.ts";
import { exitCodes } from "../exit-code.ts";
import { checkedDocument, checkFlows, countIssues } from "../flows/check-flows.ts";
import { readFlowSources } from "../flows/flow-sources.ts";
import { issueText } from "../flows/issue-text.ts";
import { paint } from "../present/paint.ts";

const options = z.object({});

/** `reprise flow validate` */
export function flowValidate(): Command {
  return leaf("validate", "Check flows without saving them. Needs no database.")
    .argument("<paths...>", "files, folders, or - for stdin")
    .action(
      act(options, async (session, _options, paths: string[]) => {
        const checked = checkFlows(await readFlowSources(paths));
        const isValid = checked.every(({ flow }) => flow !== undefined);
        session.print({ isValid, flows: checked.map(checkedDocument) }, () =>
          [
            ...checked.flatMap(({ from, issues }) => issues.map((issue) => issueText(from, issue))),
            ...checked
              .filter(({ flow }) => flow !== undefined)
              .map(({ from, flow }) => `${paint("green", "✓")} ${from.name}: ${flow?.namespace}.${flow?.id}`),
            ...(isValid ? [] : [countIssues(checked)]),
          ].join("\n"),
        );
        return isValid ? exitCodes.ok : exitCodes.failed;
      }),
    );
}
