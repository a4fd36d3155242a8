import assert from "node:assert/strict";
import { it } from "node:test";
import { ExpressionError } from "../../src/expression/expression-error.ts";
import { type Context, parseTemplate } from "../../src/expression/template.ts";

/** What most cases read. */
export const context: Context = {
  inputs: {
    name: "Ada",
    count: 3,
    ratio: 2.5,
    flag: true,
    none: null,
    list: [3, 1, 2],
    words: ["b", "a"],
    empty: "",
    text: "a,b,c",
  },
  outputs: { first: { value: "one", files: { "a b.csv": "kestra:///a" } }, "with-dash": { value: 1 } },
  vars: {
    greeting: "Hello {{ inputs.name }}",
    loop: "{{ render(vars.loop) }}",
    plain: "text",
    date: "2024-09-06T08:38:53.123Z",
  },
  execution: { id: "1", startDate: "2024-09-06T08:38:53.123Z" },
  labels: { team: "data" },
};

/** A template and the text it renders to, one test each. */
export function rendersTo(cases: readonly (readonly [template: string, text: string])[]): void {
  for (const [template, text] of cases) {
    it(`renders ${template} to ${JSON.stringify(text)}`, () =>
      assert.equal(parseTemplate(template).render(context), text));
  }
}

/** A template that parses, and the error that rendering it ends with. */
export function failsWith(cases: readonly (readonly [template: string, message: RegExp])[]): void {
  for (const [template, message] of cases) {
    it(`refuses ${template.slice(0, 120)}`, () => {
      assert.throws(
        () => parseTemplate(template).render(context),
        (error) => error instanceof ExpressionError && message.test(error.message),
      );
    });
  }
}
