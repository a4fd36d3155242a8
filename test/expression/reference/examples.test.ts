import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { expressionChapters } from "../../../src/expression/reference/all-entries.ts";
import { exampleContext } from "../../../src/expression/reference/entry.ts";
import { parseTemplate } from "../../../src/expression/template.ts";

/** What reads the storage, other executions or the network cannot be shown by a template alone. */
const withoutExample: ReadonlySet<string> = new Set([
  ...[
    "currentEachOutput",
    "tasksWithState",
    "errorLogs",
    "encrypt",
    "decrypt",
    "printContext",
    "fetchContext",
  ],
  ...["secret", "kv", "read", "fileURI", "fileSize", "fileExists", "isFileEmpty", "http", "randomPort"],
]);

for (const { title, entries, missing } of expressionChapters()) {
  describe(`the reference of expressions: ${title}`, () => {
    it("leaves nothing out", () => assert.deepEqual(missing, []));

    for (const { name, summary, examples } of entries) {
      it(`tells the truth of ${name}`, () => {
        assert.match(summary, /\.$/);
        assert.ok(examples.length > 0 || withoutExample.has(name), "no example");
        for (const [template, text] of examples)
          assert.equal(parseTemplate(template).render(exampleContext), text, template);
      });
    }
  });
}
