import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readFlow } from "../../src/flow/read-flow.ts";
import { flow, log, taskTypes } from "./task-types.ts";

const issuesOf = (source: string) => readFlow(source, taskTypes).issues;

describe("readFlow, variables", () => {
  const variables =
    'variables: {letter: "Dear {{ customer }} {% include x %}", a: ["{{ inputs.x }}"], b: "{{ render(vars.a) }}"}\n';
  const severities = (message: string) =>
    issuesOf(flow(log("t", message), variables)).map(({ reason, severity }) => `${reason} ${severity}`);

  it("may be templates for somebody else, as long as nothing renders them", () => {
    assert.deepEqual(severities('"{{ vars.letter }}"'), [
      "unknown_name WARNING",
      "expression_syntax WARNING",
      "unknown_input WARNING",
    ]);
    const { flow: read } = readFlow(flow(log("t", '"{{ vars.letter }}"'), variables), taskTypes);
    assert.ok(read);
  });

  it("must be sound where a template renders them, directly or not", () => {
    assert.deepEqual(severities('"{{ render(vars.letter) }}"'), [
      "unknown_name ERROR",
      "expression_syntax ERROR",
      "unknown_input WARNING",
    ]);
    assert.deepEqual(severities('"{{ render(vars.b) }}"'), [
      "unknown_name WARNING",
      "expression_syntax WARNING",
      "unknown_input ERROR",
    ]);
    assert.deepEqual(severities("\"{{ render(vars.b) ?? 'none' }}\""), [
      "unknown_name WARNING",
      "expression_syntax WARNING",
      "unknown_input WARNING",
    ]);
  });
});
