import type { Command } from "commander";
import { group } from "../command.ts";
import { flowApply } from "./flow-apply.ts";
import { flowDelete } from "./flow-delete.ts";
import { flowDiff } from "./flow-diff.ts";
import { flowDisable, flowEnable } from "./flow-enable.ts";
import { flowList } from "./flow-list.ts";
import { flowRevisions } from "./flow-revisions.ts";
import { flowShow } from "./flow-show.ts";
import { flowValidate } from "./flow-validate.ts";

/** `reprise flow` */
export function flow(): Command {
  return group("flow", "Check, save and look at flows.", [
    flowValidate(),
    flowApply(),
    flowList(),
    flowShow(),
    flowRevisions(),
    flowDiff(),
    flowEnable(),
    flowDisable(),
    flowDelete(),
  ]);
}
