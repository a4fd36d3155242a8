import { checkUnique } from "./check-tasks.ts";
import type { Findings } from "./issue.ts";
import { didYouMean, nearestType } from "./suggest.ts";
import { triggerTypes } from "./trigger-schema.ts";
import { isWritten, type Written } from "./written.ts";

/** Checks that the triggers of a flow are of known types and have ids of their own. */
export function checkTriggers(flow: Written, findings: Findings): void {
  const triggers = Array.isArray(flow.triggers) ? flow.triggers : [];
  const ids = triggers.map((trigger: unknown, index) => ({
    id: isWritten(trigger) && typeof trigger.id === "string" ? trigger.id : undefined,
    path: ["triggers", index],
  }));
  checkUnique(ids, findings, "trigger");

  triggers.forEach((trigger: unknown, index) => {
    const type = isWritten(trigger) ? trigger.type : undefined;
    if (typeof type !== "string" || triggerTypes.has(type)) return;
    const hint = didYouMean(nearestType(type, triggerTypes));
    findings.error(["triggers", index, "type"], "unknown_trigger_type", `Unknown trigger type \`${type}\`.`, {
      hint,
    });
  });
}
