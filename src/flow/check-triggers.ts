import { checkUnique, entriesOf } from "./check-unique.ts";
import type { Findings } from "./issue.ts";
import { didYouMean, nearestType } from "./suggest.ts";
import { triggerTypes } from "./trigger-schema.ts";
import { isWritten, type Written } from "./written.ts";

/** Checks that the triggers of a flow are of known types and have ids of their own. */
export function checkTriggers(flow: Written, findings: Findings): void {
  const triggers = entriesOf(flow, "triggers");
  checkUnique("trigger", triggers, findings);
  for (const { value, path } of triggers) {
    const type = isWritten(value) ? value.type : undefined;
    if (typeof type !== "string" || triggerTypes.has(type)) continue;
    const hint = didYouMean(nearestType(type, triggerTypes));
    findings.error([...path, "type"], "unknown_trigger_type", `Unknown trigger type \`${type}\`.`, { hint });
  }
}
