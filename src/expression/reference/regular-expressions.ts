import type { Entries } from "./entry.ts";

/** What stands in regular expressions, as far as it surprises somebody. */
export const regexEntries: Entries = {
  "replace replaceAll split matches": {
    summary:
      "Where they stand: the filters `replace`, with `regexp`, and `split`, and the methods of texts. `matches` takes the whole text, the others look for parts.",
    examples: [
      ["{{ 'ride 42'.matches('[a-z]+ [0-9]+') }} {{ 'ride 42'.matches('[0-9]+') }}", "true false"],
      ["{{ 'a1; b2' | split(';\\s*') }}", '["a1","b2"]'],
    ],
  },
  "\\": {
    summary:
      "A backslash stays one in a text, so that classes are written as they are. In YAML, in double quotes, it is doubled.",
    examples: [["{{ 'a1b22' | replace({'\\d+': '#'}, regexp=true) }}", "a#b#"]],
  },
  "$1 \\$": {
    summary:
      "In a replacement, what a group has taken, by its number, or its name in braces; and the sign itself.",
    examples: [["{{ 'Lovelace, Ada' | replace({'(\\w+), (\\w+)': '$2 $1'}, regexp=true) }}", "Ada Lovelace"]],
  },
  "(?i) (?s) (?m) (?x)": {
    summary:
      "Letters in both cases; `.` for line breaks too; `^` and `$` at each line; blanks and comments left out.",
    examples: [["{{ 'ADA'.matches('(?i)ada') }}", "true"]],
  },
  "[a-z&&[^b]] \\p{L}": {
    summary: "What is in both classes; letters, signs and digits of all alphabets by their properties.",
    examples: [["{{ 'Zürich'.matches('\\p{Lu}\\p{Ll}+') }}", "true"]],
  },
  "(?=…) (?<!…) \\1 a*+": {
    summary:
      "What looks around, refers back or keeps what it took is searched for by trial and error, which may take long: it is stopped after a fifth of a second. All else takes time in proportion to the text.",
    examples: [["{{ '1234567' | replace({'(?<=\\d)(?=(\\d{3})+$)': ' '}, regexp=true) }}", "1 234 567"]],
  },
  "jq, validator": {
    summary:
      "In `jq` stand those of jq itself, in its `test`, `match`, `capture`, `sub` and more. The `validator` of an input is read by PostgreSQL, and takes the whole text as well.",
    examples: [["{{ ['a1b22'] | jq('[.[0] | match(\"[0-9]+\"; \"g\").string]') }}", '[["1","22"]]']],
  },
};
