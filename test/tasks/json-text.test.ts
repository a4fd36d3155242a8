import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ExpressionError, ExpressionSyntaxError } from "../../src/expression/expression-error.ts";
import { readFlow } from "../../src/flow/read-flow.ts";
import { taskTypes } from "../../src/tasks/registry.ts";
import { renderProperties } from "../../src/worker/render-properties.ts";

const REQUEST = "io.kestra.plugin.core.http.Request";
const context = { inputs: { x: 'say "hi"', n: 2, list: ["a", "b"], map: { "a b": "spaced" } } };
const head =
  "id: f\nnamespace: company.team\ninputs: [{id: x, type: STRING}, {id: n, type: INT}, {id: list, type: JSON}, {id: map, type: JSON}]\n";

/** What is said of headers that are written like this, from line 8 on; and what they are when they run. */
function looked(written: string) {
  const source = `${head}tasks:\n  - id: a\n    type: ${REQUEST}\n    uri: http://example.test\n    headers: ${written}\n`;
  const { flow, issues } = readFlow(source, taskTypes);
  const said = issues.map(({ line, column, message }) => `${line}:${column} ${message}`);
  const definition = flow?.tasks[0]?.definition as { headers: unknown } | undefined;
  return { said, headers: definition?.headers, reads: flow?.tasks[0]?.reads };
}

async function rendered(headers: unknown): Promise<unknown> {
  const type = taskTypes.get(REQUEST);
  assert.ok(type !== undefined);
  return (await renderProperties(type, { headers }, context)).headers;
}

describe("JSON text with templates in it", () => {
  const right: [written: string, headers: unknown][] = [
    // In double quotes, which have escapes of their own.
    [String.raw`"{\"a\": \"{{ inputs.x }}\"}"`, { a: 'say "hi"' }],
    [String.raw`"{\"a\": \"{{ inputs['x'] ?? 'y' }}\"}"`, { a: 'say "hi"' }],
    [String.raw`"{\"a\": \"{{ inputs['x'] ?? \\\"y\\\" }}\"}"`, { a: 'say "hi"' }],
    [String.raw`"{\"a\": \"{{ \\\"say \\\\\\\"y\\\\\\\"\\\" }}\"}"`, { a: 'say "y"' }],
    [String.raw`"{\"{{ inputs[\\\"n\\\"] }}\": \"b\"}"`, { 2: "b" }],
    [String.raw`"{\"a\": \"{{ inputs.map[\\\"a b\\\"] }}\"}"`, { a: "spaced" }],
    [String.raw`"{\"a\": \"{{ \\u0027x\\u0027 }}\"}"`, { a: "x" }],
    ['"{\\"a\\": \\"{{\\\\n inputs.n }}\\"}"', { a: "2" }],
    // In single quotes, where only those are doubled.
    [`'{"a": "{{ inputs.x }}"}'`, { a: 'say "hi"' }],
    [`'{"a": "{{ inputs[''x''] }}"}'`, { a: 'say "hi"' }],
    [String.raw`'{"a": "{{ inputs[\"x\"] ?? \"y\" }}"}'`, { a: 'say "hi"' }],
    [String.raw`'{"a": "{{ inputs.nope ?? \"y\" }}"}'`, { a: "y" }],
    [String.raw`'{"a": "{{ inputs.list | join(\", \") }}"}'`, { a: "a, b" }],
    [String.raw`'{"a": "{{ \"it''s\" }}"}'`, { a: "it's" }],
    [String.raw`'{"a": "{{ \"x\" }}", "b": "{{ \"y\" }}"}'`, { a: "x", b: "y" }],
    [String.raw`'{"a": "{{ \"}}\" }}"}'`, { a: "}}" }],
    [String.raw`'{"a": "{# \" #}b"}'`, { a: "b" }],
    [String.raw`'{"a": "{% if inputs.n == 2 %}\"two\"{% endif %}"}'`, { a: '"two"' }],
    [String.raw`'{"a": "no \"template\"", "b": "{{ inputs.n }}"}'`, { a: 'no "template"', b: "2" }],
    // Plain, and in blocks.
    [`|\n      {\n        "a": "{{ inputs.x }}"\n      }`, { a: 'say "hi"' }],
    [`|\n      {\n        "a": "{{ inputs[\\"x\\"] }}"\n      }`, { a: 'say "hi"' }],
    [`>-\n      {"a":\n      "{{ inputs[\\"x\\"] }}"}`, { a: 'say "hi"' }],
    // What is no JSON before it is rendered is a template as a whole.
    [`"{{ {'a': inputs.n} }}"`, { a: 2 }],
    [`'{"a": {{ inputs.n }}}'`, '{"a": 2}'],
    [`'{"a": {{ inputs.list | toJson }}}'`, '{"a": ["a","b"]}'],
    [`'{"a": "{{ inputs["n"] }}"}'`, '{"a": "2"}'],
  ];
  for (const [written, headers] of right) {
    it(`is right as it is rendered: ${written}`, async () => {
      const found = looked(written);
      assert.deepEqual(found.said, []);
      assert.deepEqual(await rendered(found.headers), headers);
      assert.equal((found.reads as { all: boolean }).all, false);
    });
  }

  // The template that each part makes, which has to fail when it runs too.
  const wrong: [written: string, said: string, part: string][] = [
    [
      String.raw`'{"a": "{{ inputs[\"x\" }}"}'`,
      "8:39 Unexpected `}`.",
      String.raw`{"a": "{{ inputs[\"x\" }}"}`,
    ],
    [
      String.raw`'{"a": "{{ ''it\u0027s'' }}"}'`,
      "8:36 A string is never closed",
      String.raw`{"a": "{{ 'it\u0027s' }}"}`,
    ],
    [`'{"a": "{{ ''x", "b": "'' }}"}'`, "8:27 A string is never closed", `{"a": "{{ 'x", "b": "' }}"}`],
    [
      `'{"a": "{% if inputs.n == 2 %}", "b": "{% endif %}"}'`,
      "8:22 Expected `elseif`, `else` or `endif`",
      `{"a": "{% if true %}"}`,
    ],
    [
      String.raw`'{"a": "{{ nope(\"x\") }}"}'`,
      "8:25 Unknown function `nope`.",
      String.raw`{"a": "{{ nope(\"x\") }}"}`,
    ],
    [String.raw`"{\"a\": \"{{ inputs[\\\"y\\\"] }}\"}"`, "8:", String.raw`{"a": "{{ inputs[\"y\"] }}"}`],
    [String.raw`"{\"{{ inputs[\\\"y\\\"] }}\": \"a\"}"`, "8:", String.raw`{"{{ inputs[\"y\"] }}": "a"}`],
  ];
  for (const [written, said, headers] of wrong) {
    it(`is wrong as it is rendered: ${written}`, async () => {
      const found = looked(written);
      assert.ok(found.said.length > 0 && found.said[0]?.startsWith(said), JSON.stringify(found.said));
      await assert.rejects(
        () => rendered(headers),
        (error) => error instanceof ExpressionError || error instanceof ExpressionSyntaxError,
      );
    });
  }

  it("is looked at in defaults of tasks, too", () => {
    const issuesOf = (type: string, written: string) => {
      const source = `${head}pluginDefaults: [{type: ${type}, values: {headers: ${written}}}]\ntasks: [{id: a, type: ${REQUEST}, uri: http://example.test}]\n`;
      return readFlow(source, taskTypes).issues.map(({ message }) => message);
    };
    for (const type of [REQUEST, "io.kestra.plugin.core"]) {
      assert.deepEqual(issuesOf(type, String.raw`'{"a": "{{ inputs[\"x\"] }}"}'`), []);
      assert.equal(issuesOf(type, String.raw`'{"a": "{{ inputs[\"x\" }}"}'`).length, 1);
    }
  });
});
