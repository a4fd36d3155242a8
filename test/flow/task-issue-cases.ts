import { flow, log } from "./task-types.ts";

/** A source and the issues it must give, each as `line:column reason`. */
export interface IssueCase {
  it: string;
  source: string;
  issues: string[];
}

const hello = log("hello");

const forEachItem =
  "  - id: each\n    type: io.kestra.plugin.core.flow.ForEachItem\n    namespace: a\n    flowId: b\n    items: c\n";
const subflowTaking = (text: string) =>
  `  - id: s\n    type: io.kestra.plugin.core.flow.Subflow\n    namespace: a\n    flowId: b\n    outputs: {x: "${text}"}\n`;

/** What can be wrong with a task. */
export const taskCases: IssueCase[] = [
  { it: "text for a task", source: flow("  - hello\n"), issues: ["4:5 wrong_type"] },
  { it: "no type", source: flow("  - id: a\n"), issues: ["4:5 missing_property"] },
  {
    it: "an unknown type",
    source: flow("  - {id: a, type: io.kestra.plugin.core.log.Lg}\n"),
    issues: ["4:19 unknown_task_type"],
  },
  {
    it: "a type that is known and does not run yet",
    source: flow("  - {id: a, type: io.kestra.plugin.core.kv.Set}\n"),
    issues: ["4:19 not_yet_supported"],
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
  {
    it: "a task whose id one of a ForEachItem's own tasks has",
    source: flow(`${forEachItem}${log("each_split")}`),
    issues: ["9:9 duplicate_id"],
  },
  {
    it: "a task that only comes with a ForEachItem",
    source: flow("  - {id: a, type: io.kestra.plugin.core.flow.ForEachItem$ForEachItemSplit, items: x}\n"),
    issues: ["4:19 unknown_task_type"],
  },
  {
    it: "a Subflow without a flow, and with inputs that are no map",
    source: flow(
      "  - id: s\n    type: io.kestra.plugin.core.flow.Subflow\n    namespace: a\n    inputs: [1]\n",
    ),
    issues: ["4:5 missing_property", "7:13 wrong_type"],
  },
  {
    it: "a Subflow to its own flow",
    source: flow(
      "  - id: s\n    type: io.kestra.plugin.core.flow.Subflow\n    namespace: company.team\n    flowId: f\n",
    ),
    issues: ["7:13 recursive_flow"],
  },
  {
    it: "a Switch with nothing to choose from, and templates where the engine needs a value",
    source: flow(
      `  - id: w\n    type: io.kestra.plugin.core.flow.Switch\n    value: x\n  - id: s\n    type: io.kestra.plugin.core.flow.Subflow\n    namespace: a\n    flowId: b\n    wait: "{{ true }}"\n`,
    ),
    issues: ["4:5 missing_property", "11:11 no_template"],
  },
  {
    it: "a syntax error in what a Subflow takes",
    source: flow(subflowTaking("{{ 1 + }}")),
    issues: ["8:26 expression_syntax"],
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
    issues: ["10:13 duplicate_id", "12:19 wrong_type"],
  },
  {
    it: "a block in a WorkingDirectory, though not in what handles its end",
    source: flow(
      `  - id: w\n    type: io.kestra.plugin.core.flow.WorkingDirectory\n    tasks:\n      - {id: s, type: io.kestra.plugin.core.flow.Sequential, tasks: [{id: a, type: io.kestra.plugin.core.log.Log, message: x}]}\n    errors:\n      - {id: t, type: io.kestra.plugin.core.flow.Sequential, tasks: [{id: b, type: io.kestra.plugin.core.log.Log, message: x}]}\n`,
    ),
    issues: ["7:23 not_runnable"],
  },
  {
    it: "what a WorkingDirectory does not take yet, or not like that",
    source: flow(
      `  - id: w\n    type: io.kestra.plugin.core.flow.WorkingDirectory\n    namespaceFiles: {enabled: true}\n    cache: {ttl: 5m}\n    inputFiles: [a]\n    tasks:\n${hello.replaceAll(/^/gm, "    ").trimEnd()}\n`,
    ),
    issues: ["6:5 not_yet_supported", "7:12 missing_property", "7:18 invalid_duration", "8:17 wrong_type"],
  },
  {
    it: "ids in a Dag, a Switch and an If",
    source: flow(
      "  - id: d\n    type: io.kestra.plugin.core.flow.Dag\n    tasks:\n      - task: {id: a, type: io.kestra.plugin.core.log.Log, message: x}\n  - id: s\n    type: io.kestra.plugin.core.flow.Switch\n    value: x\n    cases:\n      x:\n        - {id: a, type: io.kestra.plugin.core.log.Log, message: x}\n",
    ),
    issues: ["13:16 duplicate_id"],
  },
  {
    it: "handlers, of a block and of what is none",
    source: flow(
      `${hello}    errors:\n      - {id: b, type: io.kestra.plugin.core.log.Log, message: x}\n  - id: s\n    type: io.kestra.plugin.core.flow.Sequential\n    tasks:\n      - {id: c, type: io.kestra.plugin.core.log.Log, message: x}\n    errors:\n      - {id: d, type: io.kestra.plugin.core.log.Log, message: x}\n`,
    ),
    issues: ["7:5 unknown_property"],
  },
  {
    it: "outputs of a Loop as those of a flow",
    source: flow(
      `  - id: l\n    type: io.kestra.plugin.core.flow.Loop\n    values: [a]\n    fetchType: ALL\n    outputs:\n      - {id: o, type: SECRET, value: x}\n      - {id: o, type: STRING}\n      - {id: p, value: "{{ outputs.nobody.x }}"}\n    tasks:\n${hello.replaceAll(/^/gm, "    ").trimEnd()}\n`,
    ),
    issues: ["7:16 invalid_value", "10:9 missing_property", "10:14 duplicate_id", "11:28 unknown_task"],
  },
  {
    it: "more at once than can be counted",
    source: flow(
      `  - {id: p, type: io.kestra.plugin.core.flow.Parallel, concurrent: 2147483648, tasks: [{id: l, type: io.kestra.plugin.core.log.Log, message: m}]}\n`,
    ),
    issues: ["4:68 out_of_range"],
  },
  {
    it: "a Subflow of no flow and no revision",
    source: flow(
      "  - {id: s, type: io.kestra.plugin.core.flow.Subflow, namespace: '', flowId: '', revision: 0}\n",
    ),
    issues: ["4:66 out_of_range", "4:78 out_of_range", "4:92 out_of_range"],
  },
  {
    it: "task caches of what does not run itself",
    source: flow(
      `${hello}    taskCache: {enabled: true, ttl: PT1H}\n${forEachItem}    taskCache: {enabled: true}\n  - id: w\n    type: io.kestra.plugin.core.flow.WorkingDirectory\n    taskCache: {enabled: false}\n    tasks:\n      - {id: c, type: io.kestra.plugin.core.log.Log, message: x, taskCache: {ttl: PT1H}}\n`,
    ),
    issues: ["13:5 not_cacheable", "18:77 missing_property"],
  },
  {
    it: "assets",
    source: flow(`${hello}    assets: {}\n`),
    issues: ["7:5 not_supported"],
  },
];

/** What can be wrong with a template. */
export const expressionCases: IssueCase[] = [
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
    issues: ["6:26 expression_syntax"],
  },
  {
    it: "one in a folded text",
    source: flow(log("a", ">-\n      x\n      {{ 1 | upperr }}")),
    issues: ["8:14 expression_syntax"],
  },
  {
    it: "an unknown input",
    source: flow(log("a", '"{{ inputs.y }}"'), "inputs:\n  - {id: x, type: INT}\n"),
    issues: ["8:18 unknown_input"],
  },
  { it: "an unknown variable", source: flow(log("a", '"{{ vars.y }}"')), issues: ["6:18 unknown_variable"] },
  {
    it: "a name that templates do not see",
    source: flow(log("a", '"{{ input.x }} {{ flow.id }} {{ q ?? 1 }}"')),
    issues: ["6:18 unknown_name"],
  },
  {
    it: "an unknown task",
    source: flow(log("a", "\"{{ outputs['b'].x }}\"")),
    issues: ["6:18 unknown_task"],
  },
  {
    it: "an output that a task does not have",
    source: flow(`  - {id: g, type: test.Give}\n${log("a", '"{{ outputs.g.url }} {{ outputs.g.size }}"')}`),
    issues: ["7:18 unknown_output"],
  },
  {
    it: "a later task",
    source: flow(log("a", '"{{ outputs.b.x }}"') + log("b")),
    issues: ["6:18 task_runs_later"],
  },
  {
    it: "a statement without an end, once",
    source: flow(log("a", '"{% if true %}{% for x in [1] %}{{ x }}"')),
    issues: ["6:15 expression_syntax"],
  },
  {
    it: "a handler or an end that comes later",
    source: `${flow(log("a", '"{{ outputs.h.x }} {{ outputs.f.x }}"'))}errors:\n${log("h", '"{{ outputs.a.x }} {{ outputs.f.x }}"')}finally:\n${log("f", '"{{ outputs.h.x }}"')}`,
    issues: ["6:18 task_runs_later", "6:36 task_runs_later", "10:36 task_runs_later"],
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
  {
    it: "unknown words, and what the same text refers to in vain",
    source: flow(
      log("a", '"{{ outputs.zz.value }} {{ inputs.q | nope }} {{ nwo() }} {{ vars.v is definde }}"') +
        log("b", '"{{ m(1, 2) }}{% macro m(a) %}{% endmacro %} {{ a.b(c=1) }} {{ (a)() }}"'),
    ),
    issues: [
      ...["6:18 unknown_task", "6:41 unknown_input", "6:52 expression_syntax", "6:63 expression_syntax"],
      ...["6:85 expression_syntax"],
      ...["9:19 expression_syntax", "9:65 expression_syntax", "9:80 expression_syntax"],
    ],
  },
  {
    it: "syntax errors on every line, and what lies between them",
    source: flow(
      log(
        "a",
        `|
      {% if inputs.x == %} {{ outputs.b.v }} {% elseif %} {{ inputs.y }} {% endif %} {{ inputs.z }}
      {{ 1 + }} {{ 'a }} {{ vars.k }} {{ x {{ inputs.p }}
      {% for q in %}{{ q.a }}{% endfor %}{% set v = %}{{ v }}{{ vars.w | defualt('') }}
      {% include 'x' %}{% filter uper %}{{ inputs.r }}{% endfilter %}
      {{ now(timeZone='Europe/Pris') }} {{ vars.last`,
      ),
    ),
    issues: [
      ...["7:25 expression_syntax", "7:56 expression_syntax", "7:89 unknown_input"],
      ...[
        "8:14 expression_syntax",
        "8:20 expression_syntax",
        "8:29 unknown_variable",
        "8:44 expression_syntax",
        "8:47 unknown_input",
      ],
      ...["9:19 expression_syntax", "9:53 expression_syntax", "9:74 expression_syntax"],
      ...["10:10 expression_syntax", "10:34 expression_syntax"],
      ...["10:44 unknown_input", "11:23 invalid_argument", "12:1 expression_syntax"],
    ],
  },
];
