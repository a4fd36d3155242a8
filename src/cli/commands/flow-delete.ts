import type { Command } from "commander";
import { z } from "zod";
import { callOne } from "../../db/call.ts";
import { act, leaf } from "../command.ts";

/** `reprise flow delete` */
export function flowDelete(): Command {
  return leaf(
    "delete",
    "Delete a flow. Its revisions and executions stay readable; saving it again brings it back.",
  )
    .argument("<namespace>")
    .argument("<flow>")
    .action(
      act(z.object({}), async (session, _options, namespace: string, flowId: string) => {
        const flow = await callOne(await session.database(), "reprise_api.delete_flow", {
          namespace,
          flow_id: flowId,
        });
        session.print(
          { namespace, id: flowId, deletedAt: flow.deleted_at },
          () => `${namespace}.${flowId} is deleted.`,
        );
      }),
    );
}
