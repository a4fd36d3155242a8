import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseTemplate } from "../../src/expression/template.ts";
import { context, failsWith, rendersTo } from "./cases.ts";

describe("what a template changes", () => {
  describe("is changed for the rest of it", () =>
    rendersTo([
      ["{{ inputs.list | sort }}{{ inputs.list }}", "[1,2,3][1,2,3]"],
      ["{{ inputs.list + 4 }}{{ inputs.list | length }}", "[3,1,2,4]4"],
      ["{{ inputs.words.add('c') }}{{ inputs.words }}", 'true["b","a","c"]'],
      [
        "{% set found = [] %}{% for i in 1..3 %}{% set x = found.add(i * i) %}{% endfor %}{{ found }}",
        "[1,4,9]",
      ],
      [
        "{% set m = {} %}{{ m.put('k', 1) }}{{ m.put('k', 2) }}{% set x = m.putAll({'l': 3}) %}{{ m }}",
        '1{"k":2,"l":3}',
      ],
      ["{% set same = inputs.list %}{% set x = same.addAll([5, 6]) %}{{ inputs.list }}", "[3,1,2,5,6]"],
      ["{{ inputs.words.remove('b') }}{{ inputs.words.remove('x') }}{{ inputs.words }}", 'truefalse["a"]'],
    ]));

  describe("is not changed where it cannot be", () =>
    failsWith([
      ["{{ inputs.list.addAll(5) }}", /takes all of a list/],
      ["{{ inputs.list.remove(inputs.count) }}", /out of bounds/],
      ["{{ outputs.put([1], 2) }}", /A key of a map must be a text or a number/],
    ]));

  it("is nothing of what it was given", () => {
    const before = JSON.stringify(context);
    parseTemplate(
      "{{ inputs.list | sort | reverse }}{{ inputs.list.add(1) }}{{ outputs.put('x', 1) }}{{ outputs.first.files.put('y', 2) }}",
    ).render(context);
    assert.equal(JSON.stringify(context), before);
  });
});
