import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseTemplate } from "../../src/expression/template.ts";
import { failsWith, rendersTo } from "./cases.ts";

describe("operators", () => {
  describe("arithmetic", () =>
    rendersTo([
      ["{{ 1 + 2 }}", "3"],
      ["{{ 7 / 2 }}", "3"],
      ["{{ -7 / 2 }}", "-3"],
      ["{{ 7.0 / 2 }}", "3.5"],
      ["{{ 4.0 / 2 }}", "2.0"],
      ["{{ 2 * 2.5 }}", "5.0"],
      ["{{ 7 % 4 }}", "3"],
      ["{{ 2 + 3 * 4 }}", "14"],
      ["{{ (2 + 3) * 4 }}", "20"],
      ["{{ -inputs.count }}", "-3"],
      ["{{ 0 / 5 }}", "0"],
      ["{{ 1.5 }}", "1.5"],
      ["{{ 'a' + 1 }}", "a1"],
      ["{{ [1] + [2] }}", "[1,2]"],
      ["{{ [1, 2, 3] - [2] }}", "[1,3]"],
      ["{{ 1..3 }}", "[1,2,3]"],
      ["{{ 'a'..'c' }}", '["a","b","c"]'],
    ]));

  describe("arithmetic that has no answer", () =>
    failsWith([
      ["{{ 1 / 0 }}", /divided by zero/],
      ["{{ 1 % 0 }}", /divided by zero/],
      ["{{ '4' * 2 }}", /needs two numbers, not a text and a number/],
      ["{{ true * 2 }}", /needs two numbers, not a boolean and a number/],
    ]));

  describe("text", () =>
    rendersTo([
      ["{{ 'a' ~ 1 ~ null ~ true ~ 2.0 }}", "a1true2.0"],
      ["{{ 'x' ~ inputs.list }}", "x[3, 1, 2]"],
      ["{{ 'a' ~ 'b' | upper }}", "AB"],
      [`{{ "Hello #{inputs.name ~ "!"} and #{1 + 1}" }}`, "Hello Ada! and 2"],
      ["{{ 'it\\'s' }}", "it's"],
      ["{{ 'a\\nb' }}", "a\\nb"],
      ["{{ 'not #{inputs.name}' }}", "not #{inputs.name}"],
    ]));

  describe("comparison", () =>
    rendersTo([
      ["{{ 1 == 1.0 }}", "true"],
      ["{{ '1' == 1 }}", "false"],
      ["{{ inputs.name equals 'Ada' }}", "true"],
      ["{{ inputs.name != 'Ada' }}", "false"],
      ["{{ [1, {'a': 2}] == [1, {'a': 2}] }}", "true"],
      ["{{ [1] == [1.0] }}", "false"],
      ["{{ null == null }}", "true"],
      ["{{ 2 > 1 and 1 < 2 and 1 <= 1 and 2 >= 3 }}", "false"],
      ["{{ null > 1 }}", "false"],
    ]));

  describe("methods", () =>
    rendersTo([
      ["{{ inputs.name.length }}{{ inputs.name.length() }}{{ inputs.list.size() }}", "333"],
      ["{{ inputs.name.toUpperCase().concat('!') }}", "ADA!"],
      ["{{ inputs.name.substring(inputs.list[1]) }}", "da"],
      ["{{ inputs.containsKey('name') }}{{ inputs.get('nothing') ?? 'none' }}", "truenone"],
      ["{{ 'a1b'.replaceAll('[0-9]', '-') }}{{ 'ab'.matches('a.') }}", "a-btrue"],
    ]));

  describe("conditions that are neither true nor false", () =>
    failsWith([
      ["{{ inputs.list and true }}", /A condition is a boolean, a text or a number, not a list/],
      ["{% if inputs.none %}x{% endif %}", /not null/],
      ["{{ not inputs.none }}", /not null/],
      ["{{ (nothing + 1) ?? 'd' }}", /^Unable to find `nothing`/],
    ]));

  describe("comparison of what has no order", () =>
    failsWith([
      ["{{ 'a' > 1 }}", /cannot compare a text with a number/],
      ["{{ 'a' < 'b' }}", /it takes two numbers/],
    ]));

  describe("logic", () =>
    rendersTo([
      ["{{ true and not false or false }}", "true"],
      ["{{ not true and false }}", "false"],
      ["{{ not 1 == 2 }}", "false"],
      ["{{ not (1 == 2) }}", "true"],
      ["{{ not not true }}", "true"],
      ["{{ '' or 0 or 0.0 }}", "false"],
      ["{{ 'false' and '0' and ' ' and 1 }}", "true"],
      ["{{ null ? 1 : 2 }}", "2"],
      ["{{ inputs.flag ? 'yes' : 'no' }}", "yes"],
      ["{{ false ? 1 : true ? 2 : 3 }}", "2"],
      ["{{ false and missing }}", "false"],
    ]));

  describe("membership", () =>
    rendersTo([
      ["{{ [1, 2] contains 1 }}", "true"],
      // Data has Integers, a template writes Longs.
      ["{{ inputs.list contains 1 }}", "false"],
      ["{{ inputs.list contains inputs.list[1] }}", "true"],
      ["{{ 1 isIn inputs.list }}", "true"],
      ["{{ 'abc' contains 'b' }}", "true"],
      ["{{ inputs contains 'name' }}", "true"],
      ["{{ 'Ada' isIn ['Ada', 'Bob'] }}", "true"],
      ["{{ null contains 1 }}", "false"],
    ]));

  describe("missing values", () =>
    rendersTo([
      ["{{ inputs.nothing ?? 'd' }}", "d"],
      ["{{ inputs.none ?? 'd' }}", "d"],
      ["{{ inputs.none ??? 'd' }}", ""],
      ["{{ nothing.at.all ??? 'd' }}", "d"],
      ["{{ outputs.a[vars.b] ?? 'd' }}", "d"],
      ["{{ (outputs.a | upper) ?? 'd' }}", "d"],
      ["{{ inputs.a ?? inputs.b ?? 'c' }}", "c"],
      ["{{ inputs.a ?? 'x' ~ 'y' }}", "xy"],
      ["{{ inputs.a ?? 'x' | upper }}", "X"],
      ["{{ inputs.empty ?? 'd' }}", ""],
      ["{{ inputs.empty | default('d') }}", "d"],
      ["{{ a.b.c | default('d') }}", "d"],
    ]));

  describe("tests", () =>
    rendersTo([
      ["{{ inputs.name is defined }}", "true"],
      ["{{ inputs.nothing.deep is defined }}", "false"],
      ["{{ inputs.nothing is not defined }}", "true"],
      ["{{ inputs.none is null }}", "true"],
      ["{{ inputs.name is not null and inputs.count is odd }}", "true"],
      ["{{ inputs.empty is empty and [] is empty and {} is empty }}", "true"],
      ["{{ 4 is even }}", "true"],
      ["{{ inputs.list is iterable }}{{ inputs is map }}{{ inputs is iterable }}", "truetruefalse"],
      [`{{ '{"a": 1}' is json }}{{ 'a' is json }}`, "truefalse"],
    ]));

  describe("literals and indexing", () =>
    rendersTo([
      ["{{ {'a': {'b': [1, 2]}} }}", '{"a":{"b":[1,2]}}'],
      ["{{ ({'a': {'b': 1}})['a'].b }}", "1"],
      ["{{ outputs['with-dash'].value }}", "1"],
      ["{{ outputs.first.files['a' ~ ' b.csv'] }}", "kestra:///a"],
      ["{{ inputs.list[0] }}{{ inputs.list[1] }}{{ inputs['list'][2] }}", "312"],
      ["{{ null }}|{{ true }}|{{ FALSE }}|{{ NONE }}", "|true|false|"],
    ]));

  describe("missing variables", () =>
    failsWith([
      ["{{ nothing }}", /^Unable to find `nothing` used in the expression `\{\{ nothing \}\}` at line 1$/],
      [
        "a\n{{ outputs.no.value }}",
        /^Unable to find `no` used in the expression `a\n\{\{ outputs\.no\.value \}\}` at line 2$/,
      ],
      ["{{ inputs.none.deeper }}", /^Unable to find `deeper` used/],
      ["{{ inputs.list[9] }}", /^Unable to find `9` used/],
      ["{{ inputs.name.nothing }}", /^Unable to find `nothing` used/],
      ["{{ inputs.name.substring(1) }}", /^Unable to find `substring` used/],
      ["{{ outputs[inputs.name] }}", /^Unable to find `Ada` used/],
    ]));

  describe("missing parts of what has others", () => {
    const context = {
      taskrun: { value: '{"n": {"m": 1}}' },
      inputs: { name: "Ada", list: [1, 2], none: null, number: 1, map: { total: 1 } },
      envs: {},
    };
    const cases: [template: string, hint: string][] = [
      ["taskrun.value.n.m", " `taskrun.value` is a text: write `fromJson(taskrun.value).n`."],
      ["fromJson(taskrun.value).n['total']", ""],
      ["inputs.name.rows", " `inputs.name` is a text, and has no parts."],
      [
        "inputs.list['n-m']",
        " `inputs.list` is a list of 2: its entries have numbers, as in `inputs.list[0]['n-m']`.",
      ],
      ["inputs.list[2]", " `inputs.list` is a list of 2, from 0 to 1."],
      [
        "(inputs.list | reverse).n",
        " What stands before it is a list of 2: its entries have numbers, as in `[0].n`.",
      ],
      ["inputs.none.deeper", " `inputs.none` is null."],
      ["inputs.number.deeper", " `inputs.number` is a number."],
      ["inputs.map.totl", ""],
      ["trigger.flowId", " Only an execution that another one has started has a `trigger`."],
      [
        "envs.home",
        " `envs` has the variables of the worker that begin with `ENV_`, by the rest of their names in small letters.",
      ],
      ["nothing", ""],
    ];
    for (const [source, hint] of cases) {
      it(`says what \`${source}\` is looked for in`, () => {
        assert.throws(
          () => parseTemplate(`{{ ${source} }}`).render(context),
          (error: Error) => {
            assert.equal(error.message.split(" at line 1")[1], hint === "" ? "" : `.${hint}`);
            return true;
          },
        );
      });
    }
  });
});
