import type { Command } from "commander";
import { z } from "zod";
import { act, leaf } from "../command.ts";
import { timeText } from "../present/figure-text.ts";
import { table } from "../present/table.ts";
import { readRevisions } from "../read/read-flows.ts";

/** `reprise flow revisions` */
export function flowRevisions(): Command {
  return leaf("revisions", "List the revisions of a flow, the newest first.")
    .argument("<namespace>")
    .argument("<flow>")
    .action(
      act(z.object({}), async (session, _options, namespace: string, flowId: string) => {
        const revisions = await readRevisions(await session.database(), namespace, flowId);
        session.print(revisions, () =>
          table(
            ["REVISION", "SAVED", "BY", "MESSAGE"],
            revisions.map((row) => [row.revision, timeText(row.createdAt), row.createdBy, row.message]),
          ),
        );
      }),
    );
}
