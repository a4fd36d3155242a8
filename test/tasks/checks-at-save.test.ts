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

/** What is said of a task of a flow with an input `f`, whose properties stand from line 7 on. */
function said(type: string, ...lines: string[]): string[] {
  const properties = lines.map((line) => `    ${line}\n`).join("");
  const source = `id: f\nnamespace: company.team\ninputs: [{id: f, type: STRING}]\ntasks:\n  - id: a\n    type: io.kestra.plugin.${type}\n${properties}`;
  return readFlow(source, taskTypes).issues.map(
    ({ line, column, message }) => `${line}:${column} ${message}`,
  );
}

describe("what is written as JSON, or as a list or map", () => {
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

describe("what can never work", () => {
  const from = "from: kestra:///a";

  it("is a size, a pattern, or no way at all to split a file by", () => {
    const split = (...lines: string[]) => said("core.storage.Split", from, ...lines);
    assert.deepEqual(split("bytes: 10XB"), ["8:12 Invalid size with value '10XB'."]);
    assert.deepEqual(split("regexPattern: '('"), [
      "8:19 `(` is no regular expression: missing closing ): `(`.",
    ]);
    assert.deepEqual(split(), ["5:5 Invalid configuration with no size, count, rows, nor regexPattern."]);
    for (const fine of ["bytes: 10MB", "rows: 2", 'bytes: "{{ inputs.f }}"', "regexPattern: '^(a)'"])
      assert.deepEqual(split(fine), []);
  });

  it("is the same for the batches of a ForEachItem", () => {
    const items = (batch: string) =>
      said(
        "core.flow.ForEachItem",
        "namespace: company.team",
        "flowId: g",
        `items: "{{ inputs.f }}"`,
        `batch: ${batch}`,
      );
    assert.deepEqual(items("{bytes: 10XB}"), ["10:20 Invalid size with value '10XB'."]);
    assert.deepEqual(items("{bytes: 10KB}"), []);
    assert.deepEqual(items("{partitions: 0}"), ["10:25 Property `partitions` must be at least 1."]);
    assert.deepEqual(items("{regexPattern: x}"), [
      "10:27 `x` has no group to tell lines apart by: all of them are left out.",
    ]);
  });

  it("is a URI that HTTP cannot ask", () => {
    const uri = (text: string) => said("core.http.Request", `uri: ${text}`);
    assert.deepEqual(uri("ht!tp://x y"), ["7:10 `ht!tp://x y` is not a URI."]);
    assert.deepEqual(uri("ftp://x"), ["7:10 Only http and https can be asked, not ftp."]);
    assert.deepEqual(uri('"ftp://{{ inputs.f }}"'), ["7:10 Only http and https can be asked, not ftp."]);
    for (const fine of ['"{{ inputs.f }}/a"', "HTTPS://example.test/a b", '"http://{{ inputs.f }}"'])
      assert.deepEqual(uri(fine), []);
    assert.equal(said("core.http.Download", "uri: kestra:///a").length, 1);
  });

  it("is a file outside of the directory", () => {
    const files = (...lines: string[]) => said("core.storage.LocalFiles", ...lines);
    assert.deepEqual(files("inputs: {../x: a, y: b, /z: c}", "outputs: [a/../../b, '**']"), [
      "7:14 `../x` leads out of the working directory.",
      "7:29 `/z` leads out of the working directory.",
      "8:15 `a/../../b` leads out of the working directory.",
    ]);
    assert.deepEqual(files('inputs: {"{{ inputs.f }}": a, b/c: d}', "outputs: ['b/*']"), []);
  });

  it("is counting nothing", () => {
    const count = (...lines: string[]) =>
      said("core.execution.Count", "startDate: 2026-01-01T00:00:00Z", ...lines);
    assert.deepEqual(count('expression: "{{ count > 1 }}"'), [
      "5:5 You must provide a list of flows or namespaces.",
    ]);
    for (const never of ['"{{ count }}"', "count > 1"])
      assert.match(
        count("namespaces: [a]", `expression: ${never}`).join(),
        /^9:17 .* never gives exactly `true`/,
      );
    assert.deepEqual(count("namespaces: [a]", 'expression: "{{ count > 1 }}"'), []);
  });

  it("is an assertion without conditions, which is told and runs", () => {
    const { issues } = readFlow(
      "id: f\nnamespace: company.team\ntasks: [{id: a, type: io.kestra.plugin.core.execution.Assert, conditions: []}]\n",
      taskTypes,
    );
    assert.deepEqual(
      issues.map(({ severity, reason }) => `${severity} ${reason}`),
      ["WARNING no_conditions"],
    );
  });
});
