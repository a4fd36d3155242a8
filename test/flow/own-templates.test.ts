import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readFlow } from "../../src/flow/read-flow.ts";
import { taskTypes } from "../../src/tasks/registry.ts";

const core = "io.kestra.plugin.core";
const issuesOf = (task: string) =>
  readFlow(`id: f\nnamespace: company.team\ntasks:\n  - { id: a, ${task} }\n`, taskTypes).issues.map(
    ({ line, column, reason }) => `${line}:${column} ${reason}`,
  );

describe("a template that a task renders itself", () => {
  it("reads of an item what the flow does not know, and is parsed when the flow is saved", () => {
    const filter = (condition: string) =>
      `type: ${core}.storage.FilterItems, from: "{{ inputs.gone ?? 'kestra:///a' }}", filterCondition: "${condition}"`;
    assert.deepEqual(issuesOf(filter("{{ value > inputs.unknown }}")), []);
    assert.deepEqual(issuesOf(filter("{{ value > }}")), ["4:136 expression_syntax"]);
  });

  it("reads otherwise what any template does", () => {
    const condition = "{{ inputs.gone == 1 }}";
    assert.deepEqual(issuesOf(`type: ${core}.execution.Assert, conditions: ["${condition}"]`), [
      "4:77 unknown_input",
    ]);
  });
});
