import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createExecution } from "../../src/worker/create-execution.ts";
import type { Worker } from "../../src/worker/worker.ts";
import { aWorker } from "../support/a-worker.ts";
import { anExecution, executionOf } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { aWorkerFlow, untilEnded } from "../support/worker-flows.ts";

const db = await testDatabase();
let worker: Worker;
before(async () => {
  worker = await aWorker(db.connectionString);
});
after(() => worker[Symbol.asyncDispose]());

const log = "{ id: a, type: io.kestra.plugin.core.log.Log, message: hi }";

/** What a flow with these inputs makes of what is given, as a worker finds out. */
async function found(inputs: string, given: Record<string, unknown>) {
  const flow = await aWorkerFlow(db.pool, `inputs:\n${inputs}\ntasks: [${log}]`);
  const id = await anExecution(db.pool, flow, { inputs: given });
  await untilEnded(db.pool, id);
  const { state, inputs: kept, error } = await executionOf(db.pool, id);
  return state === "SUCCESS" ? kept : error;
}

/** How the same is refused when templates can be rendered at once. */
async function refused(inputs: string, given: Record<string, unknown>) {
  const { namespace, id } = await aWorkerFlow(db.pool, `inputs:\n${inputs}\ntasks: [${log}]`);
  return await createExecution(db.pool, { namespace, flow_id: id, inputs: given }).then(
    () => "created",
    (error: Error) => error.message,
  );
}

const dependent = `
  - {id: one, type: STRING}
  - {id: two, type: STRING, dependsOn: {inputs: [one], condition: "{{ inputs.one equals 'value1' }}"}}
  - {id: three, type: INT, required: false, dependsOn: {inputs: [two]}}`;

const cases: [title: string, inputs: string, given: Record<string, unknown>, kept: unknown][] = [
  [
    "an input whose condition holds",
    dependent,
    { one: "value1", two: "b", three: "3" },
    { one: "value1", two: "b", three: 3 },
  ],
  [
    "no input whose condition does not hold",
    dependent,
    { one: "dummy", two: "b", three: 3 },
    { one: "dummy" },
  ],
  [
    "no input whose condition cannot be rendered",
    '  - {id: a, type: STRING, dependsOn: {condition: "{{ inputs.dummy equals 1 }}"}}',
    { a: "x" },
    {},
  ],
  [
    "no input whose condition is but a text",
    `  - {id: a, type: STRING, dependsOn: {condition: "true"}}`,
    {},
    {},
  ],
  [
    "defaults that read others, in whatever order they stand",
    `  - {id: b, type: STRING, defaults: "{{ inputs.a }}_world", dependsOn: {inputs: [a]}}
  - {id: a, type: STRING, defaults: "{{ 'hello' }}"}`,
    {},
    { a: "hello", b: "hello_world" },
  ],
  [
    "a choice by expression, numbers as texts",
    '  - {id: a, type: SELECT, expression: "{{ [1, null, 2] }}"}',
    { a: "2" },
    { a: "2" },
  ],
  [
    "the first choice by expression",
    `  - {id: a, type: SELECT, expression: "{{ ['x', 'y'] }}", autoSelectFirst: true}
  - {id: b, type: MULTISELECT, expression: "{{ [inputs.a] }}", autoSelectFirst: true, dependsOn: {inputs: [a]}}`,
    {},
    { a: "x", b: ["x"] },
  ],
  [
    "nothing to choose from where the expression gives nothing",
    `  - {id: a, type: STRING, required: false}
  - {id: b, type: SELECT, expression: "{{ inputs.a }}", dependsOn: {inputs: [a]}, required: false}
  - {id: c, type: MULTISELECT, expression: "{{ inputs.a }}", dependsOn: {inputs: [a]}, required: false, autoSelectFirst: true}`,
    {},
    { a: null, b: null, c: null },
  ],
  ["YAML", "  - {id: a.b, type: YAML}", { "a.b": "x: [1, yes]" }, { a: { b: { x: [1, true] } } }],
  ["YAML that is read already", "  - {id: a, type: YAML, defaults: {k: 1}}", {}, { a: { k: 1 } }],
  [
    "a form",
    `  - id: f
    type: FORM
    inputs:
      - {id: on, type: BOOL}
      - {id: name, type: STRING, dependsOn: {inputs: [f.on], condition: "{{ inputs.f.on }}"}}`,
    { f: { on: true, name: "n" } },
    { f: { on: true, name: "n" } },
  ],
];

describe("inputs that a worker finds out about", () => {
  for (const [title, inputs, given, kept] of cases) {
    it(`give ${title}`, async () => assert.deepEqual(await found(inputs, given), kept));
  }

  const wrong: [title: string, inputs: string, given: Record<string, unknown>, message: string][] = [
    [
      "what is required where its condition holds",
      dependent,
      { one: "value1" },
      "Missing required input:two",
    ],
    [
      "a choice that is none",
      `  - {id: a, type: SELECT, expression: "{{ ['A', 'B'] }}"}\n  - {id: b, type: SELECT, expression: "{{ flow.revision }}"}`,
      { a: "C", b: "x" },
      "Invalid value for input `a`. Cause: it must match the values `[A, B]`\nInvalid value for input `b`. Cause: b: Invalid expression result. Expected a list of strings",
    ],
    [
      "what is no YAML",
      "  - {id: a, type: YAML}",
      { a: "a: [1" },
      "Invalid value for input `a`. Cause: Flow sequence in block collection must be sufficiently indented and end with a ] at line 1, column 6",
    ],
    [
      "choices that cannot be rendered",
      '  - {id: a, type: SELECT, expression: "{{ inputs.b.none }}"}\n  - {id: b, type: STRING}',
      { a: "x", b: "y" },
      "Invalid value for input `a`. Cause: a: Cannot render 'expression'. Cause: Unable to find `none` used in the expression `{{ inputs.b.none }}` at line 1. `inputs.b` is a text, and has no parts.",
    ],
  ];
  for (const [title, inputs, given, message] of wrong) {
    it(`refuse ${title}, at once or by the first step`, async () => {
      const error = (await found(inputs, given)) as { reason: string; message: string };
      assert.equal(error.reason, "invalid_inputs");
      assert.equal(error.message.split("\n").length, message.split("\n").length);
      assert.equal(error.message, message);
      assert.equal(await refused(inputs, given), message);
    });
  }
});
