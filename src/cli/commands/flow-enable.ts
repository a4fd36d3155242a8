import type { Command } from "commander";
import { z } from "zod";
import { callOne } from "../../db/call.ts";
import { act, leaf } from "../command.ts";

/** `reprise flow enable` */
export function flowEnable(): Command {
  return setter("enable", "Let a disabled flow start executions again.", "reprise_api.enable_flow");
}

/** `reprise flow disable` */
export function flowDisable(): Command {
  return setter(
    "disable",
    "Stop a flow from starting executions. Running ones go on.",
    "reprise_api.disable_flow",
  );
}

function setter(
  name: string,
  description: string,
  verb: "reprise_api.enable_flow" | "reprise_api.disable_flow",
): Command {
  return leaf(name, description)
    .argument("<namespace>")
    .argument("<flow>")
    .action(
      act(z.object({}), async (session, _options, namespace: string, flowId: string) => {
        const flow = await callOne(await session.database(), verb, { namespace, flow_id: flowId });
        session.print(
          { namespace, id: flowId, isDisabled: flow.is_disabled },
          () => `${namespace}.${flowId} is ${name}d.`,
        );
      }),
    );
}
