import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { flowSchema } from "../../src/flow/flow-schema.ts";
import { readFlow } from "../../src/flow/read-flow.ts";
import { flow, log, taskTypes } from "./task-types.ts";

function compiled(source: string) {
  const { flow, issues } = readFlow(source, taskTypes);
  assert.ok(flow, issues.map(({ message }) => message).join("\n"));
  return flow;
}

const taskOf = (source: string, id: string) => compiled(source).tasks.find((task) => task.id === id);

describe("compileFlow, the flow", () => {
  it("keeps what SQL and workers need, in one shape", () => {
    const { tasks: _, ...rest } = compiled(
      flow(
        log("a"),
        "disabled: true\ndescription: About\nlabels: {team: 1, system.readOnly: true}\nvariables: {v: [1]}\noutputs:\n  - {id: o, value: x}\n",
      ),
    );
    assert.deepEqual(rest, {
      namespace: "company.team",
      id: "f",
      isDisabled: true,
      definition: {
        description: "About",
        labels: { team: "1" },
        variables: { v: [1] },
        inputs: [],
        outputs: [{ id: "o", value: "x", required: true }],
      },
    });
  });

  it("keeps what gates its executions, with what is left out", () => {
    const { concurrency, sla, checks } = compiled(
      flow(
        log("a"),
        `concurrency: {limit: 2}
sla:
  - {id: long, type: MAX_DURATION, duration: PT1M, behavior: FAIL, labels: {late: 1}}
  - {id: input, type: EXECUTION_ASSERTION, assert: "{{ labels.a }}", behavior: NONE}
  - {id: output, type: EXECUTION_ASSERTION, assert: "{{ outputs.a }}", behavior: NONE}
checks:
  - {condition: "{{ true }}"}
`,
      ),
    ).definition;
    assert.deepEqual(concurrency, { limit: 2, behavior: "QUEUE" });
    assert.deepEqual(sla, [
      { id: "long", type: "MAX_DURATION", durationMs: 60_000, behavior: "FAIL", labels: { late: "1" } },
      {
        id: "input",
        type: "EXECUTION_ASSERTION",
        assert: "{{ labels.a }}",
        behavior: "NONE",
        isFollowed: false,
      },
      {
        id: "output",
        type: "EXECUTION_ASSERTION",
        assert: "{{ outputs.a }}",
        behavior: "NONE",
        isFollowed: true,
      },
    ]);
    assert.deepEqual(checks, [
      { condition: "{{ true }}", message: "{{ true }}", style: "INFO", behavior: "BLOCK_EXECUTION" },
    ]);
  });

  it("takes labels as a list, the last of a key", () => {
    const labels = "labels:\n  - {key: team, value: a}\n  - {key: team, value: b}\n";
    assert.deepEqual(compiled(flow(log("a"), labels)).definition.labels, { team: "b" });
  });

  it("knows inputs by their names where these are written in place of ids", () => {
    const pause = "  - {id: p, type: io.kestra.plugin.core.flow.Pause, onResume: [{name: ok, type: BOOL}]}\n";
    const { definition, tasks } = compiled(
      flow(`${log("x", '"{{ inputs.a }}"')}${pause}`, "inputs: [{name: a, type: STRING, defaults: 1.50}]\n"),
    );
    const [input] = definition.inputs;
    assert.deepEqual(
      [input?.id, input?.defaults, input !== undefined && "name" in input],
      ["a", "1.50", false],
    );
    assert.deepEqual(tasks[1]?.definition.onResume, [
      { id: "ok", type: "BOOL", required: true, isTemplated: false },
    ]);
  });

  it("says what defaults read, and has limits as numbers", () => {
    const inputs = `inputs:
  - {id: n, type: INT, min: "1", max: 9}
  - {id: a, type: STRING, defaults: "{{ vars.v }} {{ inputs.n }}"}
  - {id: b, type: STRING, defaults: "{{ now() }}"}
`;
    const { definition } = compiled(flow(log("x"), `variables: {v: 1}\n${inputs}`));
    assert.deepEqual(
      definition.inputs.map(({ min, reads }) => [min, reads]),
      [
        [1, undefined],
        [undefined, { inputs: ["n"], variables: ["v"] }],
        [undefined, undefined],
      ],
    );
  });

  it("brings defaults into the form of their type", () => {
    const inputs = [
      "{id: int, type: INT, defaults: '3'}",
      "{id: bool, type: BOOL, defaults: 'True'}",
      "{id: json, type: JSON, defaults: '{\"a\": 1}'}",
      "{id: array, type: ARRAY, itemType: INT, defaults: '[1, \"2\"]'}",
      "{id: day, type: DATE, defaults: 2024-02-29}",
      "{id: select, type: SELECT, values: [1, 2], defaults: 2}",
      "{id: first, type: SELECT, values: [a, b], autoSelectFirst: true}",
      "{id: firsts, type: MULTISELECT, values: [a, b], autoSelectFirst: true}",
      "{id: other, type: SELECT, values: [a, b], autoSelectFirst: true, defaults: b}",
      "{id: optional, type: STRING, required: false}",
      "{id: found, type: SELECT, values: [a], expression: '{{ [\"b\"] }}', defaults: b}",
    ];
    const source = flow(log("a"), `inputs:\n${inputs.map((input) => `  - ${input}\n`).join("")}`);
    const { definition } = compiled(source);
    assert.deepEqual(
      definition.inputs.map(({ id, defaults, required }) => [id, defaults, required]),
      [
        ["int", 3, true],
        ["bool", true, true],
        ["json", { a: 1 }, true],
        ["array", [1, 2], true],
        ["day", "2024-02-29", true],
        ["select", "2", true],
        ["first", "a", true],
        ["firsts", ["a"], true],
        ["other", "b", true],
        ["optional", undefined, false],
        ["found", "b", true],
      ],
    );
    assert.deepEqual(definition.inputs[5]?.values, ["1", "2"]);
    assert.equal(definition.inputs[10]?.values, undefined);
  });
});

describe("compileFlow, the tasks", () => {
  it("keeps the properties as written, without id and type", () => {
    const task = taskOf(
      flow(
        `${log("a")}    runIf: "{{ inputs.x }}"\n    timeout: PT1M\n`,
        "inputs:\n  - {id: x, type: BOOL}\n",
      ),
      "a",
    );
    assert.deepEqual(task?.definition, { message: "Hello", runIf: "{{ inputs.x }}", timeout: "PT1M" });
    assert.deepEqual(task?.reads.inputs, ["x"]);
    assert.deepEqual(
      [task?.kind, task?.branch, task?.position, task?.parent, task?.jobIdentifier],
      ["RUNNABLE", "tasks", 0, null, "io.kestra.plugin.core.log.Log"],
    );
  });

  it("keeps disabled tasks and their places", () => {
    const { tasks } = compiled(flow(`${log("a")}    disabled: true\n${log("b")}    allowFailure: true\n`));
    assert.deepEqual(
      tasks.map(({ id, position, isDisabled, allowFailure }) => [id, position, isDisabled, allowFailure]),
      [
        ["a", 0, true, false],
        ["b", 1, false, true],
      ],
    );
  });

  it("reads what its variables read", () => {
    const source = flow(
      log("a") + log("b", '"{{ render(vars.v) }}"'),
      'variables: {v: "{{ outputs.a.x }}"}\n',
    );
    assert.deepEqual(taskOf(source, "b")?.readsTasks, ["a"]);
  });

  it("reads every output where nobody can tell", () => {
    const source = flow(
      log("a") + log("b", '"{{ outputs[inputs.x] }}"'),
      "inputs:\n  - {id: x, type: STRING}\n",
    );
    assert.equal(taskOf(source, "b")?.readsTasks, null);
  });

  it("adds a step for templated defaults and one for outputs", () => {
    const { tasks } = compiled(
      flow(
        log("a"),
        'inputs:\n  - {id: x, type: STRING, defaults: "{{ flow.id }}"}\noutputs:\n  - {id: o, value: "{{ outputs.a.x }}"}\n',
      ),
    );
    assert.deepEqual(
      tasks.map(({ id, type, kind, branch, position, readsTasks }) => [
        id,
        type,
        kind,
        branch,
        position,
        readsTasks,
      ]),
      [
        ["a", "io.kestra.plugin.core.log.Log", "RUNNABLE", "tasks", 0, []],
        ["$defaults", "reprise.Defaults", "DEFAULTS", "defaults", 0, []],
        ["$outputs", "reprise.Outputs", "OUTPUTS", "outputs", 0, ["a"]],
      ],
    );
  });
});

describe("compileFlow, the templated defaults", () => {
  it("come each behind those that it reads", () => {
    const inputs = [
      "{id: greeting, type: STRING, defaults: '{{ inputs.name.first }} {{ inputs.last }}'}",
      "{id: name.first, type: STRING, defaults: \"{{ inputs.last ?? 'x' }}\"}",
      "{id: last, type: STRING, defaults: '{{ flow.id }}'}",
      "{id: plain, type: STRING, defaults: x}",
    ];
    const task = taskOf(
      flow(log("a"), `inputs:\n${inputs.map((input) => `  - ${input}\n`).join("")}`),
      "$defaults",
    );
    const rendered = task?.definition.inputs as { id: string }[] | undefined;
    assert.deepEqual(
      rendered?.map(({ id }) => id),
      ["last", "name.first", "greeting"],
    );
  });
});

describe("compileFlow, the fingerprint", () => {
  const print = (task: string) => compiled(flow(`  - ${task}\n`)).tasks[0]?.fingerprint;
  const type = "type: io.kestra.plugin.core.log.Log";
  const plain = print(`{id: a, ${type}, message: x, level: INFO}`);

  it("does not depend on the id, the description or the order of keys", () => {
    assert.equal(print(`{level: INFO, message: x, description: y, id: b, ${type}}`), plain);
    assert.match(plain ?? "", /^[0-9a-f]{64}$/);
  });

  it("depends on every other property", () => {
    assert.notEqual(print(`{id: a, ${type}, message: y, level: INFO}`), plain);
    assert.notEqual(print(`{id: a, ${type}, message: x, level: INFO, timeout: PT1S}`), plain);
  });

  it("depends on every digit of an integer, and tells it from a text", () => {
    const values = (written: string) =>
      print(`{id: a, type: io.kestra.plugin.core.execution.SetVariables, variables: {n: ${written}}}`);
    const prints = ["12345678901234567", "12345678901234568", '"12345678901234567"'].map(values);
    assert.equal(new Set(prints).size, 3);
    assert.equal(values("12_345_678_901_234_567"), prints[0]);
  });
});

describe("flowSchema", () => {
  it("can be told as JSON Schema", () => {
    const schema = z.toJSONSchema(flowSchema);
    assert.deepEqual(schema.required, ["id", "namespace", "tasks"]);
  });
});
