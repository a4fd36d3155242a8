import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LOADING_TAGS } from "../../../src/expression/parser-nodes.ts";
import { expressionChapters, refusedFunctions } from "../../../src/expression/reference/all-entries.ts";
import { exampleContext } from "../../../src/expression/reference/entry.ts";
import { parseTemplate } from "../../../src/expression/template.ts";

for (const { title, entries, missing, gone } of expressionChapters()) {
  describe(`the reference of expressions: ${title}`, () => {
    it("leaves nothing out", () => assert.deepEqual(missing, []));
    it("tells of nothing that is not there", () => assert.deepEqual(gone, []));

    for (const { name, summary, examples, inFlow = [] } of entries) {
      it(`tells the truth of ${name}`, () => {
        assert.match(summary, /[.,]$/);
        assert.ok(examples.length + inFlow.length > 0, "no example");
        for (const [template, text] of examples)
          assert.equal(parseTemplate(template).render(exampleContext), text, template);
        for (const [template] of inFlow) parseTemplate(template);
      });
    }
  });
}

describe("the reference of expressions: what is not available", () => {
  for (const name of Object.keys(refusedFunctions)) {
    it(`is right that ${name} is not`, () =>
      assert.throws(() => parseTemplate(`{{ ${name}('a') }}`), { message: /is not available yet/ }));
  }

  for (const name of LOADING_TAGS) {
    it(`is right that the tag ${name} is not`, () =>
      assert.throws(() => parseTemplate(`{% ${name} 'a' %}`), { message: /cannot load another one/ }));
  }
});
