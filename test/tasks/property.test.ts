import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { WholeFloat } from "../../src/base/whole-float.ts";
import { BigDecimal } from "../../src/expression/decimals.ts";
import { parseTemplate } from "../../src/expression/template.ts";
import {
  bool,
  duration,
  fileUri,
  int,
  list,
  map,
  number,
  oneOf,
  text,
  zonedTime,
} from "../../src/tasks/property.ts";
import { parseProperties } from "../../src/tasks/task-type.ts";

describe("property", () => {
  it("takes text where a flow means something else, and the other way round", () => {
    assert.deepEqual(
      [12, 1.5, 0.00012].map((each) => text().parse(each)),
      ["12", "1.5", "1.2E-4"],
    );
    assert.deepEqual(
      [" True ", 1, " 2", -1, "False", 0, "0"].map((each) => bool().parse(each)),
      [true, true, true, true, false, false, false],
    );
    assert.equal(int().parse("42"), 42);
    assert.equal(number().parse("-.5e1"), -5);
    assert.deepEqual(list(int()).parse('[1, "2"]'), [1, 2]);
    assert.deepEqual(map(text()).parse('{"a": 1}'), { a: "1" });
    assert.equal(fileUri().parse(" kestra:///a/b "), "kestra:///a/b");
  });

  it("reads durations as milliseconds", () => {
    const cases = { PT5M: 300_000, "PT0.25S": 250, P1DT2H: 93_600_000, pt1h: 3_600_000, P7D: 604_800_000 };
    for (const [written, ms] of Object.entries(cases)) assert.equal(duration().parse(written), ms);
    assert.equal(duration().parse(1.5), 1500);
    assert.equal(duration().parse(" 1.5 "), 1500);
    for (const bad of ["P", "PT", "5m", "P1M", "PT1.5H", "-PT1S", ""]) {
      assert.equal(duration().safeParse(bad).success, false, bad);
    }
  });

  it("refuses what does not fit, in words", () => {
    const said = (schema: z.ZodType, value: unknown) => schema.safeParse(value).error?.issues[0]?.message;
    assert.equal(said(int(), "1.5"), "Expected a whole number");
    assert.equal(said(int({ min: 1 }), 0), "Expected at least 1");
    assert.equal(said(number({ max: 1 }), "2"), "Expected at most 1");
    assert.equal(said(bool(), "yes"), "Expected true or false");
    assert.equal(said(bool(), 1.5), "Expected true or false");
    assert.equal(said(duration(), "5m"), "Expected a duration such as PT5M");
    assert.equal(said(duration(), -5), "Expected a duration such as PT5M");
    assert.equal(said(list(oneOf(["A"])), ["A", "x"]), "at 1: Expected one of A");
    assert.equal(said(list(int()), "[1"), "Expected a list");
    assert.equal(said(map(text()), [1]), "Expected a map");
    assert.equal(said(oneOf(["A", "B"]), "C"), "Expected one of A, B");
    assert.equal(said(oneOf(["A"], { words: ["C"], why: "use A" }), "C"), "C is not supported: use A");
  });
});

describe("parseProperties", () => {
  it("takes a decimal as the text or the number that is wanted", () => {
    const decimal = new BigDecimal(150n, 2);
    const type = { properties: z.object({ a: text(), b: number(), c: z.unknown() }) };
    assert.deepEqual(parseProperties(type, { a: decimal, b: decimal, c: 1 }), { a: "1.50", b: 1.5, c: 1 });
  });

  it("says of what does not fit what came, and not of what is missing", () => {
    const type = {
      properties: z.object({ a: duration(), b: list(oneOf(["A"])), c: text(), d: fileUri(), e: map(int()) }),
    };
    const given = { a: "0s", b: '["A", "x"]', d: "x".repeat(300), e: { k: [1, { l: 2 }] } };
    assert.throws(() => parseProperties(type, given), {
      message:
        "The properties of the task do not fit: `a`: Expected a duration such as PT5M; this is `0s`; " +
        '`b`: at 1: Expected one of A; this is `["A", "x"]`; `c`: Expected text; ' +
        `\`d\`: Expected the URI of a stored file, such as kestra:///company/team/…; this is \`${"x".repeat(200)}…\`; ` +
        '`e`: at k: Expected a whole number; this is `[1,{"l":2}]`',
    });
    assert.throws(() => parseProperties(type, { ...given, a: "" }), /PT5M; this is empty; `b`/);
  });

  it("makes of a value the text that the template prints", () => {
    const type = { properties: z.object({ a: text(), b: list(text()) }) };
    const context = { m: { a: 1, n: null, d: 1e-5 }, x: 12345678.5, nul: null };
    const templates = [
      "{{ m }}",
      "{{ [m, nul] }}",
      "{{ x }}",
      "{{ x * 2 }}",
      "{{ -x }}",
      "{{ x / 0 }}",
      "{{ 1.0 }}",
    ];
    templates.push("{{ '3.5' | number('FLOAT') / 7 }}", "{{ '1e3' | number('BIGDECIMAL') }}");
    templates.push("{{ '1.10' | number('BIGDECIMAL') }}", "{{ ['1e3' | number('BIGDECIMAL'), 2.0] }}");
    for (const source of templates) {
      const template = parseTemplate(source);
      const printed = template.render(context);
      const value = template.renderTyped(context);
      const read = parseProperties(type, { a: value, b: [value] });
      assert.deepEqual(read, { a: printed, b: [printed] }, source);
    }
  });

  it("reads what a template gives as Kestra reads it", () => {
    const shape = {
      a: int().optional(),
      b: bool().default(true),
      c: duration().optional(),
      d: number().default(7),
      e: zonedTime().optional(),
      f: text().optional(),
    };
    const read = (given: Record<string, unknown>) =>
      parseProperties({ properties: z.strictObject(shape) }, given);
    assert.deepEqual(read({ a: "1.5", b: "0", c: "60", d: "1e2" }), { a: 1, b: false, c: 60_000, d: 100 });
    assert.deepEqual(read({ a: 2.5, b: 12, c: " 1.5 ", d: "-0.5" }), { a: 2, b: true, c: 1500, d: -0.5 });
    assert.deepEqual(read({ a: new WholeFloat(3), b: "TRUE", c: "PT1S" }), { a: 3, b: true, c: 1000, d: 7 });
    assert.deepEqual(read({ a: "", b: "null", c: "", d: " ", e: "", f: "" }), { b: true, d: 7, f: "" });
    assert.deepEqual(read({ e: " null", f: "null" }), { b: true, d: 7, f: "null" });
    for (const given of [
      { a: "yes" },
      { a: true },
      { b: "1.5" },
      { b: "yes" },
      { c: "5m" },
      { d: [1] },
      { b: "007" },
      { b: "5.0" },
      { b: "1e3" },
    ])
      assert.throws(() => read(given), { reason: "invalid_properties" });
  });

  it("takes an empty text for nothing where a date is wanted, and for a mistake where one of other texts is", () => {
    const shape = {
      date: zonedTime().optional(),
      word: oneOf(["a", "b"]).default("a"),
      letter: text()
        .refine((one) => one.length === 1)
        .default(","),
      words: list(oneOf(["a", "b"])).optional(),
    };
    const read = (given: Record<string, unknown>) =>
      parseProperties({ properties: z.strictObject(shape) }, given);
    for (const given of ["", "null"]) assert.deepEqual(read({ date: given }), { word: "a", letter: "," });
    for (const key of ["word", "letter", "words"])
      for (const given of ["", "null", "0.9", "007", 0.9])
        assert.throws(() => read({ [key]: given }), { reason: "invalid_properties" }, `${key} ${given}`);
  });

  const type = { properties: z.strictObject({ a: int(), b: text().default("x") }) };

  it("counts null as not given", () => {
    assert.deepEqual(parseProperties(type, { a: "1", b: null }), { a: 1, b: "x" });
  });

  it("prints what an expression gives where text is wanted", () => {
    const texts = {
      properties: z.strictObject({ a: text(), b: z.union([text(), z.array(text())]).optional() }),
    };
    assert.deepEqual(parseProperties(texts, { a: { x: [1, null] }, b: [{ x: 1 }, null, 2] }), {
      a: '{"x":[1,null]}',
      b: ['{"x":1}', "", "2"],
    });
    assert.deepEqual(parseProperties(texts, { a: null, b: null }), { a: "" });
  });

  it("reads what stands in maps and lists so, too", () => {
    const timeout = z.strictObject({ idle: duration().prefault("PT5M"), tries: int().default(3) });
    const shape = {
      headers: map(text()).optional(),
      options: z.strictObject({ timeout: timeout.prefault({}), token: text(), isOpen: bool().default(true) }),
      metrics: list(z.strictObject({ name: text(), tags: map(text()).optional() })).optional(),
    };
    const read = parseProperties(
      { properties: z.strictObject(shape) },
      {
        headers: { a: null, b: { x: [1] }, c: 2 },
        options: { timeout: { idle: "", tries: "2.5" }, token: null, isOpen: null },
        metrics: [{ name: null, tags: { t: ["u"] } }],
      },
    );
    assert.deepEqual(read, {
      headers: { a: "", b: '{"x":[1]}', c: "2" },
      options: { timeout: { idle: 300_000, tries: 2 }, token: "", isOpen: true },
      metrics: [{ name: "", tags: { t: '["u"]' } }],
    });
  });

  it("names every fault at once", () => {
    assert.throws(() => parseProperties(type, { a: "x", c: 1 }), {
      reason: "invalid_properties",
      message: /`a`: .*; Unknown property `c`\./,
    });
  });
});
