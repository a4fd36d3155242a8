import { flow, log } from "./task-types.ts";

/** A source and the issues it must give, each as `line:column reason`. */
export interface IssueCase {
  it: string;
  source: string;
  issues: string[];
}

const hello = log("hello");

const yaml: IssueCase[] = [
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
    source: `id: ${"[".repeat(300)}${"]".repeat(300)}`,
    issues: ["1:105 nested_too_deeply"],
  },
  {
    it: "a map as a key",
    source: flow(hello, "variables:\n  ? {a: b}\n  : c\n"),
    issues: ["4:5 key_not_text"],
  },
  {
    it: "a number that JSON would change",
    source: flow(hello, "variables: {a: 12345678901234567890}\n"),
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
];

const top: IssueCase[] = [
  {
    it: "nothing that a flow needs",
    source: "description: x\n",
    issues: ["1:1 missing_property", "1:1 missing_property", "1:1 missing_property"],
  },
  { it: "no tasks", source: "id: a\nnamespace: b\ntasks: []\n", issues: ["3:8 out_of_range"] },
  { it: "an id that is none", source: `id: a b\nnamespace: b\ntasks:\n${hello}`, issues: ["1:5 invalid_id"] },
  {
    it: "a namespace in upper case",
    source: `id: a\nnamespace: B\ntasks:\n${hello}`,
    issues: ["2:12 invalid_id"],
  },
  { it: "a number for a text", source: `id: 1\nnamespace: b\ntasks:\n${hello}`, issues: ["1:5 wrong_type"] },
  { it: "an unknown property", source: flow(hello, "task: []\n"), issues: ["3:1 unknown_property"] },
  {
    it: "a label with a wrong key",
    source: flow(hello, "labels: {Team: x}\n"),
    issues: ["3:10 invalid_label"],
  },
  {
    it: "a label of the system",
    source: flow(hello, "labels:\n  - key: system.x\n    value: y\n"),
    issues: ["4:10 system_label"],
  },
  {
    it: "a retry that gets shorter",
    source: flow(hello, "retry: {type: exponential, interval: PT2S, maxInterval: PT1S}\n"),
    issues: ["3:57 invalid_retry"],
  },
  {
    it: "a retry that ends before it starts",
    source: flow(hello, "retry: {type: constant, interval: PT2S, maxDuration: PT1S}\n"),
    issues: ["3:54 invalid_retry"],
  },
  {
    it: "a retry of no known type",
    source: flow(hello, "retry: {type: constnt, interval: PT2S}\n"),
    issues: ["3:15 invalid_value"],
  },
  {
    it: "a duration that is none",
    source: flow(hello, "retry: {type: constant, interval: 2s}\n"),
    issues: ["3:35 invalid_duration"],
  },
  {
    it: "two outputs of one id",
    source: flow(hello, "outputs:\n  - {id: a, value: 1}\n  - {id: a, value: 2}\n"),
    issues: ["5:10 duplicate_id"],
  },
  {
    it: "handlers of errors",
    source: flow(hello, `errors:\n${log("e")}`),
    issues: ["3:1 not_yet_supported"],
  },
  {
    it: "a trigger",
    source: flow(
      hello,
      "triggers:\n  - {id: t, type: io.kestra.plugin.core.trigger.Schedule, cron: '* * * * *'}\n",
    ),
    issues: ["3:1 not_yet_supported"],
  },
  {
    it: "a trigger of an unknown type",
    source: flow(hello, "triggers:\n  - {id: t, type: io.kestra.plugin.core.trigger.Shedule}\n"),
    issues: ["3:1 not_yet_supported", "4:19 unknown_trigger_type"],
  },
  {
    it: "a wrong concurrency limit, still to come",
    source: flow(hello, "concurrency: {limit: 0}\n"),
    issues: ["3:1 not_yet_supported", "3:22 out_of_range"],
  },
  {
    it: "retries as new executions",
    source: flow(hello, "retry: {type: constant, interval: PT2S, behavior: CREATE_NEW_EXECUTION}\n"),
    issues: ["3:51 not_yet_supported"],
  },
  { it: "quotas", source: flow(hello, "quotas: []\n"), issues: ["3:1 not_supported"] },
  {
    it: "what Kestra has removed",
    source: flow(hello, "listeners: []\ntaskDefaults: []\n"),
    issues: ["3:1 removed_property", "4:1 removed_property"],
  },
];

const inputs: IssueCase[] = [
  {
    it: "an unknown type",
    source: flow(hello, "inputs:\n  - {id: a, type: STRNG}\n"),
    issues: ["4:19 invalid_value"],
  },
  {
    it: "a property of another type",
    source: flow(hello, "inputs:\n  - {id: a, type: INT, validator: x}\n"),
    issues: ["4:24 unknown_property"],
  },
  {
    it: "the same id twice",
    source: flow(hello, "inputs:\n  - {id: a, type: INT}\n  - {id: a, type: INT}\n"),
    issues: ["5:10 duplicate_id"],
  },
  {
    it: "an id inside another",
    source: flow(hello, "inputs:\n  - {id: a, type: INT}\n  - {id: a.b, type: INT}\n"),
    issues: ["5:10 input_conflict"],
  },
  {
    it: "a default beyond the limit",
    source: flow(hello, "inputs:\n  - {id: a, type: INT, max: 3, defaults: 4}\n"),
    issues: ["4:42 invalid_default"],
  },
  {
    it: "a default of another type",
    source: flow(hello, "inputs:\n  - {id: a, type: DATE, defaults: today}\n"),
    issues: ["4:35 invalid_default"],
  },
  {
    it: "a default that the validator refuses",
    source: flow(hello, "inputs:\n  - {id: a, type: STRING, validator: 'a+', defaults: ab}\n"),
    issues: ["4:54 invalid_default"],
  },
  {
    it: "a default that is no choice",
    source: flow(hello, "inputs:\n  - {id: a, type: SELECT, values: [b], defaults: c}\n"),
    issues: ["4:50 invalid_default"],
  },
  {
    it: "a validator that does not compile",
    source: flow(hello, "inputs:\n  - {id: a, type: STRING, validator: '(('}\n"),
    issues: ["4:38 invalid_pattern"],
  },
  {
    it: "limits the wrong way round",
    source: flow(hello, "inputs:\n  - {id: a, type: TIME, after: '12:00', before: '11:00'}\n"),
    issues: ["4:49 invalid_limits"],
  },
  {
    it: "a choice of nothing",
    source: flow(hello, "inputs:\n  - {id: a, type: SELECT}\n"),
    issues: ["4:5 missing_property"],
  },
  {
    it: "a file",
    source: flow(hello, "inputs:\n  - {id: a, type: FILE}\n"),
    issues: ["4:19 not_yet_supported"],
  },
  {
    it: "choices by expression",
    source: flow(hello, "inputs:\n  - {id: a, type: SELECT, expression: '{{ [1] }}'}\n"),
    issues: ["4:27 not_yet_supported"],
  },
];

const tasks: IssueCase[] = [
  { it: "text for a task", source: flow("  - hello\n"), issues: ["4:5 wrong_type"] },
  { it: "no type", source: flow("  - id: a\n"), issues: ["4:5 missing_property"] },
  {
    it: "an unknown type",
    source: flow("  - {id: a, type: io.kestra.plugin.core.log.Lg}\n"),
    issues: ["4:19 unknown_task_type"],
  },
  {
    it: "no required property",
    source: flow("  - id: a\n    type: io.kestra.plugin.core.log.Log\n"),
    issues: ["4:5 missing_property"],
  },
  { it: "an unknown property", source: flow(`${hello}    mesage: x\n`), issues: ["7:5 unknown_property"] },
  { it: "an ill-typed property", source: flow(`${hello}    level: INF\n`), issues: ["7:12 invalid_value"] },
  {
    it: "an unknown property inside beside a template",
    source: flow(
      "  - id: a\n    type: io.kestra.plugin.core.http.Download\n    uri: '{{ 1 }}'\n    options: {retries: '{{ 2 }}', retry: 3}\n",
    ),
    issues: ["7:35 unknown_property"],
  },
  { it: "the same id twice", source: flow(hello + hello), issues: ["7:9 duplicate_id"] },
  {
    it: "a timeout that is none",
    source: flow(`${hello}    timeout: 5m\n`),
    issues: ["7:14 invalid_duration"],
  },
  {
    it: "a block, its tasks checked",
    source: flow(
      `  - id: p\n    type: io.kestra.plugin.core.flow.Parallel\n    tasks:\n${hello.replaceAll(/^/gm, "    ").trimEnd()}\n      - id: p\n        type: io.kestra.plugin.core.log.Log\n        message: [{}]\n`,
    ),
    issues: ["5:11 not_yet_supported", "10:13 duplicate_id", "12:19 wrong_type"],
  },
  {
    it: "ids in a Dag, a Switch and an If",
    source: flow(
      "  - id: d\n    type: io.kestra.plugin.core.flow.Dag\n    tasks:\n      - task: {id: a, type: io.kestra.plugin.core.log.Log, message: x}\n  - id: s\n    type: io.kestra.plugin.core.flow.Switch\n    value: x\n    cases:\n      x:\n        - {id: a, type: io.kestra.plugin.core.log.Log, message: x}\n",
    ),
    issues: ["5:11 not_yet_supported", "9:11 not_yet_supported", "13:16 duplicate_id"],
  },
  {
    it: "a cache and assets",
    source: flow(`${hello}    taskCache: {enabled: true}\n    assets: {}\n`),
    issues: ["7:5 not_yet_supported", "8:5 not_supported"],
  },
];

const expressions: IssueCase[] = [
  {
    it: "an expression that does not parse",
    source: flow(log("a", '"x {{ }}"')),
    issues: ["6:20 expression_syntax"],
  },
  {
    it: "one in a block of text",
    source: flow(log("a", "|\n      x\n      y {{ 1 + }}")),
    issues: ["8:16 expression_syntax"],
  },
  {
    it: "one behind an escape",
    source: flow(log("a", '"\\u0041\\t{{ foo() }}"')),
    issues: ["6:26 unknown_function"],
  },
  {
    it: "one in a folded text",
    source: flow(log("a", ">-\n      x\n      {{ 1 | upperr }}")),
    issues: ["8:14 unknown_filter"],
  },
  {
    it: "an unknown input",
    source: flow(log("a", '"{{ inputs.y }}"'), "inputs:\n  - {id: x, type: INT}\n"),
    issues: ["8:18 unknown_input"],
  },
  { it: "an unknown variable", source: flow(log("a", '"{{ vars.y }}"')), issues: ["6:18 unknown_variable"] },
  { it: "a bare word", source: flow(log("a", '"{{ file }}"')), issues: ["6:18 unknown_variable"] },
  {
    it: "an unknown task",
    source: flow(log("a", "\"{{ outputs['b'].x }}\"")),
    issues: ["6:18 unknown_task"],
  },
  {
    it: "a later task",
    source: flow(log("a", '"{{ outputs.b.x }}"') + log("b")),
    issues: ["6:18 task_runs_later"],
  },
  {
    it: "a task that reads itself",
    source: flow(log("a", '"{{ outputs.a.x }}"')),
    issues: ["6:18 task_runs_later"],
  },
  {
    it: "a disabled task",
    source: flow(`${log("a")}    disabled: true\n${log("b", '"{{ outputs.a.x }}"')}`),
    issues: ["10:18 task_is_disabled"],
  },
  {
    it: "outputs in the default of an input",
    source: flow(hello, 'inputs:\n  - {id: x, type: STRING, defaults: "{{ outputs.hello.x }}"}\n'),
    issues: ["4:41 task_runs_later"],
  },
  {
    it: "an unknown input in a variable",
    source: flow(hello, 'variables: {v: "{{ inputs.x }}"}\n'),
    issues: ["3:20 unknown_input"],
  },
  {
    it: "an unknown task in an output",
    source: flow(hello, 'outputs:\n  - {id: o, value: "{{ outputs.helo.x }}"}\n'),
    issues: ["4:24 unknown_task"],
  },
  {
    it: "an unknown task in runIf",
    source: flow(`${hello}    runIf: "{{ outputs.x.y }}"\n`),
    issues: ["7:16 unknown_task"],
  },
];

/** What is wrong in flows, and where it must be said. */
export const issueCases: Record<string, IssueCase[]> = { yaml, top, inputs, tasks, expressions };

/** What may look wrong and is not. */
export const soundCases: { it: string; source: string }[] = [
  {
    it: "guarded references",
    source: flow(
      log(
        "a",
        "\"{{ inputs.x ?? 'y' }} {{ vars.z | default('q') }} {{ outputs.b is defined ? outputs.b.x : '' }}\"",
      ),
    ),
  },
  {
    it: "references in a branch",
    source: flow(log("a", '"{% if inputs is defined and false %}{{ inputs.x }}{% endif %}"')),
  },
  {
    it: "names of the template itself",
    source: flow(log("a", '"{% for x in [1] %}{{ x }}{{ loop.index }}{% endfor %}{% set y = 1 %}{{ y }}"')),
  },
  {
    it: "variables that a task sets",
    source: flow(
      `  - id: s\n    type: io.kestra.plugin.core.execution.SetVariables\n    variables: {x: 1}\n${log("a", '"{{ vars.x }}"')}`,
    ),
  },
  { it: "a raw part", source: flow(log("a", '"{% raw %}{{ nothing }}{% endraw %}"')) },
  { it: "braces that are no template", source: flow(log("a", '\'{ "a": { "b": 1 } }\'')) },
  {
    it: "a nested input",
    source: flow(
      log("a", '"{{ inputs.nested.more.int }}"'),
      "inputs:\n  - {id: nested.more.int, type: INT}\n",
    ),
  },
  { it: "empty properties", source: flow(`${hello}    retry:\n`, "inputs:\nvariables:\nerrors: []\n") },
  {
    it: "a template where a number is wanted",
    source: flow(
      "  - id: a\n    type: io.kestra.plugin.core.http.Download\n    uri: x\n    options: {retries: '{{ 2 }}'}\n    timeout: '{{ 3 }}'\n",
    ),
  },
  { it: "a shared value", source: flow(hello, "variables:\n  a: &a {b: [1, 2]}\n  c: *a\n  d: *a\n") },
  { it: "an outer document mark", source: `---\n${flow(hello)}` },
];
