import { readsOfDeep } from "../expression/render-deep.ts";
import type { CompiledCheck, CompiledSla, FlowDefinition } from "./compiled-flow.ts";
import { durationMs } from "./duration.ts";
import type { FlowSource } from "./flow-schema.ts";
import type { Check, Sla } from "./gate-schema.ts";
import { compileLabels } from "./label-schema.ts";

/** What a flow says about when its executions may start and how long they may run. What it does not say is left out. */
export function compileGates(
  flow: Pick<FlowSource, "concurrency" | "sla" | "checks" | "variables">,
): Pick<FlowDefinition, "concurrency" | "sla" | "checks"> {
  const { concurrency, sla = [], checks = [], variables = {} } = flow;
  return {
    ...(concurrency && { concurrency: { ...concurrency, behavior: concurrency.behavior ?? "QUEUE" } }),
    ...(sla.length > 0 && { sla: withKeys(sla.map((each) => compileSla(each, variables))) }),
    ...(checks.length > 0 && { checks: checks.map(compileCheck) }),
  };
}

/** Several SLAs may have one id. */
function withKeys(slas: readonly CompiledSla[]): CompiledSla[] {
  const count = new Map<string, number>();
  return slas.map((sla) => {
    const number = (count.get(sla.id) ?? 0) + 1;
    count.set(sla.id, number);
    return number === 1 ? sla : { ...sla, key: `${sla.id}#${number}` };
  });
}

function compileSla(sla: Sla, variables: Record<string, unknown>): CompiledSla {
  const { id, behavior } = sla;
  const common = { id, behavior, ...(sla.labels && { labels: compileLabels(sla.labels) }) };
  if (sla.type === "MAX_DURATION")
    return { ...common, type: sla.type, durationMs: durationMs(sla.duration) ?? 0 };
  const reads = readsOfDeep(sla.assert, variables);
  // What reads nothing that comes with the tasks holds for the whole execution, or never did.
  const isFollowed = reads.all || reads.outputs.length > 0;
  return { ...common, type: sla.type, assert: sla.assert, isFollowed };
}

function compileCheck({ condition, message, behavior, style }: Check): CompiledCheck {
  return {
    condition,
    message: message ?? String(condition),
    style: style ?? "INFO",
    behavior: behavior ?? "BLOCK_EXECUTION",
  };
}
