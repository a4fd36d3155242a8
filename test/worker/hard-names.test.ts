import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { readJson, writeJson } from "../../src/base/json.ts";
import { createExecution } from "../../src/worker/create-execution.ts";
import type { Worker } from "../../src/worker/worker.ts";
import { aWorker } from "../support/a-worker.ts";
import { executionOf } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { ownLabels } from "../support/own-labels.ts";
import { aWorkerFlow, untilEnded } from "../support/worker-flows.ts";

const db = await testDatabase();
let worker: Worker;
before(async () => {
  worker = await aWorker(db.connectionString);
});
after(async () => await worker?.[Symbol.asyncDispose]());

/** What every object of JavaScript has already, and what it looks for in others. */
const names = [
  "constructor",
  "hasOwnProperty",
  "toString",
  "valueOf",
  "length",
  "prototype",
  "toJSON",
  "then",
];
const withProto = ["__proto__", ...names];

const lines = (line: (name: string) => string, indent: string, of = names) =>
  of.map((name) => `${indent}${line(name)}`).join("\n");

const flow = `
labels:
${lines((name) => `${name}: label of ${name}`, "  ")}
variables:
  map:
${lines((name) => `${name}: variable ${name}`, "    ")}
inputs:
  - { id: json, type: JSON }
  - { id: yaml, type: YAML }
${lines((name) => `- { id: ${name}, type: STRING, defaults: "input ${name}" }`, "  ")}
pluginDefaults:
  - type: io.kestra.plugin.core.output.OutputValues
    values:
      values:
${lines((name) => `${name}: default ${name}`, "        ")}
tasks:
${lines((name) => `- { id: ${name}, type: io.kestra.plugin.core.debug.Return, format: "output ${name}" }`, "  ")}
  - id: given
    type: io.kestra.plugin.core.output.OutputValues
    values: { other: x }
  - id: set
    type: io.kestra.plugin.core.execution.SetVariables
    variables:
${lines((name) => `${name}: set ${name}`, "      ")}
  - id: each
    type: io.kestra.plugin.core.flow.ForEach
    values: ${JSON.stringify(withProto)}
    tasks:
      - { id: one, type: io.kestra.plugin.core.debug.Return, format: "{{ taskrun.value }}" }
  - id: choice
    type: io.kestra.plugin.core.flow.Switch
    value: toString
    cases:
      other: [{ id: wrong, type: io.kestra.plugin.core.execution.Fail }]
    defaults: [{ id: right, type: io.kestra.plugin.core.debug.Return, format: right }]
outputs:
${lines(
  (name) =>
    `- { id: ${name}, type: JSON, value: "{{ [labels.${name}, vars.map.${name}, vars['${name}'], inputs.json.${name}, inputs.yaml.${name}, inputs.${name}, outputs.given.values.${name}, outputs.${name}.value, outputs.one.${name}.value] }}" }`,
  "  ",
)}
  - { id: proto, type: JSON, value: "{{ [inputs.json.__proto__, inputs.yaml['__proto__'], outputs.one['__proto__'].value] }}" }
  - { id: choice, type: STRING, value: "{{ outputs.right.value }}" }
`;

describe("names that JavaScript knows already", () => {
  it("are like any others in labels, variables, inputs, outputs and defaults of tasks", async () => {
    const { namespace, id: flow_id } = await aWorkerFlow(db.pool, flow);
    const json = readJson(`{${withProto.map((name) => `"${name}":"json ${name}"`).join(",")}}`);
    const yaml = lines((name) => `${name}: yaml ${name}`, "", withProto);
    const { id } = await createExecution(db.pool, { namespace, flow_id, inputs: { json, yaml } });
    await untilEnded(db.pool, id);
    const { state, outputs, inputs, labels } = await executionOf(db.pool, id);
    assert.equal(state, "SUCCESS");
    const kinds = ["variable", "set", "json", "yaml", "input", "default", "output"];
    const expected = names.map((name) => [
      name,
      [`label of ${name}`, ...kinds.map((kind) => `${kind} ${name}`), name],
    ]);
    assert.deepEqual(outputs, {
      ...Object.fromEntries(expected),
      proto: ["json __proto__", "yaml __proto__", "__proto__"],
      choice: "right",
    });
    assert.equal(writeJson((inputs as { json: unknown }).json), writeJson(json));
    assert.deepEqual(ownLabels(labels), Object.fromEntries(names.map((name) => [name, `label of ${name}`])));
  });
});
