import type { CompiledFlow } from "../../flow/compiled-flow.ts";
import type { Issue } from "../../flow/issue.ts";
import { readFlow } from "../../flow/read-flow.ts";
import { taskTypes } from "../../tasks/registry.ts";
import { countText } from "../present/figure-text.ts";
import type { FlowSource } from "./flow-sources.ts";

/** A flow that was read, and everything that there is to say about it. */
export interface CheckedFlow {
  from: FlowSource;
  /** Undefined when an issue stands in its way. */
  flow: CompiledFlow | undefined;
  issues: Issue[];
}

/** Reads and checks flows. */
export function checkFlows(sources: readonly FlowSource[]): CheckedFlow[] {
  return sources.map((from) => ({ from, ...readFlow(from.source, taskTypes) }));
}

/** What `--json` says of a checked flow. */
export function checkedDocument({ from, flow, issues }: CheckedFlow) {
  return {
    file: from.name,
    isValid: flow !== undefined,
    namespace: flow?.namespace ?? null,
    id: flow?.id ?? null,
    issues,
  };
}

/** How many errors and warnings, in words. */
export function countIssues(checked: readonly CheckedFlow[]): string {
  const issues = checked.flatMap((flow) => flow.issues);
  const errors = issues.filter(({ severity }) => severity === "ERROR").length;
  const warnings = issues.length - errors;
  return `${countText(errors, "error")}, ${countText(warnings, "warning")}`;
}
