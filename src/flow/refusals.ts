import type { Findings, Path } from "./issue.ts";
import { isWritten, type Written } from "./written.ts";

/** What the flow language has at the top of a flow and Reprise will run later. */
export const laterInFlow: Record<string, string> = {
  triggers: "Triggers",
};

interface Refusal {
  reason: string;
  message: string;
  hint?: string;
}

const quotas = {
  reason: "not_supported",
  message: "`quotas` are not supported.",
  hint: "Limit `concurrency` instead.",
};
const assets = { reason: "not_supported", message: "`assets` are not supported." };

/** What will never run, at the top of a flow. */
export const goneFromFlow: Record<string, Refusal> = {
  quotas,
  assets,
  listeners: {
    reason: "removed_property",
    message: "`listeners` are no longer part of the flow language.",
    hint: "Use `errors`, `finally` or `afterExecution` instead.",
  },
};

/** Packages of task types that a later version will have. */
export const laterTypes: Readonly<Record<string, string>> = {
  "io.kestra.plugin.core.kv.": "Tasks of `io.kestra.plugin.core.kv`, which keep values by key,",
  "io.kestra.plugin.core.state.": "Tasks of `io.kestra.plugin.core.state`, which keep states,",
};

/** Reports a task type that is known and does not run yet; says whether it is one. */
export function refuseLaterType(type: string, path: Path, findings: Findings): boolean {
  const [, what] = Object.entries(laterTypes).find(([start]) => type.startsWith(start)) ?? [];
  if (what !== undefined) notYet(findings, path, what, { atKey: false });
  return what !== undefined;
}

/** Takes out of a flow what will never run and reports it, so that the schema need not know it. */
export function refuseGone(flow: Written, findings: Findings): Written {
  const rest: Written = {};
  for (const [key, value] of Object.entries(flow)) {
    const refusal = Object.hasOwn(goneFromFlow, key) ? goneFromFlow[key] : undefined;
    if (refusal === undefined) rest[key] = value;
    else findings.error([key], refusal.reason, refusal.message, { hint: refusal.hint, atKey: true });
  }
  return rest;
}

/** Reports what stands at the top of a flow and does not run yet. */
export function refuseLaterInFlow(flow: Written, findings: Findings): void {
  for (const [key, what] of Object.entries(laterInFlow)) {
    if (isGiven(flow[key])) notYet(findings, [key], what);
  }
  refuseFallback(flow.workerGroup, [], findings);
}

/** Reports what stands in a task and does not run yet, or never will. */
export function refuseInTask(task: Written, path: Path, findings: Findings): void {
  refuseFallback(task.workerGroup, path, findings);
  if (task.assets !== undefined) {
    findings.error([...path, "assets"], assets.reason, assets.message, { atKey: true });
  }
}

/** A task waits for a worker of its group. */
function refuseFallback(group: unknown, path: Path, findings: Findings): void {
  const fallback = isWritten(group) ? group.fallback : undefined;
  if (fallback !== "FAIL" && fallback !== "CANCEL") return;
  findings.error(
    [...path, "workerGroup", "fallback"],
    "not_yet_supported",
    `The \`fallback\` \`${fallback}\` is not supported yet.`,
    { hint: "Use `WAIT`: the task begins when a worker of the group is there." },
  );
}

/** Reports something that a later version will run. `what` is a plural. */
export function notYet(
  findings: Findings,
  path: Path,
  what: string,
  options: { atKey?: boolean } = {},
): void {
  findings.error(path, "not_yet_supported", `${what} are not supported yet.`, {
    atKey: options.atKey ?? true,
  });
}

function isGiven(value: unknown): boolean {
  return value !== undefined && !(Array.isArray(value) && value.length === 0);
}
