import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ExpressionError, ExpressionSyntaxError } from "../../src/expression/expression-error.ts";
import { renderDeep } from "../../src/expression/render-deep.ts";
import { parseTemplate } from "../../src/expression/template.ts";
import { cpuMs } from "../support/cpu-ms.ts";

const a = "a".repeat(100);
const many = (count: number, text: string) => text.repeat(count);
const context = {
  long: "x".repeat(2_000_000),
  blanks: " ".repeat(1_000_000),
  grow: "{{ render(grow) }}{{ render(grow) }}",
  quotes: '"'.repeat(90_000),
  brackets: "[".repeat(200_000),
  closing: "]".repeat(200_000),
  list: Array.from({ length: 1000 }, (_, i) => i),
};

/** Templates that would take all time or memory there is. */
const bombs: Record<string, string> = {
  "a loop of four million turns": "{% for i in 1..2000 %}{% for j in 1..2000 %}x{% endfor %}{% endfor %}",
  "an endless range": "{% for i in 1..1000000000 %}{% endfor %}",
  "a range of tiny steps": "{{ range(0, 100000000, 1) }}",
  "doubling text": "{% set t = 'aaaaaaaa' %}{% for i in 1..100 %}{% set t = t ~ t %}{% endfor %}{{ t }}",
  "doubling text by +": "{% set t = 'aaaaaaaa' %}{% for i in 1..100 %}{% set t = t + t %}{% endfor %}",
  "doubling lists": "{% set t = [1] %}{% for i in 1..100 %}{% set t = t + t %}{% endfor %}",
  "doubling by merge": "{% set t = [1] %}{% for i in 1..100 %}{% set t = t | merge(t) %}{% endfor %}",
  "a map that is read in each turn that merges into it":
    "{% set m = {} %}{% for i in 1..100000 %}{% set m = m | merge({('k' ~ i): m | length}) %}{% endfor %}",
  "a list that holds itself many times":
    "{% set t = ['x'] %}{% for i in 1..100 %}{% set t = [t, t, t] %}{% endfor %}{{ t }}",
  "comparing what holds itself many times":
    "{% set t = ['x'] %}{% set u = ['x'] %}{% for i in 1..100 %}{% set t = [t, t] %}{% set u = [u, u] %}{% endfor %}{{ t == u }}",
  "a deep list": "{% set t = [] %}{% for i in 1..100000 %}{% set t = [t] %}{% endfor %}{{ t }}",
  "indenting by ten million": "{{ 'a' | indent(10000000) }}{{ 'a\nb' | indent(100000000) }}",
  "indenting with a long prefix": `{{ '${many(200, "a\n")}' | indent(100000, '${a}') }}`,
  "replacing by long texts": `{{ long | replace({'x': '${a}'}) }}`,
  "replacing nothing": `{{ long | replace({'': '${a}'}) }}`,
  "replacing by a pattern": `{{ long | replace({'x': '$0$0$0$0$0$0$0$0$0$0$0$0'}, regexp=true) }}`,
  "a wide pattern": `{{ long | replace({'((((a?){30}){30}){2}x)': ''}, regexp=true) }}`,
  "a big pattern": `{{ 'x' | replace({'(((x{100}){100}){100})': ''}, regexp=true) }}`,
  "a pattern on a long text, again and again":
    "{% for i in list %}{{ long | replace({'(a+)+b': ''}, regexp=true) }}{% endfor %}",
  "a pattern that looks ahead and runs away, again and again":
    "{% for i in list %}{{ long | replace({'(?=(a+)+$)b|(a+)+$': ''}, regexp=true) }}{% endfor %}",
  "a long pattern that looks ahead": "{{ 'x' | split('(?=a)' ~ brackets) }}",
  "a list that takes all of itself":
    "{% set t = [1] %}{% for i in 1..100 %}{% set x = t.addAll(t) %}{% endfor %}{{ t | length }}",
  "a list that holds itself": "{% set t = [] %}{% set x = t.add(t) %}{% set x = t.add(t) %}{{ t }}",
  "a map that grows without end":
    "{% set m = {} %}{% for i in 1..10000 %}{% for j in 1..10000 %}{% set x = m.put(i ~ ' ' ~ j, 1) %}{% endfor %}{% endfor %}",
  joining: "{% set t = [] %}{% for i in list %}{% set t = t + [long] %}{% endfor %}{{ t | join(',') }}",
  "json of the same thing":
    "{% set t = [] %}{% for i in list %}{% set t = t + [long] %}{% endfor %}{{ t | json }}",
  "yaml of a long text": "{{ yaml(long) }}",
  "a macro that calls itself": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
  "macros that call each other":
    "{% macro a(n) %}{{ b(n) }}{{ b(n) }}{% endmacro %}{% macro b(n) %}{% if n > 0 %}{{ a(n - 1) }}{{ a(n - 1) }}{% endif %}{% endmacro %}{{ a(40) }}",
  "render that renders itself twice": "{{ render(grow) }}",
  "quotes as yaml": "{{ yaml(quotes) }}",
  "deep json": "{{ fromJson(brackets ~ closing) }}",
  "render in a loop of new templates":
    "{% for i in 1..100000 %}{{ render('{{ ' ~ i ~ ' + 1 }}' ~ 'x') }}{% endfor %}",
  "hashing for ever": "{% for i in 1..100000 %}{{ long | sha512 }}{% endfor %}",
  "dates for ever":
    "{% for i in 1..1000 %}{% for j in 1..1000 %}{{ i | date('yyyy') }}{% endfor %}{% endfor %}",
  "new date patterns for ever":
    "{% for i in 1..100000 %}{{ i | date('yyyy' ~ \"'#{i}'\" ~ 'EEEE', locale='fr') }}{% endfor %}",
  "sorting for ever": "{% for i in 1..100000 %}{{ list | sort | length }}{% endfor %}",
  "number formats": `{{ 1 | numberFormat('${many(300, "0")}') }}`,
  "raw tags without end":
    "{% set t = '{% r' ~ 'aw %}' %}{% for i in 1..20 %}{% set t = t ~ t %}{% endfor %}{{ t }}{{ t ~ t ~ 'endraw' }}",
  "methods for ever": "{% for i in 1..100000 %}{{ long.toUpperCase().hashCode() }}{% endfor %}",
  "repeating a text": "{{ long.repeat(list[999]).length }}",
  "ion of blanks": `{{ fromIon(blanks ~ "'") }}{% for i in 1..100000 %}{{ fromIon(blanks) }}{% endfor %}`,
  "deep ion": "{{ fromIon(brackets ~ closing) }}",
  "yaml of what holds itself":
    "{% set t = ['x'] %}{% for i in 1..100 %}{% set t = [t, t] %}{% endfor %}{{ t | yaml }}",
  "ion of what holds itself":
    "{% set t = ['x'] %}{% for i in 1..100 %}{% set t = [t, t] %}{% endfor %}{{ t | toIon }}",
  "a text of what holds itself":
    "{% set t = ['x'] %}{% for i in 1..100 %}{% set t = [t, t] %}{% endfor %}{{ t ~ '' }}",
  "a filter tag in a filter tag": `${many(60, "{% filter replace({'a': 'aaaaaaaa'}) %}")}a${many(60, "{% endfilter %}")}`,
  splitting: "{% for i in 1..1000 %}{{ long | split('') | length }}{% endfor %}",
};

/** Programs of jq that would take all time or memory there is. */
const jqBombs: readonly string[] = [
  "[range(1e9)]",
  "last(range(1e18))",
  "[range(0; infinite)]",
  "reduce range(1e9) as $i (0; . + 1)",
  "[foreach range(1e9) as $i (0; . + 1)] | length",
  "def f: f; f",
  "def f: [f]; f",
  "def f: try f catch f; f",
  "def f: .; def g: f | g; g",
  "[1 | recurse(. + 1)]",
  "until(false; .)",
  "last(while(true; .))",
  "[limit(1e9; recurse(.))]",
  '"x" * 1e9',
  'reduce range(100) as $i ("aa"; . + .) | length',
  "reduce range(100) as $i ([1]; . + .) | length",
  "reduce range(100) as $i ([1]; [., .]) | tojson",
  "reduce range(100000) as $i ([]; [.]) | tojson",
  ".[1e9] = 1",
  "[[range(10)] | combinations(20)] | length",
  "[range(100000)] | map([range(100)]) | flatten | length",
  '[range(100000)] | map(tostring) | join(",") | [scan("[0-9](,|$)")] | length',
  '"a" * 1000000 | [match("((((a?){30}){30}){2}x)"; "g")]',
  '"a" * 10000000 | last(range(1000000) as $i | length)',
  '"a" * 10000000 | last(range(1000000) as $i | contains("b"))',
  '"a" * 1000000 | gsub("a"; "bbbbbbbbbbbbbbbbbbbb")',
  `${many(500, "[")}1${many(500, "]")}`,
  `${many(500, '"\\(')}1${many(500, ')"')}`,
  `1${many(500, "|(1")}${many(500, ")")}`,
  "label $out | def f: f, 1; f | break $out",
];

/** The words of the limits: a template that ends for another reason tests nothing. */
const LIMITS =
  /too much work|too long|too deep|too large|too much to|at most|does not work|not valid|takes too long|Invalid yaml|Invalid ion/;

describe("the budget", () => {
  for (const [name, template] of Object.entries(bombs)) {
    it(`ends ${name}`, () => {
      const ms = cpuMs(() =>
        assert.throws(
          () => parseTemplate(template).render(context),
          (error) => error instanceof ExpressionError && LIMITS.test(error.message),
        ),
      );
      // Two seconds are the limit; a busy machine gets some more.
      assert.ok(ms < 6_000, `${ms} ms`);
    });
  }

  for (const program of jqBombs) {
    it(`ends the jq program ${program.slice(0, 60)}`, () => {
      const ms = cpuMs(() =>
        assert.throws(
          () => parseTemplate(`{{ [] | jq(program) }}`).render({ program }),
          (error) => error instanceof ExpressionError && LIMITS.test(error.message),
        ),
      );
      assert.ok(ms < 6_000, `${ms} ms`);
    });
  }

  it("leaves ordinary jq programs room", () => {
    const text = parseTemplate(
      "{{ list | jq('map(. * 2) | add') }}{{ '\"ab\"' | jq('gsub(\"\"; \"-\")') }}",
    ).render(context);
    assert.equal(text, '[999000]["-a-b-"]');
  });

  const rows = Array.from({ length: 10_000 }, (_, id) => ({
    id,
    text: `the text of row ${id}, of some length`,
  }));
  for (const [how, template] of Object.entries({
    "texts with ~":
      "{% set s = '' %}{% for r in rows %}{% set s = s ~ r.text ~ ',' %}{% endfor %}{{ s.length }}",
    "texts with +": "{% set s = '' %}{% for r in rows %}{% set s = s + r.text %}{% endfor %}{{ s | length }}",
    "texts with concat":
      "{% set s = '' %}{% for r in rows %}{% set s = s.concat(r.text) %}{% endfor %}{{ s | length }}",
    "a map with merge":
      "{% set m = {} %}{% for r in rows %}{% set m = m | merge({('k' ~ r.id): r}) %}{% endfor %}{{ m | length }}",
    "a map that it reads in each turn":
      "{% set m = {} %}{% set x = 0 %}{% for r in rows %}{% set m = m | merge({('k' ~ r.id): r.id}) %}{% set x = m['k' ~ r.id] + (m.k0 ?? 0) %}{% endfor %}{{ x + 10000 }}",
    "counts in a map":
      "{% set m = {} %}{% for r in rows %}{% set k = 'k' ~ (r.id % 5000) %}{% set m = m | merge({(k): (m[k] ?? 0) + 1}) %}{% endfor %}{{ m.k0 + 10000 }}",
    "a list with merge":
      "{% set l = [] %}{% for r in rows %}{% set l = l | merge([r.id]) %}{% endfor %}{{ l | length }}",
    "a list with +": "{% set l = [] %}{% for r in rows %}{% set l = l + r.id %}{% endfor %}{{ l | length }}",
    "a text with jq": "{{ rows | jq('reduce .[] as $r (\"\"; . + $r.text) | length') | first }}",
    "a list with jq": "{{ rows | jq('reduce .[] as $r ([]; . + [$r.id]) | length') | first }}",
  }))
    it(`lets a loop over 10,000 items gather ${how}`, () => {
      assert.match(parseTemplate(template).render({ rows }), /^\d{5,6}$/);
    });

  it("finds in a map that is gathered what it would in the whole", () => {
    const text = parseTemplate(
      `{% set m = {'a': 1} %}{% set m = m | merge({'b': 2, 'n': null}) %}{{ m.a }}{{ m['b'] }}{{ m.n }}{{ m.c ?? 'no' }}{{ m[1] ?? 'no' }}|
      {%- set m = m | merge({'a': [3], (m.a): m.b}) %}{{ m.a[0] }}{{ m['1'] }}{{ m.a.size }}{{ m.size ?? 'no' }}{{ m }}{{ m.b }}`,
    );
    assert.equal(text.render({}), '12nono|321no{"a":[3],"1":2,"b":2}2');
    assert.throws(
      () => parseTemplate("{% set m = {} %}{% set m = m | merge({'b': 2}) %}{{ m.zz }}").render({}),
      {
        message: /^Unable to find `zz` used in the expression/,
      },
    );
  });

  it("takes what a list is added to for the list itself, also where that is itself", () => {
    const text = parseTemplate(
      "{% set l = [1] %}{% set k = l %}{% set l = l + l %}{% set l = l + 2 %}{{ k }}{{ l + '' }}",
    );
    assert.equal(text.render({}), "[1,1,2][1, 1, 2]");
  });

  it("is one for everything in a value", () => {
    const heavy = "{% for i in 1..90000 %}x{% endfor %}";
    assert.throws(() => renderDeep(Array(50).fill(heavy), {}), /does too much work/);
  });

  it("bounds what leaves a template", () => {
    const template = parseTemplate(
      "{% set t = ['x'] %}{% for i in 1..40 %}{% set t = [t, t] %}{% endfor %}{{ t }}",
    );
    assert.throws(() => template.renderTyped({}), ExpressionError);
    const nested = { value: [] as unknown[] };
    for (let i = 0; i < 40; i += 1) nested.value = [nested.value, nested.value];
    assert.throws(() => parseTemplate("{{ value }}").renderTyped(nested), ExpressionError);
  });
});

describe("the parser", () => {
  const deep: Record<string, string> = {
    parentheses: `{{ ${many(5000, "(")}1${many(5000, ")")} }}`,
    lists: `{{ ${many(5000, "[")}${many(5000, "]")} }}`,
    "not not not": `{{ ${many(5000, "not ")}true }}`,
    minuses: `{{ ${many(5000, "- ")}1 }}`,
    ternaries: `{{ ${many(5000, "true ? 1 : ")}2 }}`,
    additions: `{{ 1 ${many(5000, "+ 1 ")} }}`,
    attributes: `{{ a${many(5000, ".b[c]")} }}`,
    filters: `{{ a ${many(5000, "| upper ")} }}`,
    ifs: `${many(5000, "{% if true %}")}${many(5000, "{% endif %}")}`,
    elseifs: `{% if a %}${many(5000, "{% elseif b %}")}{% endif %}`,
    fors: `${many(5000, "{% for a in b %}")}${many(5000, "{% endfor %}")}`,
    interpolations: `{{ ${many(3000, '"#{')}1${many(3000, '}"')} }}`,
  };
  for (const [name, template] of Object.entries(deep)) {
    it(`refuses ${name} nested thousands deep`, () =>
      assert.throws(() => parseTemplate(template), ExpressionSyntaxError));
  }

  it("takes a long concatenation, which is not deep", () => {
    assert.equal(parseTemplate(`{{ 'a' ${many(3000, "~ 'a'")} }}`).render({}), many(3001, "a"));
  });

  const long: Record<string, string> = {
    "blanks before a tag": `{{ 1 }}${" ".repeat(1_000_000)}x${" ".repeat(1_000_000)}{{- 1 }}`,
    "open raw tags": many(100_000, "{% raw %}"),
    "blanks in tags": many(1000, `{%${" ".repeat(1000)}`),
    "one long string": `{{ '${"a".repeat(2_000_000)}' | length }}`,
    backslashes: `{{ '${"\\\\".repeat(1_000_000)}' | length }}`,
    // More than a function can be called with arguments.
    "many expressions": many(200_000, "{{ 1 }}"),
    "a long list": `{{ [${many(200_000, "1,")}1] | length }}`,
    "many interpolations": `{{ "${many(100_000, "#{1}")}" }}`,
    "a long concatenation": `{{ 1${many(100_000, " ~ 1")} }}`,
    "many lines": `${"\n".repeat(2_000_000)}{{ 1 }}`,
    "comments that do not end": many(500_000, "{#"),
  };
  for (const [name, template] of Object.entries(long)) {
    it(`reads ${name} in linear time`, () => {
      const ms = cpuMs(() => {
        try {
          parseTemplate(template).render({});
        } catch (error) {
          assert.ok(
            error instanceof ExpressionSyntaxError || error instanceof ExpressionError,
            String(error),
          );
        }
      });
      assert.ok(ms < 5_000, `${ms} ms`);
    });
  }
});
