import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type Dashed, dashedNames } from "../../src/flow/dashed-names.ts";

/** Looks at all that stands before a place, at every place. */
function slowly(text: string, line: number, column: number): Dashed | undefined {
  const before = (text.split("\n")[line - 1] ?? "").slice(0, column - 1);
  const found = /\b(?<root>outputs|inputs|vars)\.(?<before>\w+(?:-\w+)*-)$/.exec(before)?.groups;
  return found && ({ ...found } as unknown as Dashed);
}

describe("the names behind dashes", () => {
  it("are those that stand behind a task, an input or a variable without a space", () => {
    const behind = dashedNames("{{ 1-a }}\n{{ outputs.get-my-file.uri }}");
    assert.equal(behind({ line: 1, column: 6 }), undefined);
    assert.equal(behind({ line: 2, column: 12 }), undefined);
    assert.deepEqual(behind({ line: 2, column: 16 }), { root: "outputs", before: "get-" });
    assert.deepEqual(behind({ line: 2, column: 19 }), { root: "outputs", before: "get-my-" });
  });

  it("are found at once as they are by looking at what is before each", () => {
    const pieces = fc.constantFrom(
      ...[
        "outputs",
        "inputs.",
        "vars.",
        "outputs.a-",
        ".",
        "-",
        "-",
        "-my",
        "a",
        "my",
        "1",
        "é",
        " ",
        "\n",
        "{{ ",
        " }}",
        "(",
      ],
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        const text = parts.join("");
        const behind = dashedNames(text);
        for (const [index, line] of text.split("\n").entries())
          for (let column = 1; column <= line.length + 1; column += 1)
            assert.deepEqual(behind({ line: index + 1, column }), slowly(text, index + 1, column));
      }),
    );
  });
});
