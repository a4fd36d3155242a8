import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { WholeFloat } from "../../src/base/whole-float.ts";
import { ExpressionError, ExpressionSyntaxError } from "../../src/expression/expression-error.ts";
import { parseTemplate } from "../../src/expression/template.ts";
import { context, FORBIDDEN } from "./hostile-context.ts";

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
  if (value === null || ["string", "number", "bigint", "boolean"].includes(typeof value)) return true;
  if (value instanceof Date || value instanceof WholeFloat) return true;
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
