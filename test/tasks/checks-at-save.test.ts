import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readFlow } from "../../src/flow/read-flow.ts";
import { taskTypes } from "../../src/tasks/registry.ts";

/** What is said of a flow with one task, from line 4 on. */
function issuesOf(task: string): string[] {
  const { issues } = readFlow(`id: f\nnamespace: company.team\ntasks:\n${task}`, taskTypes);
  return issues.map(({ line, column, severity, reason }) => `${line}:${column} ${severity} ${reason}`);
}

describe("what is wrong in a list", () => {
  it("stands at its entry", () => {
    const metrics = "[{name: x, type: counter, value: 1}, {name: y, type: conter, value: 1}]";
    assert.deepEqual(
      issuesOf(`  - id: a\n    type: io.kestra.plugin.core.metric.Publish\n    metrics: ${metrics}\n`),
      ["6:67 ERROR wrong_type"],
    );
  });
});

describe("the labels of a Labels task", () => {
  const labels = (value: string) =>
    issuesOf(`  - id: a\n    type: io.kestra.plugin.core.execution.Labels\n    labels: ${value}\n`);

  it("may have any key, though one that flows cannot have is told", () => {
    assert.deepEqual(labels('{Bad Key: x, ok: y, "{{ execution.id }}": z}'), ["6:14 WARNING odd_label"]);
    assert.deepEqual(labels("[{key: Bad Key, value: x}]"), ["6:20 WARNING odd_label"]);
  });

  it("that starts an execution are such that executions can have", () => {
    const subflow = (given: string) =>
      issuesOf(
        `  - id: a\n    type: io.kestra.plugin.core.flow.Subflow\n    namespace: a\n    flowId: b\n    labels: ${given}\n`,
      );
    assert.deepEqual(subflow("{system.readOnly: y, Bad Key: x, ok: y}"), [
      "8:14 ERROR system_label",
      "8:34 ERROR invalid_label",
    ]);
  });

  it("are not the system's", () => assert.deepEqual(labels("{system.x: y}"), ["6:14 ERROR system_label"]));
});
