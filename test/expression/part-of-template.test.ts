import assert from "node:assert/strict";
import { describe, it } from "node:test";
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
      ["{% filter number %}{{ t }}{% endfilter %}", /Expression `\{% filter number %\}`, line 2\.$/],
    ] as const) {
      const message = messageOf(`${before}${part} {{ a }}`, context);
      if (typeof said === "string") assert.equal(message, said);
      else assert.match(message, said);
    }
  });

  it("is found as fast in the last of many parts", () => {
    const source = `${"{{ a }}\n".repeat(20_000)}{{ b }}`;
    assert.equal(
      messageOf(source, { a: 1 }),
      "Unable to find `b` used in the expression `{{ b }}` at line 20001",
    );
  });
});
