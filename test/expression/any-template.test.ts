import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { WholeFloat } from "../../src/base/whole-float.ts";
import { ExpressionError, ExpressionSyntaxError } from "../../src/expression/expression-error.ts";
import { parseTemplate } from "../../src/expression/template.ts";
import { expression } from "./any-expression.ts";
import { context } from "./hostile-context.ts";

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
