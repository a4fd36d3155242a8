import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ExpressionError, ExpressionSyntaxError } from "../../src/expression/expression-error.ts";
import { parseTemplate } from "../../src/expression/template.ts";

import { context, FORBIDDEN, TARGETS } from "./hostile-context.ts";

/** What comes out of a template that reaches for something forbidden: an error, never a value. */
function refuses(template: string): void {
  assert.throws(
    () => parseTemplate(template).render(context),
    (error) => error instanceof ExpressionError || error instanceof ExpressionSyntaxError,
    template,
  );
}

describe("the sandbox", () => {
  for (const name of FORBIDDEN) {
    it(`has no \`${name}\` anywhere`, () => {
      refuses(`{{ ${name} }}`);
      for (const target of TARGETS) {
        const holder = `(${target})`;
        refuses(`{{ ${holder}.${name} }}`);
        refuses(`{{ ${holder}['${name}'] }}`);
        refuses(`{{ ${holder}['${name.slice(0, 3)}' ~ '${name.slice(3)}'] }}`);
        refuses(`{% set t = ${target} %}{{ t.${name} }}`);
        refuses(`{% set k = '${name}' %}{% set t = ${target} %}{{ t[k] }}`);
        refuses(`{% macro m(t) %}{{ t['${name}'] }}{% endmacro %}{{ m(${target}) }}`);
        refuses(`{% for t in [${target}] %}{{ t.${name} }}{% endfor %}`);
        refuses(`{{ ([${target}] | first)['${name}'] }}`);
      }
      refuses(`{{ (${TARGETS[0]}).${name}() }}{{ 'x'.${name}(1) }}`);
      refuses(`{% for t in inputs.list %}{{ loop.${name} }}{% endfor %}`);
      refuses(`{% for e in inputs.map %}{{ e.${name} }}{% endfor %}`);
    });
  }

  it("reaches no prototype by a variable's value", () => {
    refuses("{{ inputs[vars.key] }}");
    refuses("{{ inputs.x[vars.key][vars.key] }}");
    refuses("{{ inputs[vars.proto][vars.key] }}");
    refuses("{{ render('{{ inputs.' ~ vars.key ~ ' }}') }}");
  });

  it("sees no functions, symbols and objects of classes, even if the context holds them", () => {
    refuses("{{ hostile.call }}");
    refuses("{{ hostile.call() }}");
    refuses("{{ hostile.symbol }}");
    refuses("{{ hostile.object }}");
    refuses("{{ hostile.object.own }}");
    refuses("{{ hostile.object.method }}");
    refuses("{{ hostile | toJson }}");
    refuses("{{ [hostile] }}");
    refuses("{{ hostile.regex }}");
    assert.throws(() => parseTemplate("{{ hostile }}").renderTyped(context), ExpressionError);
  });

  it("calls nothing but its own functions", () => {
    for (const name of [
      "constructor",
      "eval",
      "require",
      "process",
      "Function",
      "range.constructor",
      "cycler",
      "joiner",
      "toString",
    ]) {
      refuses(`{{ ${name}('x') }}`);
      refuses(`{{ 'x' | ${name} }}`);
      refuses(`{{ 'x' is ${name} }}`);
    }
    refuses('{{ range.constructor("return process")() }}');
    refuses("{% set m = 1 %}{{ m() }}");
    refuses("{% macro m() %}{% endmacro %}{{ m }}");
    refuses("{% macro m() %}{% endmacro %}{{ m.constructor }}");
  });

  it("keeps a key named __proto__ as plain data", () => {
    const template =
      "{% set m = {'__proto__': {'polluted': 1}} %}{{ m.polluted ?? 'clean' }}{{ m['__proto__'].polluted }}{{ m | merge({'a': 1}) }}";
    assert.equal(parseTemplate(template).render(context), 'clean1{"__proto__":{"polluted":1},"a":1}');
    const value = parseTemplate(`{{ fromJson('{"__proto__": {"polluted": 1}}') }}`).renderTyped(context);
    assert.deepEqual(Object.keys(value as object), ["__proto__"]);
    assert.equal(Object.getPrototypeOf(value), Object.prototype);
    assert.equal(({} as Record<string, unknown>).polluted, undefined);
  });

  it("changes nothing of the context", () => {
    const before = JSON.stringify(context.inputs);
    parseTemplate(
      "{% set inputs = 1 %}{% set x = [3, 1] | sort %}{{ {'a': 1} | merge({'b': 2}) }}{{ x | reverse }}",
    ).render(context);
    assert.equal(JSON.stringify(context.inputs), before);
  });
});
