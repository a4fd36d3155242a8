import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { setKey } from "../../src/base/key-order.ts";
import { WholeFloat } from "../../src/base/whole-float.ts";
import { newBudget } from "../../src/expression/budget.ts";
import { bigDecimal } from "../../src/expression/decimals.ts";
import { ExpressionError, ExpressionSyntaxError } from "../../src/expression/expression-error.ts";

import { type Context, parseTemplate } from "../../src/expression/template.ts";
import { javaText, type PlainMap } from "../../src/expression/values.ts";

/** A template, what Kestra makes of it, and what it sees beside the context of all. */
type Case = readonly [template: string, result: string, more?: Context];
interface Table {
  /** The text that it renders to. */
  renders?: Case[];
  /** The native value, as Java writes it. */
  gives?: Case[];
  /** What Kestra fails with, and we do. */
  refuses?: (readonly [template: string, more?: Context])[];
}

const folder = new URL("./kestra/", import.meta.url);

/** What the templates of the tables see; made anew for each, since they may not change it. */
function contextOf(more: Context = {}): Context {
  return {
    ...{ int1: 1, i7: 7, i2: 2, imax: 2147483647, lng: 5000000000, flt: 1.5, dbl: 2.5, tiny: 1e-5 },
    ...{ d1: new WholeFloat(1), big: new WholeFloat(1e10), d7: new WholeFloat(1e7), nan: Number.NaN },
    ...{ t: true, f: false, nul: null, s: "hello", es: "", sp: "  ", ns: "12", ml2: "line1\nline2\nline3" },
    ...{ ch: "c", en: "RUNNING", list: [3, 1, 2], sl: ["b", "a", "c"], el: [], em: {}, imm: [2, 1] },
    ...{ arr: ["x", "y"], iarr: [1, 2, 3], lset: ["a", "b"], nest: [1, [2, [3]]] },
    mixed: [1, "two", null, 3.5, true, [1]],
    ml: [{ k: "v1" }, { k: "v2" }],
    m: inOrder(
      ["a", 1],
      ["b", "two"],
      ["n", null],
      ["x-y", "dash"],
      ["c", { deep: "D", list: ["p", "q"] }],
      ["1", "one"],
    ),
    imap: { 1: "i1" },
    js: '{"a": [1, 2.0, {"b": null}]}',
    ...{ ld: "2024-03-05", ldt: "2024-03-05T06:07:08", lt: "06:07", inst: "2024-03-05T06:07:08.123456789Z" },
    ...{ zdt: "2024-03-05T06:07:08.5+01:00[Europe/Paris]", odt: "2024-03-05T06:07:08+02:00" },
    ...{ tpl: "{{ s }} {{ m.a }}", tpl2: "{{ tpl }}", loopt: "{{ loopt }}x" },
    J: '{"a":1,"b":"two","c":[3,1,2],"d":{"e":null,"f":true},"g":[{"n":"x","v":2},{"n":"y","v":1},{"n":"x","v":3}]}',
    ...{ bd: bigDecimal("12345678901234567890.50"), bd1: bigDecimal("1.10") },
    bi: 123456789012345678901234567890n,
    ...more,
  };
}

/** A map whose keys keep their order, whatever they look like. */
function inOrder(...entries: [string, unknown][]): PlainMap {
  const map: PlainMap = {};
  for (const [key, value] of entries) setKey(map, key, value);
  return map;
}

function resultOf(render: () => string): string {
  try {
    return render();
  } catch (error) {
    if (error instanceof ExpressionError || error instanceof ExpressionSyntaxError)
      return `failed: ${error.message}`;
    throw error;
  }
}

describe("templates of Kestra", { concurrency: false }, () => {
  for (const file of readdirSync(folder)) {
    const table = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Table;

    it(`render to the same text: ${file}`, () => {
      for (const [template, expected, more] of table.renders ?? [])
        assert.equal(
          resultOf(() => parseTemplate(template).render(contextOf(more))),
          expected,
          template,
        );
    });

    it(`give the same value: ${file}`, () => {
      for (const [template, expected, more] of table.gives ?? []) {
        const value = resultOf(() =>
          javaText(parseTemplate(template).renderNative(contextOf(more)), newBudget()),
        );
        assert.equal(value, expected, template);
      }
    });

    it(`fail where they fail: ${file}`, () => {
      for (const [template, more] of table.refuses ?? [])
        assert.match(
          resultOf(() => parseTemplate(template).render(contextOf(more))),
          /^failed: /,
          template,
        );
    });
  }
});

describe("templates that mean something else than in Kestra", { concurrency: false }, () => {
  /** By the reason: a template, what Kestra makes of it, and what comes out here; null where it fails. */
  const reasons = JSON.parse(
    readFileSync(new URL("./kestra-differences.json", import.meta.url), "utf8"),
  ) as Record<string, [template: string, kestra: string, ours: string | null, more?: Context][]>;

  for (const [reason, cases] of Object.entries(reasons)) {
    it(reason, () => {
      for (const [template, , ours, more] of cases) {
        const results = [
          resultOf(() => parseTemplate(template).render(contextOf(more))),
          resultOf(() => javaText(parseTemplate(template).renderNative(contextOf(more)), newBudget())),
        ];
        if (ours === null) assert.match(results[0] ?? "", /^failed: /, template);
        else if (!template.includes("nanoId") && !template.includes("randomInt"))
          assert.ok(results.includes(ours), `${template}: ${results.join(" or ")}`);
      }
    });
  }
});
