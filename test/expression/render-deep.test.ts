import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { writeJson } from "../../src/base/json.ts";
import { WholeFloat } from "../../src/base/whole-float.ts";
import { ExpressionError, renderDeep } from "../../src/expression/render-deep.ts";
import { parseTemplate } from "../../src/expression/template.ts";
import { isTruthy } from "../../src/expression/values.ts";

const context = { inputs: { n: 3, list: [1, { a: null }], text: "t", flag: false }, vars: { key: "k" } };

describe("renderDeep", () => {
  it("gives the native value of a single expression, and text otherwise", () => {
    assert.deepEqual(
      renderDeep(
        { a: "{{ inputs.n }}", b: "{{ inputs.n }}!", c: "{{ inputs.list }}", d: "{{ 4.0 / 2 }}" },
        context,
      ),
      {
        a: 3,
        b: "3!",
        c: [1, { a: null }],
        d: new WholeFloat(2),
      },
    );
  });

  it("gives decimals with their digits, as JSON too", () => {
    const rendered = renderDeep({ a: ["{{ '12345678901234567890.50' | number('BIGDECIMAL') }}"] }, context);
    assert.equal(writeJson(rendered), '{"a":[12345678901234567890.50]}');
  });

  it("gives all of the text where a list is only a part of it", () => {
    const template = "{{ inputs.list }} and {{ inputs.n }}";
    assert.equal(renderDeep(template, context), "[1,{}] and 3");
    // Conditions and choices are no texts: what reads as JSON is that.
    assert.deepEqual(renderDeep("{{ inputs.list }} ", context, { isNative: true }), [1, {}]);
    assert.deepEqual(renderDeep("{% if true %}{{ inputs.list }}{% endif %}", context, { isNative: true }), [
      1,
      { a: null },
    ]);
    assert.equal(renderDeep("{{ inputs.n }}{{ inputs.n }}", context, { isNative: true }), "33");
  });

  it("renders keys, lists and maps in one pass", () => {
    const value = {
      "{{ vars.key }}": ["{{ inputs.flag }}", { x: "{{ '{{ inputs.n }}' }}" }],
      plain: 1,
      nothing: null,
    };
    assert.deepEqual(renderDeep(value, context), {
      k: [false, { x: "{{ inputs.n }}" }],
      plain: 1,
      nothing: null,
    });
  });

  it("says which expression failed", () => {
    assert.throws(
      () => renderDeep({ a: ["{{ inputs.missing }}"] }, context),
      (error) => {
        assert.ok(error instanceof ExpressionError);
        assert.equal(
          error.message,
          "Unable to find `missing` used in the expression `{{ inputs.missing }}` at line 1",
        );
        assert.equal(error.expression, "{{ inputs.missing }}");
        assert.equal(error.line, 1);
        return true;
      },
    );
  });

  it("renders the flow of the documentation", () => {
    const flow = {
      execution: { startDate: "2024-09-06T08:38:53.123Z" },
      vars: { file_id: "{{ execution.startDate | dateAdd(-3, 'MONTHS') | date('yyyyMM') }}" },
      outputs: {
        get_zipfile: { uri: "kestra:///zip" },
        unzip: { files: { "202406-divvy-tripdata.csv": "kestra:///csv" } },
      },
    };
    const tasks = [
      "https://divvy-tripdata.s3.amazonaws.com/{{ render(vars.file_id) }}-divvy-tripdata.zip",
      "{{ outputs.get_zipfile.uri }}",
      "{{outputs.unzip.files[render(vars.file_id) ~ '-divvy-tripdata.csv']}}",
    ];
    assert.deepEqual(renderDeep(tasks, flow), [
      "https://divvy-tripdata.s3.amazonaws.com/202406-divvy-tripdata.zip",
      "kestra:///zip",
      "kestra:///csv",
    ]);
  });
});

describe("Template.renderTyped", () => {
  it("gives text when there is more than one expression, null for null", () => {
    assert.equal(parseTemplate("{{ inputs.n }} ").renderTyped(context), "3 ");
    assert.equal(parseTemplate("{{ null }}").renderTyped(context), null);
    assert.equal(parseTemplate("plain").renderTyped(context), "plain");
  });

  it("gives a copy, so that nobody changes the context", () => {
    const value = parseTemplate("{{ inputs.list }}").renderTyped(context) as unknown[];
    value.push(2);
    assert.equal(context.inputs.list.length, 2);
  });
});

describe("isTruthy", () => {
  for (const text of ["false", "0", "-0", "", "  ", " false "])
    it(`says no to ${JSON.stringify(text)}`, () => assert.equal(isTruthy(text), false));
  for (const text of ["true", "1", "no", "False", "0.0", "null", "[]"])
    it(`says yes to ${text}`, () => assert.equal(isTruthy(text), true));
});
