import type { Findings } from "./issue.ts";
import { isWritten, type Written } from "./written.ts";
import { isLiteral } from "./written-fault.ts";

/** Warns of templates in what the checks of a flow say: it is told as it is written. */
export function checkMessages({ checks }: Written, findings: Findings): void {
  if (!Array.isArray(checks)) return;
  for (const [index, check] of checks.entries()) {
    const message: unknown = isWritten(check) ? check.message : undefined;
    if (typeof message !== "string" || isLiteral(message)) continue;
    const told = "The message of a check is told as it is written: no template in it is rendered.";
    findings.warning(["checks", index, "message"], "message_as_written", told, {
      hint: "Say what has to hold; whoever reads it knows what was given.",
    });
  }
}
