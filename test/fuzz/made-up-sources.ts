import fc from "fast-check";
import { expressionChapters } from "../../src/expression/reference/all-entries.ts";
import { taskTypes } from "../../src/tasks/registry.ts";
import { filesOf } from "../house/source-files.ts";

/** Sound flows, to begin with. */
const flows = [
  ...filesOf("{examples,test}/**/*.yaml").map(({ text }) => text),
  ...[...taskTypes.values()].flatMap(({ type, examples }) =>
    examples.map(
      ({ yaml }) =>
        `id: f\nnamespace: company.team\ntasks:\n  - id: t\n    type: ${type}\n${yaml.replaceAll(/^/gm, "    ")}\n`,
    ),
  ),
];
const templates = expressionChapters().flatMap(({ entries }) =>
  entries.flatMap(({ examples }) => examples.map(([template]) => template)),
);

/** What is put where it does not belong. */
const yamlPieces = [
  ...[
    "---",
    "...",
    "&a ",
    "*a",
    "<<: ",
    "!!set ",
    "!x ",
    "? ",
    "| ",
    ">-\n",
    "{",
    "}",
    "[",
    "]",
    ": ",
    "- ",
    "#",
    "\t",
  ],
  ...[
    "'",
    '"',
    "\\",
    "\0",
    "\ud800",
    "\ufeff",
    "__proto__: ",
    "constructor",
    "null",
    "1e999",
    ".nan",
    "0x10",
  ],
  ...["{{ ", " }}", "{% ", " %}", "pluginDefaults:\n", "tasks:\n", "type: ", "id: ", "errors:\n", "cases:\n"],
  ...[
    "io.kestra.plugin.core.flow.ForEach",
    "io.kestra.plugin.core.flow.Dag",
    "PT1S",
    "-1",
    "99999999999999999999",
  ],
];
const templatePieces = [
  ...[
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "#}",
    "'",
    '"',
    "\\",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "|",
    "??",
    "???",
    "?",
    ":",
    "..",
  ],
  ...[
    "~",
    ".",
    ",",
    "=",
    "is",
    "not",
    "in",
    "contains",
    "and",
    "or",
    "-",
    "*",
    "%",
    "1",
    "99999999",
    "0.1",
    "null",
  ],
  ...[
    "inputs",
    "outputs",
    "vars",
    "this",
    "__proto__",
    "constructor",
    "range(1, 99999999)",
    "('x' * 9999)",
    "loop",
  ],
  ...[
    "{% for i in 1..99999 %}",
    "{% endfor %}",
    "{% macro m(x) %}{{ m(x) }}{% endmacro %}{{ m(1) }}",
    "{% set a = a %}",
  ],
  ...[
    "| replace({'(a+)+$': 'b'}, regexp=true)",
    "| join('aaaaaaaa')",
    "| date('yyyy[')",
    "| indent(9999)",
    "| yaml",
  ],
  ...[
    "render(vars.loop)",
    "| merge(inputs.list)",
    "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'",
    "\n",
    "\u0000",
    "\ud800",
  ],
];

/** One change of a text: the place and the length are parts of its length. */
interface Change {
  at: number;
  length: number;
  kind: "cut" | "repeat" | "move" | "put" | "break";
  piece: string;
  count: number;
}

function changes(pieces: readonly string[]): fc.Arbitrary<Change[]> {
  const part = fc.double({ min: 0, max: 1, noNaN: true });
  const change = fc.record({
    at: part,
    length: part.map((each) => each ** 4),
    kind: fc.constantFrom<Change["kind"]>("cut", "repeat", "move", "put", "put", "put", "break"),
    piece: fc.constantFrom(...pieces),
    // Mostly few, at times very many: what grows faster than its source shows itself then.
    count: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 1, max: 3 }) },
      { weight: 1, arbitrary: fc.constant(2_000) },
    ),
  });
  return fc.array(change, { minLength: 1, maxLength: 6 });
}

/** Changed texts stay below this, so that a case is a matter of moments. */
const longest = 200_000;

function changed(text: string, { at, length, kind, piece, count }: Change): string {
  const start = Math.floor(at * text.length);
  const end = Math.min(text.length, start + 1 + Math.floor(length * text.length));
  const [before, part, after] = [text.slice(0, start), text.slice(start, end), text.slice(end)];
  if (kind === "cut") return before + after;
  if (kind === "move") return after + part + before;
  if (kind === "repeat") return (before + part.repeat(count) + after).slice(0, longest);
  if (kind === "break") return before + part.replaceAll("\n", "\n  ") + after;
  return (before + piece.repeat(count) + after).slice(0, longest);
}

/** Flows that were sound and are not any more, mostly. */
export const flowSources: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom(...flows), changes(yamlPieces))
  .map(([text, all]) => all.reduce(changed, text));

/** Templates that were sound, one or several of them, and are not any more. */
export const templateSources: fc.Arbitrary<string> = fc
  .tuple(fc.array(fc.constantFrom(...templates), { minLength: 1, maxLength: 3 }), changes(templatePieces))
  .map(([texts, all]) => all.reduce(changed, texts.join(" ")));
