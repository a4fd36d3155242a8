import type { Command } from "commander";
import { z } from "zod";
import { act, leaf } from "../command.ts";
import { usageError } from "../failure.ts";
import { paintDiff, unifiedDiff } from "../flows/diff-text.ts";
import { positive } from "../option.ts";
import { pickRevision, type RevisionDocument, readRevisions } from "../read/read-flows.ts";

/** `reprise flow diff` */
export function flowDiff(): Command {
  return leaf("diff", "Show what differs between two revisions of a flow, by default the last two.")
    .argument("<namespace>")
    .argument("<flow>")
    .argument("[from]", "the revision before; else the one below `to`", positive)
    .argument("[to]", "the revision after; else the latest", positive)
    .action(
      act(
        z.object({}),
        async (session, _options, namespace: string, flowId: string, from?: number, to?: number) => {
          const revisions = await readRevisions(await session.database(), namespace, flowId);
          const after = pickRevision(revisions, to);
          const before = pickRevision(revisions, from ?? beforeThat(after));
          const diff = unifiedDiff(side(before), side(after));
          session.print({ namespace, flowId, from: before.revision, to: after.revision, diff }, () =>
            diff === ""
              ? `Revisions ${before.revision} and ${after.revision} have the same text.`
              : paintDiff(diff),
          );
        },
      ),
    );
}

function beforeThat({ revision, namespace, flowId }: RevisionDocument): number {
  if (revision > 1) return revision - 1;
  throw usageError(`The flow ${namespace}.${flowId} has one revision; there is nothing to compare it with.`);
}

function side({ flowId, revision, source }: RevisionDocument) {
  return { name: `${flowId} revision ${revision}`, source };
}
