import type { Command } from "commander";
import { z } from "zod";
import { act, leaf } from "../command.ts";
import { asCalled } from "../present/as-called.ts";
import { timeText } from "../present/figure-text.ts";
import { table } from "../present/table.ts";
import { readFlows } from "../read/read-flows.ts";

const options = z.object({ namespace: z.string().optional() });

/** `reprise flow list` */
export function flowList(): Command {
  return leaf("list", "List the flows.")
    .option("-n, --namespace <namespace>", "only of this namespace and those below it")
    .action(
      act(options, async (session, { namespace }) => {
        const flows = await readFlows(await session.database(), namespace);
        session.print(flows, () =>
          flows.length === 0
            ? asCalled("There are no flows. Save one with: reprise flow apply FILE")
            : table(
                ["NAMESPACE", "ID", "REVISION", "ENABLED", "UPDATED", "DESCRIPTION"],
                flows.map((flow) => [
                  flow.namespace,
                  flow.id,
                  flow.latestRevision,
                  flow.isDisabled ? "no" : "yes",
                  timeText(flow.updatedAt),
                  (flow.description ?? "").split("\n")[0]?.slice(0, 60),
                ]),
              ),
        );
      }),
    );
}
