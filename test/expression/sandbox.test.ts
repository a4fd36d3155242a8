import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { ExpressionError, ExpressionSyntaxError } from "../../src/expression/expression-error.ts";
import { parseTemplate } from "../../src/expression/template.ts";

class Secretive {
  own = "private";
  method() {
    return "called";
  }
}

const context = {
  inputs: { x: "text", n: 1, list: [1, "a"], map: { a: { b: 1 } } },
  vars: { key: "constructor", proto: "__proto__" },
  // Nothing of this should be there; if it is, it cannot be reached.
  hostile: {
    call: () => process.exit(1),
    object: new Secretive(),
    date: new Date(0),
    symbol: Symbol("s"),
    regex: /x/,
  },
};

const FORBIDDEN = [
  "constructor",
  "__proto__",
  "prototype",
  "valueOf",
  "toLocaleString",
  "isPrototypeOf",
  "__lookupGetter__",
  "getClass",
  "hasOwnProperty",
  "__defineGetter__",
  "call",
  "apply",
  "bind",
];
const TARGETS = [
  "inputs",
  "inputs.x",
  "inputs.n",
  "inputs.list",
  "inputs.map",
  "inputs.map.a",
  "'text'",
  "5",
  "[1]",
  "{'a': 1}",
  "hostile.object",
  "hostile.date",
  "true",
  "loopless ?? 'x'",
];

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

/** Expressions of any shape over hostile names. */
const name = fc.constantFrom(
  ...FORBIDDEN,
  "inputs",
  "vars",
  "hostile",
  "x",
  "a",
  "key",
  "render",
  "first",
  "loop",
  "m",
);
const method = fc.constantFrom(
  "get",
  "size",
  "toString",
  "keySet",
  "entrySet",
  "concat",
  "split",
  "replaceAll",
);
const jqProgram = fc
  .array(
    fc.constantFrom(
      ...FORBIDDEN.map((one) => `.${one}`),
      ...FORBIDDEN.map((one) => `.["${one}"]?`),
      ...FORBIDDEN,
      ".",
      ".[]?",
      "..",
      "keys?",
      "to_entries?",
      "{__proto__: .}",
      '{"constructor": 1}',
      "$__proto__",
      "builtins",
      "env",
      "input",
      "@json",
      "paths",
      "add?",
      'setpath(["__proto__", "polluted"]; 1)?',
      '.["__proto__"].polluted = 1',
      'del(.["__proto__"])?',
      "(. * {__proto__: {polluted: 1}})?",
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((parts) => parts.join(" | "));
const expression: fc.Arbitrary<string> = fc.letrec<{ any: string; small: string }>((tie) => ({
  small: fc.oneof(
    name,
    name.map((text) => `'${text}'`),
    fc.constantFrom("1", "2.0", "null", "[1]", "{'a': inputs}", "inputs.map"),
  ),
  any: fc.oneof(
    { maxDepth: 5 },
    tie("small"),
    fc.tuple(tie("any"), name).map(([target, key]) => `${target}.${key}`),
    fc.tuple(tie("any"), tie("any")).map(([target, key]) => `(${target})[${key}]`),
    fc
      .tuple(
        tie("any"),
        tie("any"),
        fc.constantFrom("~", "+", "??", "???", "==", "and", "in", "contains", ".."),
      )
      .map(([l, r, op]) => `(${l} ${op} ${r})`),
    fc
      .tuple(
        tie("any"),
        fc.constantFrom(
          "first",
          "last",
          "keys",
          "values",
          "json",
          "upper",
          "default(1)",
          "merge({'a': hostile})",
          "sort",
          "distinct",
          "flatten",
          "split('o')",
          "className",
        ),
      )
      .map(([target, filter]) => `(${target} | ${filter})`),
    fc.tuple(name, tie("any")).map(([called, argument]) => `${called}(${argument})`),
    fc
      .tuple(tie("any"), fc.oneof(name, method), tie("any"))
      .map(([target, called, argument]) => `(${target}).${called}(${argument})`),
    fc.tuple(tie("any"), fc.oneof(name, method)).map(([target, called]) => `(${target}).${called}()`),
    fc.tuple(tie("any"), jqProgram).map(([target, program]) => `(${target} | jq('${program}'))`),
    fc.tuple(tie("any"), tie("any"), tie("any")).map((parts) => `(${parts[0]} ? ${parts[1]} : ${parts[2]})`),
  ),
})).any;

/** Whether a value is plain data through and through. */
function isPlain(value: unknown): boolean {
  if (value === null || ["string", "number", "boolean"].includes(typeof value) || value instanceof Date)
    return true;
  if (Array.isArray(value)) return value.every(isPlain);
  if (typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.values(value as object).every(isPlain);
}

describe("any template", () => {
  it("ends with plain data or an error of ours", () => {
    fc.assert(
      fc.property(expression, (source) => {
        try {
          assert.ok(isPlain(parseTemplate(`{{ ${source} }}`).renderTyped(context)), source);
          const text = parseTemplate(`{% for m in [${source}] %}{{ m }}{% endfor %}`).render(context);
          assert.doesNotMatch(text, /function|native code|\[object|=>/);
          assert.equal(({} as Record<string, unknown>).polluted, undefined);
        } catch (error) {
          assert.ok(
            error instanceof ExpressionError || error instanceof ExpressionSyntaxError,
            `${source}: ${error}`,
          );
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it("of any text at all parses or is refused with a place", () => {
    const piece = fc.constantFrom(
      "{{",
      "}}",
      "{%",
      "%}",
      "{#",
      "#}",
      "if",
      "for",
      "x",
      "in",
      "'",
      '"',
      "#{",
      "}",
      "(",
      ")",
      "[",
      "]",
      "|",
      "?",
      ":",
      ".",
      "..",
      "~",
      "not",
      "is",
      "\\",
      "\n",
      "set",
      "=",
      "raw",
      "endraw",
      "endif",
      "endfor",
      "macro",
      "1",
      "1.5",
      ",",
      " ",
      "-",
      "??",
      "else",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        try {
          parseTemplate(pieces.join(" ")).render(context);
        } catch (error) {
          assert.ok(
            error instanceof ExpressionError || error instanceof ExpressionSyntaxError,
            `${pieces.join(" ")}: ${(error as Error).stack}`,
          );
        }
      }),
      { numRuns: 5_000 },
    );
  });
});
