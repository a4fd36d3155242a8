import { get, type Step } from "postgraphile/grafast";
import { resourceNamed } from "./resource-named.ts";

/** The payload of a mutation that is about one execution: that execution as it is behind it. */
export function executionPayload(build: GraphileBuild.Build) {
  const executions = resourceNamed(build, "executions");
  return {
    plans: { execution: ($done: Step<{ id: string }>) => executions.get({ id: get($done, "id") }) },
  };
}
