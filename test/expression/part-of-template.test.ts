import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parse } from "../../src/expression/parser.ts";
import { partsOfTemplate } from "../../src/expression/part-of-template.ts";
import { parseTemplate } from "../../src/expression/template.ts";

const long = "x".repeat(120);
const messageOf = (source: string, context: Record<string, unknown> = {}) => {
  try {
    parseTemplate(source).render(context);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("It was rendered.");
};

describe("the error of a template", () => {
  it("quotes the whole of a short one, as Kestra does", () => {
    const missing = "Unable to find `b` used in the expression `{{ a }} | {{ b }}` at line 1";
    assert.equal(messageOf("{{ a }} | {{ b }}", { a: 1 }), missing);
  });

  it("quotes of a long one what is missing where, or which part fails, with its line", () => {
    const context = { a: 1, t: "text", l: [1] };
    const before = `${long} {{ a }} {{ "a }} b" }}\n`;
    for (const [part, said] of [
      ["{{ b.c }}", "Unable to find `b` used in the expression `{{ b.c }}` at line 2"],
      ["{%- if b -%} x {%- endif -%}", "Unable to find `b` used in the expression `{%- if b -%}` at line 2"],
      [
        "{% if a == 2 %}{% elseif b %}{% endif %}",
        "Unable to find `b` used in the expression `{% elseif b %}` at line 2",
      ],
      ["{% set c = b %}", "Unable to find `b` used in the expression `{% set c = b %}` at line 2"],
      [
        "{% for c in b %}{% endfor %}",
        "Unable to find `b` used in the expression `{% for c in b %}` at line 2",
      ],
      ["{% for c in l %}{{ c }}{{ c - t }}{% endfor %}", /Expression `\{\{ c - t \}\}`, line 2\.$/],
      [`{{ t - "}}" }}`, /Expression `\{\{ t - "\}\}" \}\}`, line 2\.$/],
      ["{% macro m() %}{{ 1 }}{% endmacro %}{{ t - m() }}", /Expression `\{\{ t - m\(\) \}\}`, line 2\.$/],
      ["{% filter upper %}{{ t - 1 }}{% endfilter %}", /Expression `\{\{ t - 1 \}\}`, line 2\.$/],
      [
        `{{ {"a": {"b": [b]}} }}`,
        `Unable to find \`b\` used in the expression \`{{ {"a": {"b": [b]}} }}\` at line 2`,
      ],
      [
        `{% set c = [{"x}": {"y": t - 1}}] %}`,
        /Expression `\{% set c = \[\{"x\}": \{"y": t - 1\}\}\] %\}`, line 2\.$/,
      ],
      [
        `{{ 5 %2 ~ {"a": 5 %2} ~ (t - 1) }}`,
        /Expression `\{\{ 5 %2 ~ \{"a": 5 %2\} ~ \(t - 1\) \}\}`, line 2\.$/,
      ],
      [
        `{{ "#{ {"x": {"y": '"}}'}} } #{ b } \\" }}" }}`,
        `Unable to find \`b\` used in the expression \`{{ "#{ {"x": {"y": '"}}'}} } #{ b } \\" }}" }}\` at line 2`,
      ],
      [
        "{% macro m(p=b) %}{{ p }}{% endmacro %}{{ m() }}",
        "Unable to find `b` used in the expression `{% macro m(p=b) %}` at line 2",
      ],
      [
        '{% macro m(p=1 - "x") %}{{ p }}{% endmacro %}\n{{ m() }}',
        /Expression `\{% macro m\(p=1 - "x"\) %\}`, line 2\.$/,
      ],
      [
        "{% macro m() %}{{ b }}{% endmacro %}{{ m() ?? (t - 1) }}",
        /Expression `\{\{ m\(\) \?\? \(t - 1\) \}\}`, line 2\.$/,
      ],
      ["{% filter number %}{{ t }}{% endfilter %}", /Expression `\{% filter number %\}`, line 2\.$/],
    ] as const) {
      const message = messageOf(`${before}${part} {{ a }}`, context);
      if (typeof said === "string") assert.equal(message, said);
      else assert.match(message, said);
    }
  });

  it("quotes to the end that the tokenizer finds, whatever stands in an expression", () => {
    const { expression } = fc.letrec<{ expression: string }>((tie) => ({
      expression: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom("a", "1", "'}}'", "'\\'}}'", '"%}"', `"'"`, `'"'`, '"\\"}}"', '"#}"'),
        tie("expression").map((inner) => `{"k": ${inner}}`),
        tie("expression").map((inner) => `{"k":{"l":${inner}}}`),
        tie("expression").map((inner) => `[${inner}]`),
        tie("expression").map((inner) => `(${inner})`),
        tie("expression").map((inner) => `"#{${inner}}"`),
        fc.tuple(tie("expression"), tie("expression")).map(([one, other]) => `"x #{ ${one} }'#{${other}}}}"`),
        fc.tuple(tie("expression"), tie("expression")).map(([one, other]) => `${one} %${other}`),
      ),
    }));
    fc.assert(
      fc.property(expression, (written) => {
        const part = `{{ missing ~ ${written} }}`;
        assert.equal(parse(part).children.length, 1);
        assert.equal(partsOfTemplate(`${long}\n${part} }} %} {{ a }}`)({ lineno: 1, colno: 0 }), part);
        const tag = `{%- set b = ${written} -%}`;
        assert.equal(partsOfTemplate(`${long}${tag} }} %}`)({ lineno: 0, colno: 124 }), tag);
      }),
    );
  });

  it("is found as fast in the last of many parts", () => {
    const source = `${"{{ a }}\n".repeat(20_000)}{{ b }}`;
    assert.equal(
      messageOf(source, { a: 1 }),
      "Unable to find `b` used in the expression `{{ b }}` at line 20001",
    );
  });
});
