import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseTemplate } from "../../src/expression/template.ts";
import { context, failsWith, rendersTo } from "./cases.ts";

describe("functions", () => {
  describe("of values", () =>
    rendersTo([
      [`{{ fromJson('{"a": [1, 2]}').a[1] }}{{ json('[3]')[0] }}`, "23"],
      [
        `{{ loopOutputs([{'outputs': {'a': 1}}, {'outputs': {}}, 2, {'outputs': {'a': 'x'}}], 'a') }}`,
        '[1,null,null,"x"]',
      ],
      ["{{ yaml('a: [1, 2]').a[0] }}", "1"],
      ["{{ range(1, 10, 3) }}{{ range(3, 1, -1) }}", "[1,4,7,10][3,2,1]"],
      ["{{ max(1, 2.5, null, 2) }}{{ min(3, 1.5) }}", "2.51.5"],
      ["{{ now('yyyy') | length }}", "4"],
    ]));

  describe("of chance", () => {
    const cases: [string, RegExp][] = [
      ["{{ uuid() }}", /^[0-9a-f-]{36}$/],
      ["{{ id() }}", /^[0-9A-Za-z]{22}$/],
      ["{{ ksuid() }}", /^[0-9A-Za-z]{27}$/],
      ["{{ nanoId() }}", /^[\w-]{21}$/],
      ["{{ nanoId(5, 'ab') }}", /^[ab]{5}$/],
      ["{{ randomInt(3, 5) }}", /^[34]$/],
    ];
    for (const [template, shape] of cases) {
      it(`renders ${template} like ${shape}`, () =>
        assert.match(parseTemplate(template).render(context), shape));
    }
  });

  describe("render", () => {
    rendersTo([
      ["{{ vars.greeting }}", "Hello {{ inputs.name }}"],
      ["{{ render(vars.greeting) }}", "Hello Ada"],
      ["{{ render('{{ vars.greeting }}') }}", "Hello Ada"],
      ["{{ render('{{ vars.greeting }}', recursive=false) }}", "Hello {{ inputs.name }}"],
      ["{{ renderOnce('{{ vars.greeting }}') }}", "Hello {{ inputs.name }}"],
      ["{{ render([vars.greeting, {'k': vars.greeting}]) }}", '["Hello Ada",{"k":"Hello Ada"}]'],
      ["{{ render(5) }}", "5"],
    ]);
    failsWith([
      ["{{ render(vars.loop) }}", /nested too deeply/],
      ["{{ render('{{ x') }}", /What `render\(\)` is given cannot be parsed/],
      [
        "{{ render('{{ nothing }}') }}",
        /^Unable to find `nothing` used in the expression `\{\{ nothing \}\}` at line 1$/,
      ],
    ]);
  });

  describe("given what they cannot take", () =>
    failsWith([
      ["{{ fromJson('{') }}", /Invalid json/],
      ["{{ loopOutputs('x', 'a') }}", /expects 'outputs' to be a list/],
      ["{{ yaml('a: [') }}", /Invalid yaml/],
      ["{{ randomInt(5, 1) }}", /must not be less/],
      ["{{ range(1, 2, 0) }}", /different from 0/],
      ["{{ nanoId(100000) }}", /from 0 to 1000/],
      [
        "{{ loopOutputs([{'outputs': {'uri': 'kestra:///a'}}], 'o') }}",
        /stored as files: `o` is in the file that each of them names as `uri`/,
      ],
    ]));
});
