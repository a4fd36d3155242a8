import { describe } from "node:test";
import { failsWith, rendersTo } from "./cases.ts";

describe("tags", () => {
  describe("if", () =>
    rendersTo([
      ["{% if inputs.flag %}a{% else %}b{% endif %}", "a"],
      ["{% if false %}a{% elseif inputs.count == 3 %}b{% else %}c{% endif %}", "b"],
      ["{% if '0' %}a{% else %}b{% endif %}", "a"],
      ["{% if '' %}a{% else %}b{% endif %}", "b"],
      ["a {%- if true -%} b {%- endif -%} c", "abc"],
    ]));

  describe("for", () =>
    rendersTo([
      [
        "{% for x in inputs.list %}{{ loop.index }}:{{ x }}{% if not loop.last %},{% endif %}{% endfor %}",
        "0:3,1:1,2:2",
      ],
      [
        "{% for x in inputs.words %}{{ loop.first }}{{ loop.length }}{{ loop.revindex }} {% endfor %}",
        "true21 false20 ",
      ],
      ["{% for e in {'a': 1, 'b': 2} %}{{ e.key }}={{ e.value }};{% endfor %}", "a=1;b=2;"],
      ["{% for x in [] %}a{% else %}none{% endfor %}", "none"],
      ["{% for x in null %}a{% else %}none{% endfor %}", ""],
      [
        "{% for i in 1..2 %}{% for j in 1..2 %}{{ i }}{{ j }}{{ loop.index }} {% endfor %}{% endfor %}",
        "110 121 210 221 ",
      ],
    ]));

  describe("set", () =>
    rendersTo([
      ["{% set a = 1 %}{{ a }}", "1"],
      ["{% set sum = 0 %}{% for i in 1..4 %}{% set sum = sum + i %}{% endfor %}{{ sum }}", "10"],
      ["{% set inputs = 5 %}{{ inputs }}", "5"],
      ["{% set n = null %}[{{ n }}]", "[]"],
      ["{% for i in 1..1 %}{% set inner = 2 %}{% endfor %}{{ inner ?? 'gone' }}", "gone"],
    ]));

  describe("macro", () =>
    rendersTo([
      [
        "{% macro m(a, b='B') %}<{{ a }}{{ b }}>{% endmacro %}{{ m(1) }}{{ m(1, b=2) }}{{ m(b=3, a=4) }}",
        "<1B><12><43>",
      ],
      ["{{ m() }}{% macro m() %}{{ inputs.name ?? 'unseen' }}{% endmacro %}", "unseen"],
      [
        "{% macro m(type='text', name, value='') %}{{ type }},{{ name }},{{ value }}{% endmacro %}{{ m('a', 'b') }} {{ m(name='c') }}",
        "a,b, text,c,",
      ],
      ["{% macro f(n) %}{% if n > 0 %}{{ n }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(3) }}", "321"],
      ["{% set x = 1 %}{% macro m() %}{{ x ?? 'unseen' }}{% endmacro %}{{ m() }}", "unseen"],
    ]));

  describe("raw and verbatim", () =>
    rendersTo([
      ["{% raw %}{{ x }}{% if %}{% endraw %}!", "{{ x }}{% if %}!"],
      ["{% verbatim %}{{ x }}{% endverbatim %}", "{{ x }}"],
      ["{{ render('{% raw %}{{ x }}{% endraw %} {{ inputs.name }}') }}", "{{ x }} Ada"],
    ]));

  describe("comments and text", () =>
    rendersTo([
      ["a{# {{ nothing }} #}b", "ab"],
      ["no { template } here #} %}", "no { template } here #} %}"],
      ["{{ 1 }} #} }} %}", "1 #} }} %}"],
    ]));

  describe("filter", () =>
    rendersTo([
      ["{% filter upper %}a{{ inputs.name }}{% endfilter %}", "AADA"],
      ["{% filter replace({'a': 'b'}) | upper %}{% for i in 1..2 %}a{% endfor %}{% endfilter %}", "BB"],
    ]));

  describe("a filter around something missing", () =>
    failsWith([
      ["{% filter upper %}{{ missing }}{% endfilter %}", /Unable to find `missing`/],
      ["{% filter default(1 / 0) %}{{ missing }}{% endfilter %}", /zero/],
      ["{% filter default(nothing) %}{{ missing }}{% endfilter %}", /Unable to find `nothing`/],
    ]));

  describe("loops over what is no list", () =>
    failsWith([["{% for x in 5 %}{% endfor %}", /needs a list or a map, not a number/]]));
});
