import { constantFaults } from "../expression/constant-faults.ts";
import { checkUnique, entriesOf } from "./check-unique.ts";
import { cronProblem } from "./cron.ts";
import { instantOf } from "./input-form.ts";
import type { Findings, Path } from "./issue.ts";
import { didYouMean, nearest, nearestType } from "./suggest.ts";
import { triggerTypes } from "./trigger-schema.ts";
import { holdsTemplate } from "./words.ts";
import { isWritten, type Written } from "./written.ts";

/** Checks that the triggers of a flow are of known types and have ids of their own. */
export function checkTriggers(flow: Written, findings: Findings): void {
  const triggers = entriesOf(flow, "triggers");
  checkUnique("trigger", triggers, findings);
  for (const { value, path } of triggers) {
    const type = isWritten(value) ? value.type : undefined;
    if (type === scheduleType && isWritten(value)) checkSchedule(value, path, findings);
    if (type === datesType && isWritten(value)) checkDates(value, path, findings);
    if (typeof type !== "string" || triggerTypes.has(type)) continue;
    const hint = didYouMean(nearestType(type, triggerTypes));
    findings.error([...path, "type"], "unknown_trigger_type", `Unknown trigger type \`${type}\`.`, { hint });
  }
}

const scheduleType = "io.kestra.plugin.core.trigger.Schedule";

const datesType = "io.kestra.plugin.core.trigger.ScheduleOnDates";

function checkDates({ dates }: Written, path: Path, findings: Findings): void {
  for (const [index, date] of (Array.isArray(dates) ? dates : []).entries()) {
    if (typeof date !== "string" || holdsTemplate(date) || instantOf("DATETIME", date) !== undefined)
      continue;
    findings.error([...path, "dates", index], "invalid_date", `\`${date}\` is no date.`, {
      hint: "Write it with time and zone, as in `2026-01-31T09:00:00Z`.",
    });
  }
}

/** Checks when a schedule fires: its cron line, and the time zone that it is read in. */
function checkSchedule({ cron, timezone, withSeconds }: Written, path: Path, findings: Findings): void {
  if (cron === undefined) {
    findings.error(path, "missing_property", "Property `cron` is required.");
  } else if (typeof cron === "string" && !holdsTemplate(cron)) {
    const problem = cronProblem(cron, { hasSeconds: withSeconds === true });
    if (problem !== undefined)
      findings.error([...path, "cron"], "invalid_cron", problem, {
        hint: "Write it as in `0 6 * * 1-5`: minute, hour, day of month, month, day of week.",
      });
  }
  if (typeof timezone !== "string" || holdsTemplate(timezone)) return;
  const problem = constantFaults(`{{ now(timeZone='${timezone.replaceAll(/['\\\\]/g, "")}') }}`)[0];
  if (problem === undefined) return;
  findings.error([...path, "timezone"], "invalid_time_zone", `\`${timezone}\` is no time zone.`, {
    hint: didYouMean(nearest(timezone, Intl.supportedValuesOf("timeZone"))),
  });
}
