import type { IssueCase } from "./task-issue-cases.ts";
import { flow, log } from "./task-types.ts";

const hello = log("hello");

/** What is wrong with a text as YAML. */
export const yamlCases: IssueCase[] = [
  { it: "an empty source", source: "", issues: ["1:1 not_a_flow"] },
  { it: "a list", source: "- a\n", issues: ["1:1 not_a_flow"] },
  { it: "an unclosed bracket", source: "id: [\n", issues: ["2:1 yaml_syntax"] },
  { it: "two documents", source: "id: a\n---\nid: b\n", issues: ["2:1 multiple_documents"] },
  { it: "a key given twice", source: flow(hello, "id: g\n"), issues: ["3:1 duplicate_key"] },
  {
    it: "a key given twice further inside",
    source: flow(hello, "variables: {a: {b: 1, b: 2}}\n"),
    issues: ["3:23 duplicate_key"],
  },
  {
    it: "a key given twice, and what is wrong beside it",
    source: flow(hello, "labels: {a: b, a: c}\nvariabels: {}\n"),
    issues: ["3:16 duplicate_key", "4:1 unknown_property"],
  },
  {
    it: "an expression without quotes",
    source: flow(log("a", "{{ inputs.x }}")),
    issues: ["6:15 key_not_text"],
  },
  {
    it: "an expression without quotes that goes on",
    source: flow(log("a", "{{ inputs.x }} and more")),
    issues: ["6:29 yaml_syntax"],
  },
  {
    it: "the first line behind a byte order mark",
    source: `\ufeff${flow(hello).replace("id: f", "idd: f")}`,
    issues: ["1:1 missing_property", "1:1 unknown_property"],
  },
  {
    it: "tags of values that JSON does not have",
    source: flow(
      hello,
      "variables: {a: !!binary aGk=, b: !!timestamp 2024-01-01, c: !!set {d, e}, f: !mine g}\n",
    ),
    issues: ["3:16 yaml_tag", "3:34 yaml_tag", "3:61 yaml_tag", "3:78 yaml_tag"],
  },
  {
    it: "a merge key",
    source: flow(hello, "variables:\n  a: &a {b: 1}\n  c:\n    <<: *a\n"),
    issues: ["6:5 merge_key"],
  },
  {
    it: "an alias without an anchor",
    source: flow(hello, "labels: *a\n"),
    issues: ["3:9 alias_not_resolved"],
  },
  {
    it: "an alias inside its anchor",
    source: flow(hello, "variables: &a [*a]\n"),
    issues: ["3:16 alias_not_resolved"],
  },
  {
    it: "deep nesting",
    source: `id: ${"[".repeat(600)}${"]".repeat(600)}`,
    issues: ["1:505 nested_too_deeply"],
  },
  {
    it: "a map as a key",
    source: flow(hello, "variables:\n  ? {a: b}\n  : c\n"),
    issues: ["4:5 key_not_text"],
  },
  {
    it: "a number that JSON does not have",
    source: flow(hello, "variables: {a: .inf}\n"),
    issues: ["3:16 value_not_storable"],
  },
  {
    it: "a NUL in a text",
    source: flow(hello, 'variables: {a: "b\\0"}\n'),
    issues: ["3:16 value_not_storable"],
  },
  {
    it: "more than 2 MB",
    source: flow(hello, `description: ${"x".repeat(2_000_000)}\n`),
    issues: ["1:1 source_too_long"],
  },
  {
    it: "more in templates than can be looked at",
    source: flow(hello, `description: "${"{{ 1 }}{% if a %}".repeat(60_000)}"\n`),
    issues: ["1:1 source_too_complex"],
  },
];
