import type { Entries } from "./entry.ts";

/** Operators, by the words that are told of together: those that bind tightest first. */
export const operatorEntries: Entries = {
  ". []": {
    summary: "A part of a map or a list. What is no plain name needs brackets: a dash would be a minus.",
    examples: [
      ["{{ inputs.people[0].name }}", "Ada"],
      ["{{ outputs['with-dash'].value }}", "x"],
    ],
  },
  not: { summary: "What is true becomes false.", examples: [["{{ not true }}", "false"]] },
  "- + (sign)": {
    summary: "A number gets another sign, or keeps it.",
    examples: [["{{ -inputs.count }}", "-3"]],
  },
  "??": {
    summary: "The other value where the first is missing or null.",
    examples: [["{{ inputs.other ?? 'none' }}", "none"]],
  },
  "???": {
    summary: "The other value where the first is missing, though not where it is null.",
    examples: [["{{ inputs.other ??? 'none' }}", "none"]],
  },
  isIn: {
    summary: "Whether a list has an entry that prints the same, or a map a key or a value.",
    examples: [["{{ inputs.name isIn ['Ada', 'Grace'] }}", "true"]],
  },
  "..": {
    summary: "The numbers, or letters, from one to another.",
    examples: [
      ["{{ 1..3 }}", "[1,2,3]"],
      ["{{ 'a'..'c' }}", '["a","b","c"]'],
    ],
  },
  "~": {
    summary: "Both as one text. Null is nothing.",
    examples: [["{{ inputs.name ~ '!' ~ inputs.nothing }}", "Ada!"]],
  },
  "|": {
    summary: "A filter. Its arguments are given by place or by name.",
    examples: [["{{ inputs.name | upper | lower }}", "ada"]],
  },
  "*": { summary: "Multiplies.", examples: [["{{ 2 * 3 }}", "6"]] },
  "/": {
    summary: "Divides. Two whole numbers divide into a whole one.",
    examples: [["{{ 7 / 2 }} {{ 7.0 / 2 }}", "3 3.5"]],
  },
  "%": { summary: "The rest of a division.", examples: [["{{ 7 % 2 }}", "1"]] },
  "+": {
    summary: "Adds numbers, joins what is a text on one side, and puts an entry at the end of a list.",
    examples: [
      ["{{ inputs.count + 1 }} {{ 'a' + 1 }}", "4 a1"],
      ["{{ [1] + 2 }}", "[1,2]"],
    ],
  },
  "-": {
    summary: "Subtracts numbers, and takes entries out of a list.",
    examples: [
      ["{{ inputs.count - 1 }}", "2"],
      ["{{ [1, 2, 1] - 1 }}", "[2]"],
    ],
  },
  "==": { summary: "Whether both are the same.", examples: [["{{ inputs.count == 3 }}", "true"]] },
  equals: { summary: "The same as `==`.", examples: [["{{ inputs.count equals 3 }}", "true"]] },
  "!=": { summary: "Whether they are not.", examples: [["{{ inputs.count != 3 }}", "false"]] },
  "<": { summary: "Whether a number is less than another.", examples: [["{{ inputs.count < 3 }}", "false"]] },
  ">": { summary: "Whether it is greater.", examples: [["{{ inputs.count > 3 }}", "false"]] },
  "<=": { summary: "Whether it is not greater.", examples: [["{{ inputs.count <= 3 }}", "true"]] },
  ">=": { summary: "Whether it is not less.", examples: [["{{ inputs.count >= 3 }}", "true"]] },
  is: {
    summary: "A test, or with `is not` that it does not hold.",
    examples: [["{{ inputs.count is not even }}", "true"]],
  },
  contains: {
    summary:
      "Whether a list has an entry, a map a key, or a text another. A number from an input is not the entry that a template writes " +
      "(`inputs.list contains 3` is false): `isIn` is.",
    examples: [
      ["{{ inputs.name contains 'd' }}", "true"],
      ["{{ inputs.list contains 3 }} {{ 3 isIn inputs.list }}", "false true"],
    ],
  },
  and: { summary: "Whether both are true.", examples: [["{{ true and false }}", "false"]] },
  or: { summary: "Whether one is true.", examples: [["{{ true or false }}", "true"]] },
  "? :": {
    summary: "One value where a condition is true, and another where it is not.",
    examples: [["{{ inputs.count > 2 ? 'many' : 'few' }}", "many"]],
  },
};

/** Where what binds tighter may surprise: as it is written, and how it is read. */
export const readingEntries: Entries = {
  "a ?? b | filter": {
    summary: "The filter takes the whole, `(a ?? b) | filter`.",
    examples: [["{{ inputs.other ?? 'none' | upper }}", "NONE"]],
  },
  "1 + a ?? 2": {
    summary: "The guard is of `a` alone: `1 + (a ?? 2)`.",
    examples: [["{{ 1 + inputs.other ?? 2 }}", "3"]],
  },
  "a + b | filter": {
    summary: "The filter takes `b` alone. So it does behind `-`, `*` and `/`; behind `~` it takes the whole.",
    examples: [["{{ 'a' + 'b' | upper }} {{ 'a' ~ 'b' | upper }}", "aB AB"]],
  },
  "a | filter > 2": {
    summary: "What stands behind a filter takes what it gives: `(a | filter) > 2`.",
    examples: [["{{ inputs.name | length > 2 }}", "true"]],
  },
  "not a == b": {
    summary: "The negation is of `a` alone: `(not a) == b`. Write `not (a == b)`, or `a != b`.",
    examples: [["{{ not inputs.name == 'Grace' }} {{ not (inputs.name == 'Grace') }}", "false true"]],
  },
  "a or b and c": {
    summary: "`and` binds tighter: `a or (b and c)`.",
    examples: [["{{ true or false and false }}", "true"]],
  },
};
