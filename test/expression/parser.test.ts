import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ExpressionSyntaxError } from "../../src/expression/expression-error.ts";
import { parseTemplate } from "../../src/expression/template.ts";

const refusals: [template: string, message: string, line: number, column: number][] = [
  ["{% if true %}x", "Expected `elseif`, `else` or `endif`, got end of file.", 1, 1],
  ["{{ nwo() }}", "Unknown function `nwo`. Did you mean `now`?", 1, 4],
  ["{{ x | uper }}", "Unknown filter `uper`. Did you mean `upper`?", 1, 8],
  ["{{ x | Upper }}", "Unknown filter `Upper`. Did you mean `upper`?", 1, 8],
  ["{{ qwertz() }}", "Unknown function `qwertz`.", 1, 4],
  ["{{ x is definde }}", "Unknown test `definde`. Did you mean `defined`?", 1, 9],
  ["{{ secret('A') }}", "The function `secret` is not available yet: it needs a store of secrets.", 1, 4],
  [
    "{{ x | date('a', timezone='b') }}",
    "The filter `date` has no argument `timezone`. Did you mean `timeZone`?",
    1,
    12,
  ],
  ["{{ x | chunk(1, 2) }}", "The filter `chunk` takes at most size.", 1, 13],
  ["{{ x | slice(fromIndex=0, 2) }}", "Arguments without a name stand before those with one.", 1, 27],
  ["{{ x.0 }}", "A number cannot stand behind a dot: write `[0]`.", 1, 6],
  ["{{ x.is }}", "`is` is an operator, not a name: write `['is']`.", 1, 6],
  ["{{ [1, 2][0] }}", "A list that is written out needs parentheses before `[`.", 1, 10],
  ["{{ {'a': 1}.a }}", "A map that is written out needs parentheses before `.`.", 1, 12],
  ["{% if x %}a{% elif y %}b{% endif %}", "Unknown tag `elif`: write `elseif`.", 1, 15],
  ["{{ x | dateAdd(1) }}", "The filter `dateAdd` needs an argument `unit`.", 1, 15],
  [
    "{{ (a ~ b)() }}",
    "Only functions, macros and methods can be called, by their names; values have filters (`list | length`).",
    1,
    11,
  ],
  ["{{ a.b(c=1) }}", "A method has no named arguments.", 1, 7],
  ["{{ or }}", "`or` is an operator, not a name.", 1, 4],
  ["{{ 9223372036854775808 }}", "The number is too large.", 1, 4],
  ["{% include 'x' %}", "The tag `include` is not available: a template cannot load another one.", 1, 4],
  ["{% import 'x' as y %}", "The tag `import` is not available: a template cannot load another one.", 1, 4],
  ["{% extends 'x' %}", "The tag `extends` is not available: a template cannot load another one.", 1, 4],
  [
    "{% block x %}{% endblock %}",
    "The tag `block` is not available: a template cannot load another one.",
    1,
    4,
  ],
  ["{% call x() %}{% endcall %}", "Unknown tag `call`.", 1, 4],
  ["{% asyncEach x in y %}{% endeach %}", "Unknown tag `asyncEach`.", 1, 4],
  ["{% filter uper %}x{% endfilter %}", "Unknown filter `uper`. Did you mean `upper`?", 1, 11],
  ["{% macro m('a') %}{% endmacro %}", "Expected the name of a parameter.", 1, 12],
  ["{% macro m(a b) %}{% endmacro %}", "Expected `,` or `)` behind a parameter of a macro.", 1, 14],
  ["a\n  {{ x", "Expected `}}` or `%}`, got the end of the template.", 2, 7],
  ["{{ x }", "Unexpected `}`.", 1, 7],
  ["{{ 'x }}", "A string is never closed with '.", 1, 5],
  ["{{ [1, 2) }}", "Unexpected `)`.", 1, 10],
  ["{{ a b }}", "Expected `}}`.", 1, 6],
];

describe("parseTemplate", () => {
  for (const [template, message, line, column] of refusals) {
    it(`refuses ${JSON.stringify(template)} at ${line}:${column}`, () => {
      assert.throws(() => parseTemplate(template), new ExpressionSyntaxError(message, line, column));
    });
  }

  it("takes texts without templates as they are", () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a script's own braces
    for (const text of ["", "plain", "{ a }", "${#array[@]}", "100%}", "#}"]) {
      const template = parseTemplate(text);
      assert.equal(template.isConstant, true);
      assert.equal(template.render({}), text);
    }
  });

  for (const template of [
    "{{",
    "{{}}",
    "{%",
    "{% %}",
    "{% if %}",
    "{% for %}",
    "{% for x in %}",
    "{% set %}",
    "{{ a. }}",
    "{{ a[] }}",
    "{{ (",
    "{{ () }}",
    "{{ {1} }}",
    "{{ a ? b }}",
    "{{ a | }}",
    "{{ is }}x{{ a is }}",
    "{% endif %}",
    "{% raw %}",
    "{{ x {# #}",
    "{% macro %}",
    "{{ a..b.. }}",
    "{{ f(a=1, a=2) }}",
    "{{ '\\",
    '{{ "#{',
    '{{ "#{}" }}',
    "{{ not }}",
    "{{ a not }}",
    "{{ -}}",
    "{% if x %}{% else %}",
    "{# a {{ x }}",
  ]) {
    it(`refuses ${template} with a place in it`, () => {
      assert.throws(
        () => parseTemplate(template),
        (error) =>
          error instanceof ExpressionSyntaxError &&
          error.line >= 1 &&
          error.column >= 1 &&
          error.message !== "",
      );
    });
  }

  it("finds a template that it knows", () =>
    assert.equal(parseTemplate("{{ a.b }}"), parseTemplate("{{ a.b }}")));
});
