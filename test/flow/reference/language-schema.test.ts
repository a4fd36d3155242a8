import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { Ajv, type ValidateFunction } from "ajv";
import { parse, stringify } from "yaml";
import { packageRoot } from "../../../src/base/version.ts";
import { flowableTypes } from "../../../src/flow/flowable-types.ts";
import { readFlow } from "../../../src/flow/read-flow.ts";
import { editorSchema } from "../../../src/flow/reference/editor-schema.ts";
import { type DescribedType, wordsOfBlock } from "../../../src/flow/reference/language-schema.ts";
import { flowSchemaText } from "../../../src/tasks/reference/flow-schema.ts";
import { taskTypes } from "../../../src/tasks/registry.ts";
import { filesOf } from "../../house/source-files.ts";
import { issueCases } from "../issue-cases.ts";
import { soundCases } from "../sound-cases.ts";
import { taskTypes as testTypes } from "../task-types.ts";

const described: DescribedType[] = [...testTypes.values()].map(({ type, properties }) => ({
  ...{ type, properties },
  ...{ title: type, description: type, examples: [] },
}));
const ofProduct = compile(JSON.parse(flowSchemaText()));
const ofTests = compile(editorSchema(described));

function compile(schema: object): ValidateFunction {
  // Strict: a keyword that means nothing, or that nothing can fit, is a mistake.
  return new Ajv({ discriminator: true, strict: true, allowUnionTypes: true, strictRequired: false }).compile(
    schema,
  );
}

function errorsOf(flow: object): unknown[] {
  return readFlow(stringify(flow), taskTypes).issues.filter(({ severity }) => severity === "ERROR");
}

function faults(validate: ValidateFunction, flow: unknown): unknown {
  return validate(flow) ? [] : validate.errors;
}

describe("the JSON Schema of flows", () => {
  it("is the one in docs", () => {
    const kept = readFileSync(join(packageRoot, "docs/flow.schema.json"), "utf8");
    assert.ok(kept === flowSchemaText(), "run `npm run generate`");
  });

  for (const { path, text } of filesOf("{examples,test}/**/*.yaml")) {
    it(`takes ${path}`, () => assert.deepEqual(faults(ofProduct, parse(text)), []));
  }

  for (const { it: name, source } of soundCases) {
    it(`takes ${name}`, () => assert.deepEqual(faults(ofTests, parse(source)), []));
  }

  it("refuses what no value of the type can be", () => {
    const told = new Set(["unknown_property", "unknown_task_type", "invalid_id"]);
    for (const { it: name, source, issues } of Object.values(issueCases).flat()) {
      if (issues.length === 0 || !issues.every((issue) => told.has(issue.replace(/.* /, "")))) continue;
      assert.notDeepEqual(faults(ofTests, parse(source)), [], name);
    }
  });

  const flowOf = (task: object, rest: object = {}) => ({ id: "f", namespace: "a.b", ...rest, tasks: [task] });
  const log = { id: "a", type: "io.kestra.plugin.core.log.Log", message: "x" };
  const purge = { id: "a", type: "io.kestra.plugin.core.execution.PurgeExecutions" };
  const values = { endDate: "2026-01-01T00:00:00Z" };

  for (const [name, flow] of [
    ["what plugin defaults bring", flowOf(purge, { pluginDefaults: [{ type: purge.type, values }] })],
    ["names that types once had", flowOf({ ...log, type: "io.kestra.core.tasks.log.Log" })],
    ["what is empty", flowOf({ ...log, level: null, retry: null }, { inputs: null })],
    [
      "an empty list of tasks",
      flowOf({
        id: "s",
        type: "io.kestra.plugin.core.flow.Switch",
        value: "a",
        cases: { a: [log] },
        defaults: null,
      }),
    ],
    ["names in place of ids of inputs", flowOf(log, { inputs: [{ name: "a", type: "STRING" }] })],
    ["templates inside of what is to be text", flowOf({ ...log, message: [{ a: "{{ flow.id }}" }] })],
    ["labels that a flow may have", flowOf(log, { labels: { "system.readOnly": true, ünï: 1 } })],
  ] as const) {
    it(`takes ${name}, as the check does`, () => {
      assert.deepEqual(errorsOf(flow), []);
      assert.deepEqual(faults(ofProduct, flow), []);
    });
  }

  const block = "io.kestra.plugin.core.flow";
  for (const [name, flow] of [
    ["what is missing where no defaults hold", flowOf(purge)],
    ["what is missing in blocks", flowOf({ id: "b", type: `${block}.Sequential`, tasks: [purge] })],
    ["what is missing in a Dag", flowOf({ id: "b", type: `${block}.Dag`, tasks: [{ task: purge }] })],
    ["what must be given and is empty", flowOf({ ...log, message: null })],
    [
      "a property that nobody knows, whatever defaults hold",
      flowOf({ ...log, mesage: "x" }, { pluginDefaults: [] }),
    ],
    ["inputs without a name", flowOf(log, { inputs: [{ type: "STRING" }] })],
    ["ids of inputs that are none", flowOf(log, { inputs: [{ id: "a b", type: "STRING" }] })],
    ["labels of the system", flowOf(log, { labels: { "system.x": "y" } })],
    ["labels with wrong keys", flowOf(log, { labels: [{ key: "Bad Key", value: "y" }] })],
    ["durations that are none", flowOf({ ...log, timeout: "5 minutes" })],
    ["templates in place of tasks", flowOf({ id: "b", type: `${block}.Parallel`, tasks: "{{ flow.id }}" })],
    [
      "a list of templates in place of outputs",
      flowOf({ id: "b", type: `${block}.Loop`, values: ["a"], outputs: ["{{ flow.id }}"], tasks: [log] }),
    ],
    [
      "templates in place of what a Pause asks",
      flowOf({ id: "b", type: `${block}.Pause`, onResume: "{{ flow.id }}" }),
    ],
  ] as const) {
    it(`refuses ${name}, as the check does`, () => {
      assert.notDeepEqual(errorsOf(flow), []);
      assert.equal(ofProduct(flow), false);
    });
  }

  it("says what each property is for", () => {
    assert.deepEqual(undescribed(JSON.parse(flowSchemaText())), []);
  });
});

describe("blocks", () => {
  const rest = {
    namespace: "company.team",
    inputs: [
      { id: "count", type: "INT", defaults: 1 },
      { id: "name", type: "STRING", defaults: "Ada" },
    ],
  };
  const load = {
    id: "load",
    type: "io.kestra.plugin.core.http.Download",
    uri: "https://example.test/rides.csv",
  };
  for (const type of flowableTypes.keys()) {
    if (flowableTypes.get(type)?.isLater === true) continue;
    it(`${type} has an example that is sound`, () => {
      const task = { id: "block", type, ...parse(wordsOfBlock(type)?.example ?? "") };
      const flow = { id: "f", ...rest, tasks: [load, task] };
      assert.deepEqual(faults(ofProduct, flow), []);
      assert.deepEqual(readFlow(stringify(flow), taskTypes).issues, []);
    });
  }
});

/** The paths of properties about which nothing is said. What tells kinds apart says enough. */
function undescribed(schema: unknown, path = ""): string[] {
  if (schema === null || typeof schema !== "object") return [];
  const { properties } = schema as { properties?: Record<string, Record<string, unknown>> };
  const own = Object.entries(properties ?? {})
    .filter(([, part]) => part.$ref === undefined && part.const === undefined)
    .filter(([, part]) => typeof part.description !== "string" || part.description === "")
    .map(([name]) => `${path}/${name}`);
  const inner = Object.entries(schema).filter(([key]) => key !== "examples" && key !== "default");
  return [...own, ...inner.flatMap(([key, part]) => undescribed(part, `${path}/${key}`))];
}
