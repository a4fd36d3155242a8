import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { Ajv, type ValidateFunction } from "ajv";
import { parse, stringify } from "yaml";
import { packageRoot } from "../../../src/base/version.ts";
import { flowableTypes } from "../../../src/flow/flowable-types.ts";
import { readFlow } from "../../../src/flow/read-flow.ts";
import {
  type DescribedType,
  languageSchema,
  wordsOfBlock,
} from "../../../src/flow/reference/language-schema.ts";
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
const ofTests = compile(languageSchema(described));

function compile(schema: object): ValidateFunction {
  // Strict: a keyword that means nothing, or that nothing can fit, is a mistake.
  return new Ajv({ discriminator: true, strict: true, allowUnionTypes: true, strictRequired: false }).compile(
    schema,
  );
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
    // What is empty is as if it were not there; an editor says so.
    it(`takes ${name}`, () =>
      assert.deepEqual(
        faults(
          ofTests,
          JSON.parse(JSON.stringify(parse(source)), (_, value) => value ?? undefined),
        ),
        [],
      ));
  }

  it("refuses what no value of the type can be", () => {
    const told = new Set(["unknown_property", "unknown_task_type", "invalid_id"]);
    for (const { it: name, source, issues } of Object.values(issueCases).flat()) {
      if (issues.length === 0 || !issues.every((issue) => told.has(issue.replace(/.* /, "")))) continue;
      assert.notDeepEqual(faults(ofTests, parse(source)), [], name);
    }
  });

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
