import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { WholeFloat } from "../../src/base/whole-float.ts";
import type { CompiledFlow } from "../../src/flow/compiled-flow.ts";
import { readFlow } from "../../src/flow/read-flow.ts";
import { flow, log, taskTypes } from "./task-types.ts";

function compiled(source: string): CompiledFlow {
  const { flow: found, issues } = readFlow(source, taskTypes);
  assert.deepEqual(issues, []);
  return found as CompiledFlow;
}

const definitionOf = (source: string) => compiled(source).definition;

describe("what stands in a flow without quotes", () => {
  it("is read as Kestra reads it, where nothing says what it is", () => {
    const { variables } = definitionOf(
      flow(
        log("a"),
        "variables: {a: yes, b: Off, c: 012, d: 0x1F, e: 1_000, f: +1, g: .5, h: 0b11, i: ~, j: 1e3}\n",
      ),
    );
    assert.deepEqual(variables, {
      a: true,
      b: false,
      c: 10,
      d: 31,
      e: 1000,
      f: 1,
      g: 0.5,
      h: 3,
      i: null,
      j: new WholeFloat(1000),
    });
  });

  it("is a text where it looks like nothing else", () => {
    const { variables } = definitionOf(
      flow(log("a"), 'variables: {a: y, b: 08, c: 2024-01-01, d: 190:20:30, e: NaN, f: "yes", g: 0o12}\n'),
    );
    assert.deepEqual(variables, {
      ...{ a: "y", b: "08", c: "2024-01-01", d: "190:20:30", e: "NaN", f: "yes", g: "0o12" },
    });
  });

  it("is a boolean of a task or of the flow in any of its words", () => {
    const { tasks } = compiled(
      flow(`${log("a")}    allowFailure: yes\n    disabled: no\n`, "disabled: off\n"),
    );
    assert.equal(tasks[0]?.allowFailure, true);
    assert.equal(tasks[0]?.isDisabled, false);
  });

  it("is a boolean where a condition is asked", () => {
    const { tasks } = compiled(
      flow(
        `${log("a")}    runIf: no\n${log("b", "off")}    runIf: on\n  - {id: i, type: io.kestra.plugin.core.flow.If, condition: off, then: [{id: t, type: io.kestra.plugin.core.log.Log, message: t}]}\n`,
      ),
    );
    const [a, b, i] = tasks.map(({ definition }) => definition as Record<string, unknown>);
    assert.deepEqual([a?.runIf, b?.runIf, b?.message, i?.condition], [false, true, "off", false]);
  });

  it("is taken as it is written where a text is wanted", () => {
    const { definition, tasks } = compiled(
      flow(log("007", "on"), "labels: {version: 1.10, state: off}\ndescription: 1_000\n"),
    );
    assert.deepEqual(definition.labels, { version: "1.10", state: "off" });
    assert.equal(tasks[0]?.id, "007");
    assert.deepEqual(tasks[0]?.definition, { message: "on" });
  });

  it("is taken as it is written in defaults of texts, and in what one can choose from", () => {
    const { inputs } = definitionOf(
      flow(
        log("a"),
        "inputs:\n  - {id: s, type: SELECT, values: [yes, no], defaults: no}\n  - {id: t, type: STRING, defaults: 007}\n  - {id: n, type: INT, defaults: 010}\n",
      ),
    );
    assert.deepEqual(
      inputs.map(({ defaults }) => defaults),
      ["no", "007", 8],
    );
  });

  it("names a case of a Switch as it is written", () => {
    const { tasks } = compiled(
      flow(
        `  - id: sw\n    type: io.kestra.plugin.core.flow.Switch\n    value: off\n    cases:\n      off:\n        - {id: a, type: io.kestra.plugin.core.log.Log, message: no}\n`,
      ),
    );
    assert.equal(tasks[0]?.definition.value, "off");
    assert.deepEqual(tasks[1]?.definition, { message: "no" });
  });

  it("is no number that JSON could not keep", () => {
    const { issues } = readFlow(flow(log("a"), "variables: {a: .inf}\n"), taskTypes);
    assert.deepEqual(
      issues.map(({ line, column, reason }) => [line, column, reason]),
      [[3, 16, "value_not_storable"]],
    );
  });
});

describe("the id of a task", () => {
  it("has no dots", () => {
    const { issues } = readFlow(flow(log("a.b")), taskTypes);
    assert.deepEqual(
      issues.map(({ line, column, reason, message }) => [line, column, reason, message]),
      [
        [
          4,
          9,
          "invalid_id",
          "An id starts with a letter or a digit and goes on with letters, digits, `_` and `-`.",
        ],
      ],
    );
  });
});
