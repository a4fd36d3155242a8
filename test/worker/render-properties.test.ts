import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { writeJson } from "../../src/base/json.ts";
import { taskTypes } from "../../src/tasks/registry.ts";
import { parseProperties } from "../../src/tasks/task-type.ts";
import { renderProperties } from "../../src/worker/render-properties.ts";

const context = { inputs: { nothing: null, quoted: 'say "hi"', n: 2, list: [1, 2] } };

/** The property of a task as it comes to the task. */
async function given(type: string, name: string, written: unknown): Promise<unknown> {
  const found = taskTypes.get(`io.kestra.plugin.${type}`);
  assert.ok(found !== undefined);
  const rendered = await renderProperties(found, { [name]: written }, context);
  return parseProperties({ properties: found.properties.partial() }, rendered)[name];
}

describe("a property that is written as JSON", () => {
  it("has each of its parts rendered by itself, so that what comes into it needs no escapes", async () => {
    assert.deepEqual(
      await given("core.execution.UnsetVariables", "variables", `["{{ inputs.quoted }}", "b"]`),
      ['say "hi"', "b"],
    );
    assert.deepEqual(
      await given("core.http.Request", "headers", `{"X-{{ inputs.n }}": "{{ inputs.quoted }}"}`),
      {
        "X-2": 'say "hi"',
      },
    );
  });

  it("gives text for every template, and what is no template as it is", async () => {
    assert.deepEqual(
      await given("core.http.Request", "params", `{"a": "{{ 1 + 1 }}", "b": "{{ inputs.list }}", "c": 3}`),
      {
        a: "2",
        b: "[1,2]",
        c: 3,
      },
    );
  });

  it("is rendered as a whole where it is one expression, or JSON only then", async () => {
    assert.deepEqual(await given("core.execution.UnsetVariables", "variables", "{{ inputs.list }}"), [
      "1",
      "2",
    ]);
    const loop = `[{% for i in inputs.list %}{% if i > 1 %},{% endif %}"{{ i }}"{% endfor %}]`;
    assert.deepEqual(await given("core.execution.UnsetVariables", "variables", loop), ["1", "2"]);
  });

  it("stays a text where text is what the property is", async () => {
    assert.equal(await given("core.log.Log", "message", `["{{ inputs.n }}"]`), `["2"]`);
    assert.equal(await given("core.log.Log", "message", "{{ ['a', [1]] }}"), '["a",[1]]');
  });
});

describe("a list or map that is written where text is wanted", () => {
  it("is the JSON of its parts, of which templates are text", async () => {
    const written = { b: "{{ inputs.quoted }}", "2": "{{ 1 + 1 }}", c: [1, "{{ inputs.n }}"] };
    const expected = { b: 'say "hi"', "2": "2", c: [1, "2"] };
    assert.equal(await given("core.debug.Return", "format", written), writeJson(expected));
    assert.equal(await given("core.http.Request", "body", ["a"]), `["a"]`);
  });
});

describe("a template that gives nothing", () => {
  const nothing = "{{ inputs.nothing }}";

  it("is an empty text, and not as if it were not written", async () => {
    assert.equal(await given("core.debug.Return", "format", nothing), "");
    assert.equal(await given("core.execution.Fail", "condition", nothing), "");
  });

  it("is none of the words of which one is wanted", async () => {
    await assert.rejects(given("core.execution.Exit", "state", nothing), /expected one of/);
  });

  it("is nothing where a number, a boolean, a list or a map is wanted", async () => {
    assert.equal(await given("core.execution.SetVariables", "overwrite", nothing), true);
    assert.equal(await given("core.http.Request", "headers", nothing), undefined);
  });
});
