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

/** Operators, those that bind tightest first. */
export const operatorEntries: Entries = {
  ". []": {
    summary: "A part of a map or a list. What is no plain name needs brackets: a dash would be a minus.",
    examples: [
      ["{{ inputs.people[0].name }}", "Ada"],
      ["{{ outputs['with-dash'].value }}", "x"],
    ],
  },
  "not - +": {
    summary: "What is true becomes false; a number gets another sign.",
    examples: [["{{ not true }}", "false"]],
  },
  "??": {
    summary: "The other value where the first is missing or null.",
    examples: [["{{ inputs.other ?? 'none' }}", "none"]],
  },
  "???": {
    summary: "The other value where the first is missing, though not where it is null.",
    examples: [["{{ inputs.other ??? 'none' }}", "none"]],
  },
  "..": { summary: "The numbers from one to another.", examples: [["{{ 1..3 }}", "[1,2,3]"]] },
  "~": { summary: "Both as one text.", examples: [["{{ inputs.name ~ '!' }}", "Ada!"]] },
  "|": {
    summary: "A filter. Its arguments are given by place or by name.",
    examples: [["{{ inputs.name | upper | lower }}", "ada"]],
  },
  "* / %": {
    summary: "Multiplies, divides, and gives the rest. Two whole numbers divide into a whole one.",
    examples: [["{{ 7 / 2 }} {{ 7 % 2 }} {{ 2 * 3 }}", "3 1 6"]],
  },
  "+ -": { summary: "Adds and subtracts.", examples: [["{{ inputs.count + 1 }}", "4"]] },
  "== != < > <= >=": { summary: "Compares.", examples: [["{{ inputs.count >= 3 }}", "true"]] },
  "is, is not": { summary: "A test.", examples: [["{{ inputs.count is not even }}", "true"]] },
  contains: {
    summary: "Whether a list has an entry, a map a key, or a text another.",
    examples: [["{{ inputs.name contains 'd' }}", "true"]],
  },
  and: { summary: "Whether both are true.", examples: [["{{ true and false }}", "false"]] },
  or: { summary: "Whether one is true.", examples: [["{{ true or false }}", "true"]] },
  "? :": {
    summary: "One value where a condition is true, and another where it is not.",
    examples: [["{{ inputs.count > 2 ? 'many' : 'few' }}", "many"]],
  },
};

/** Tags. */
export const tagEntries: Entries = {
  if: {
    summary: "Renders what stands in it where a condition is true, with `elseif` and `else`.",
    examples: [["{% if inputs.count > 2 %}many{% else %}few{% endif %}", "many"]],
  },
  for: {
    summary: "Renders what stands in it for each entry; `loop.index` counts from 0.",
    examples: [["{% for p in inputs.people %}{{ loop.index }} {{ p.name }};{% endfor %}", "0 Ada;1 Grace;"]],
  },
  set: { summary: "Gives a name to a value.", examples: [["{% set x = 2 %}{{ x * x }}", "4"]] },
  macro: {
    summary: "Gives a name to what takes arguments and renders something.",
    examples: [["{% macro twice(x) %}{{ x }}{{ x }}{% endmacro %}{{ twice('ab') }}", "abab"]],
  },
  raw: {
    summary: "Renders nothing of what stands in it. `verbatim` does the same.",
    examples: [["{% raw %}{{ x }}{% endraw %}", "{{ x }}"]],
  },
  "# #": { summary: "A comment.", examples: [["a{# nobody sees this #}b", "ab"]] },
};

/** The names that templates see. */
export const nameEntries: Readonly<Record<string, string>> = {
  inputs: "The inputs of the execution, with defaults for those that were not given.",
  outputs: "What the tasks have given, by their ids.",
  vars: "The `variables` of the flow.",
  labels: "The labels of the execution.",
  flow: "The flow: `id`, `namespace`, `revision`, `tenantId` (there is one tenant, `main`).",
  task: "The task: `id`, `type`.",
  taskrun: "The task run: `id`, `startDate`, `attemptsCount`, `value`, `iteration`.",
  execution: "The execution: `id`, `startDate`, `state`, `originalId`.",
  tasks: "The states of the tasks, by their ids.",
  envs: "The environment variables of the worker that start with `ENV_`, by the rest of their names in small letters.",
  parent: "The block around the task, in a loop: `taskrun.value`, `outputs`.",
  parents: "The blocks around the task, the nearest first.",
  item: "The iteration of a Loop: `value`, `index`.",
};
