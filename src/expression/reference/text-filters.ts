import type { Entries } from "./entry.ts";

/** Filters of texts. */
export const textFilterEntries: Entries = {
  upper: { summary: "The text in capital letters.", examples: [["{{ inputs.name | upper }}", "ADA"]] },
  lower: { summary: "The text in small letters.", examples: [["{{ inputs.name | lower }}", "ada"]] },
  trim: { summary: "The text without blanks around it.", examples: [["[{{ '  x ' | trim }}]", "[x]"]] },
  string: {
    summary: "The value as it is printed.",
    examples: [["{{ (inputs.count | string) ~ '!' }}", "3!"]],
  },
  capitalize: {
    summary: "The text with its first letter in upper case.",
    examples: [["{{ inputs.title | capitalize }}", "The analytical engine"]],
  },
  title: {
    summary: "The text with the first letter of each word in upper case.",
    examples: [["{{ inputs.title | title }}", "The Analytical Engine"]],
  },
  abbreviate: {
    summary: "The text, cut to a length with `...` at its end.",
    examples: [["{{ inputs.title | abbreviate(10) }}", "the ana..."]],
  },
  startsWith: {
    summary: "Whether the text starts with another.",
    examples: [["{{ inputs.name | startsWith('A') }}", "true"]],
  },
  endsWith: {
    summary: "Whether the text ends with another.",
    examples: [["{{ inputs.name | endsWith('A') }}", "false"]],
  },
  substringBefore: {
    summary: "What stands before the first separator.",
    examples: [["{{ 'a.b.c' | substringBefore('.') }}", "a"]],
  },
  substringBeforeLast: {
    summary: "What stands before the last separator.",
    examples: [["{{ 'a.b.c' | substringBeforeLast('.') }}", "a.b"]],
  },
  substringAfter: {
    summary: "What stands behind the first separator.",
    examples: [["{{ 'a.b.c' | substringAfter('.') }}", "b.c"]],
  },
  substringAfterLast: {
    summary: "What stands behind the last separator.",
    examples: [["{{ 'a.b.c' | substringAfterLast('.') }}", "c"]],
  },
  split: {
    summary:
      "The parts of the text between delimiters, which are regular expressions; at most `limit` of them.",
    examples: [["{{ 'a,b,c' | split(',') }}", '["a","b","c"]']],
  },
  replace: {
    summary:
      "The text with each key of a map replaced by its value; with `regexp`, the keys are regular expressions.",
    examples: [
      ["{{ 'a-b' | replace({'-': '+'}) }}", "a+b"],
      ["{{ 'a1b22' | replace({'[0-9]+': '#'}, regexp=true) }}", "a#b#"],
    ],
  },
  escapeChar: {
    summary: "The text with quotes escaped: `single`, `double` or `shell`.",
    examples: [["{{ \"it's\" | escapeChar('single') }}", "it\\'s"]],
  },
  slugify: {
    summary: "The text as a name for addresses: small letters, digits and dashes.",
    examples: [["{{ inputs.title | slugify }}", "the-analytical-engine"]],
  },
  indent: {
    summary: "The text with all lines but the first moved to the right.",
    examples: [["{{ inputs.lines | indent(2) }}", "a\n  b"]],
  },
  nl2br: {
    summary: "The text with `<br />` for each line break.",
    examples: [["{{ inputs.lines | nl2br }}", "a<br />b"]],
  },
  nindent: {
    summary: "A line break, and the text with all lines moved to the right.",
    examples: [["a:{{ 'b' | nindent(2) }}", "a:\n  b"]],
  },
};
