import type { Entries } from "./entry.ts";

/** What may stand behind `is` and `is not`. */
export const testEntries: Entries = {
  defined: {
    summary: "It is there, and not null.",
    examples: [["{{ inputs.other is defined }}", "false"]],
  },
  null: { summary: "It is null.", examples: [["{{ inputs.nothing is null }}", "true"]] },
  empty: {
    summary: "It is null, a blank text, or a list or map without entries.",
    examples: [["{{ '' is empty }}", "true"]],
  },
  even: { summary: "It is a number that 2 divides.", examples: [["{{ 4 is even }}", "true"]] },
  odd: {
    summary: "It is a number that 2 does not divide.",
    examples: [["{{ inputs.count is odd }}", "true"]],
  },
  iterable: { summary: "It is a list.", examples: [["{{ inputs.list is iterable }}", "true"]] },
  map: { summary: "It is a map.", examples: [["{{ inputs.person is map }}", "true"]] },
  json: { summary: "It is a text that is JSON.", examples: [["{{ '[1]' is json }}", "true"]] },
};

/** How values are written in templates. */
export const literalEntries: Entries = {
  text: {
    summary:
      "In single or double quotes. A backslash stands before the quote itself only: `\\n` is two letters. In double quotes `#{…}` is an " +
      "expression.",
    examples: [
      ["{{ 'it\\'s' }}", "it's"],
      ['{{ "#{inputs.name}!" }}', "Ada!"],
    ],
  },
  number: {
    summary: "Whole, or with a point. There are no exponents.",
    examples: [["{{ 1 + 0.5 }}", "1.5"]],
  },
  "true, false, null": {
    summary: "In small letters or in capitals; `none` is null. Null prints nothing.",
    examples: [["{{ true }}{{ null }}", "true"]],
  },
  list: { summary: "In brackets. It prints as JSON.", examples: [["{{ [1, 'a', null] }}", '[1,"a",null]']] },
  map: {
    summary:
      "In braces. Keys are expressions, so that those which are texts need quotes. Before `.` or `[` it needs parentheses, as a list does.",
    examples: [["{{ ({'a': 1}).a }}", "1"]],
  },
};

/** How whitespace around what stands in braces is left out. */
export const whitespaceEntries: Entries = {
  "{{- -}}": {
    summary:
      "A dash inside of the braces takes blanks and line breaks away on its side. A blank stands behind the first.",
    examples: [["a  {{- inputs.name -}}  b", "aAdab"]],
  },
  "{%- -%}": {
    summary: "So it does in a tag,",
    examples: [["a {%- if true -%} b {%- endif -%} c", "abc"]],
  },
  "{#- -#}": { summary: "and in a comment.", examples: [["a {#- nobody sees this -#} b", "ab"]] },
};

/** Tags. */
export const tagEntries: Entries = {
  if: {
    summary: "Renders what stands in it where a condition is true, with `elseif` and `else`.",
    examples: [
      ["{% if inputs.count > 2 %}many{% else %}few{% endif %}", "many"],
      ["{% if inputs.count > 9 %}many{% elseif inputs.count > 2 %}some{% endif %}", "some"],
    ],
  },
  for: {
    summary:
      "Renders what stands in it for each entry of a list, or of a map, which has `key` and `value`; with `else` for none. `loop.index` counts " +
      "from 0, `loop.revindex` down to it; `loop.first`, `loop.last` and `loop.length` say the rest.",
    examples: [
      ["{% for p in inputs.people %}{{ loop.index }} {{ p.name }};{% endfor %}", "0 Ada;1 Grace;"],
      [
        "{% for entry in inputs.person %}{{ entry.key }}={{ entry.value }};{% endfor %}",
        "name=Grace;born=1906;",
      ],
      ["{% for n in inputs.list %}{{ n }}{{ loop.last ? '' : ', ' }}{% else %}none{% endfor %}", "3, 1, 2"],
    ],
  },
  set: { summary: "Gives a name to a value.", examples: [["{% set x = 2 %}{{ x * x }}", "4"]] },
  macro: {
    summary:
      "Gives a name to what takes arguments and renders something. It sees its arguments, and nothing else; what it gives is text.",
    examples: [
      ["{% macro twice(x) %}{{ x }}{{ x }}{% endmacro %}{{ twice('ab') }}", "abab"],
      [
        "{% macro greet(name, word='Hello') %}{{ word }} {{ name }}{% endmacro %}{{ greet('Ada', word='Bye') }}",
        "Bye Ada",
      ],
    ],
  },
  filter: {
    summary: "Puts what stands in it through filters.",
    examples: [["{% filter upper | replace({'A': 'O'}) %}my {{ inputs.name }}{% endfilter %}", "MY ODO"]],
  },
  raw: {
    summary: "Renders nothing of what stands in it.",
    examples: [["{% raw %} {{ x }} {% endraw %}", " {{ x }} "]],
  },
  verbatim: {
    summary: "The same, without the blanks and line breaks at its beginning.",
    examples: [["{% verbatim %} {{ x }} {% endverbatim %}", "{{ x }} "]],
  },
  "# #": { summary: "A comment.", examples: [["a{# nobody sees this #}b", "ab"]] },
};

/** What can be called on values, by what they are: Java's methods, as far as templates use them. */
export const methodEntries: Entries = {
  "a text": { summary: "", examples: [["{{ inputs.name.toUpperCase() }}", "ADA"]] },
  "a list": { summary: "", examples: [["{{ inputs.list.size() }}", "3"]] },
  "a map": { summary: "", examples: [["{{ inputs.person.getOrDefault('died', 'never') }}", "never"]] },
  "a number": { summary: "", examples: [["{{ inputs.ratio.intValue() }}", "2"]] },
  "a boolean": { summary: "", examples: [["{{ true.toString() }}", "true"]] },
};
