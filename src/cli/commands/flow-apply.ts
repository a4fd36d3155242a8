import type { Command } from "commander";
import { z } from "zod";
import { act, leaf } from "../command.ts";
import { exitCodes } from "../exit-code.ts";
import { addSubflowIssues } from "../flows/add-subflow-issues.ts";
import { type CheckedFlow, checkedDocument, checkFlows, countIssues } from "../flows/check-flows.ts";
import { readFlowSources } from "../flows/flow-sources.ts";
import { issueText } from "../flows/issue-text.ts";
import { type SavedFlow, saveFlow } from "../flows/save-flow.ts";
import { paint } from "../present/paint.ts";
import type { Session } from "../session.ts";

const options = z.object({ message: z.string().optional() });

/** `reprise flow apply` */
export function flowApply(): Command {
  return leaf("apply", "Check flows and save each as its next revision, all of them or none.")
    .argument("<paths...>", "files, folders, or - for stdin")
    .option("-m, --message <text>", "what the change is, kept with the revision")
    .action(
      act(options, async (session, { message }, paths: string[]) => {
        const checked = checkFlows(await readFlowSources(paths));
        const isValid = checked.every(({ flow }) => flow !== undefined);
        const saved = isValid ? await saveAll(session, checked, message) : [];
        await addSubflowIssues(session, checked);
        const flows = checked.map((flow, index) => ({ ...checkedDocument(flow), ...describe(saved[index]) }));
        session.print({ isValid, flows }, () =>
          [
            ...checked.flatMap(({ from, issues }) => issues.map((issue) => issueText(from, issue))),
            ...saved.map(saidOf),
            ...(isValid ? [] : [`Nothing was saved: ${countIssues(checked)}.`]),
          ].join("\n"),
        );
        return isValid ? exitCodes.ok : exitCodes.failed;
      }),
    );
}

/** In one transaction, so that flows which belong together come together. */
async function saveAll(session: Session, checked: readonly CheckedFlow[], message: string | undefined) {
  const client = await (await session.database()).connect();
  const saved: SavedFlow[] = [];
  try {
    await client.query("begin");
    for (const { from, flow } of checked) {
      if (flow !== undefined)
        saved.push(await saveFlow(client, from.source, flow, { message, actor: session.actor }));
    }
    await client.query("commit");
    return saved;
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

function describe(saved: SavedFlow | undefined) {
  return { revision: saved?.revision ?? null, isNew: saved?.isNew ?? false };
}

function saidOf({ namespace, id, revision, isNew }: SavedFlow): string {
  const what = isNew ? `saved as revision ${revision}` : `unchanged, revision ${revision}`;
  return `${paint("green", "✓")} ${namespace}.${id} ${what}`;
}
