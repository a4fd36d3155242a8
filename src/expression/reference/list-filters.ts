import type { Entries } from "./entry.ts";

/** Filters of lists and maps. */
export const listFilterEntries: Entries = {
  length: {
    summary: "How many letters, entries or keys there are.",
    examples: [["{{ inputs.list | length }}", "3"]],
  },
  first: { summary: "The first entry, or letter.", examples: [["{{ inputs.list | first }}", "3"]] },
  last: { summary: "The last entry, or letter.", examples: [["{{ inputs.list | last }}", "2"]] },
  reverse: { summary: "The list from its end.", examples: [["{{ inputs.list | reverse }}", "[2,1,3]"]] },
  sort: { summary: "The list in order.", examples: [["{{ inputs.list | sort }}", "[1,2,3]"]] },
  rsort: { summary: "The list, the greatest first.", examples: [["{{ inputs.list | rsort }}", "[3,2,1]"]] },
  distinct: {
    summary: "The list with each entry once.",
    examples: [["{{ [1, 2, 1] | distinct }}", "[1,2]"]],
  },
  flatten: {
    summary: "The list with the entries of the lists in it.",
    examples: [["{{ [[1, 2], [3]] | flatten }}", "[1,2,3]"]],
  },
  chunk: {
    summary: "The list as lists of so many entries.",
    examples: [["{{ [1, 2, 3] | chunk(2) }}", "[[1,2],[3]]"]],
  },
  join: {
    summary: "The entries as one text, with a separator between them.",
    examples: [["{{ inputs.list | join(', ') }}", "3, 1, 2"]],
  },
  slice: {
    summary: "The part of a list or a text from a place, counted from 0, to before another.",
    examples: [["{{ inputs.name | slice(0, 2) }}", "Ad"]],
  },
  keys: {
    summary: "The keys of a map, or the places of a list.",
    examples: [["{{ {'a': 1} | keys }}", '["a"]']],
  },
  values: { summary: "The values of a map.", examples: [["{{ {'a': 1} | values }}", "[1]"]] },
  merge: {
    summary: "A list or map with the entries of another.",
    examples: [["{{ [1, 2] | merge([3]) }}", "[1,2,3]"]],
  },
  default: {
    summary: "The value, or another where it is missing, null or empty.",
    examples: [["{{ inputs.other | default('none') }}", "none"]],
  },
  jq: {
    summary: "What a jq expression gives of the value, as a list.",
    examples: [["{{ inputs.people | jq('.[0].name') | first }}", "Ada"]],
  },
};
