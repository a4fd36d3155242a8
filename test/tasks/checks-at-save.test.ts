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

  it("are not the system's", () => assert.deepEqual(labels("{system.x: y}"), ["6:14 ERROR system_label"]));
});

describe("what is written as JSON, or as a list or map", () => {
  const said = (type: string, ...lines: string[]) => {
    const source = `id: f\nnamespace: company.team\ninputs: [{id: f, type: STRING}]\ntasks:\n  - id: a\n    type: io.kestra.plugin.${type}\n${lines.map((line) => `    ${line}\n`).join("")}`;
    return readFlow(source, taskTypes).issues.map(
      ({ line, column, message }) => `${line}:${column} ${message}`,
    );
  };

  it("may hold templates where each is an entry", () => {
    assert.deepEqual(said("core.storage.Concat", `files: '["{{ inputs.f }}", "kestra:///a"]'`), []);
    const codes = `options: {allowedResponseCodes: '["{{ inputs.f }}", 200]'}`;
    assert.deepEqual(said("core.http.Request", "uri: http://example.test", codes), []);
  });

  it("is looked into where it holds none, and told at the text", () => {
    assert.deepEqual(said("core.storage.Concat", `files: '["kestra:///a", "b"]'`), [
      "7:12 Property `files`: at 1: Expected the URI of a stored file, such as kestra:///company/team/….",
    ]);
  });

  it("may stand where text is wanted", () => {
    assert.deepEqual(said("core.debug.Return", `format: {a: 1, b: ["{{ inputs.f }}"]}`), []);
    assert.deepEqual(said("core.storage.Write", "content: [a]"), []);
    assert.deepEqual(
      said("core.http.Request", "uri: http://example.test", "body: {a: 1}", "method: POST"),
      [],
    );
    assert.deepEqual(said("serdes.excel.IonToExcel", `from: '[{"a":1}]'`), []);
  });

  it("is no word of a few, and no URI", () => {
    assert.equal(said("core.log.Log", "message: a", "level: {a: 1}").length, 1);
    assert.equal(said("core.storage.Size", "uri: {a: 1}").length, 1);
  });
});
