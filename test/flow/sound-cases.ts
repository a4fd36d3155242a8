import { flow, log } from "./task-types.ts";

const hello = log("hello");

const subflowTaking = (text: string) =>
  `  - id: s\n    type: io.kestra.plugin.core.flow.Subflow\n    namespace: a\n    flowId: b\n    outputs: {x: "${text}"}\n`;

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
    it: "seconds as text, and a number for a condition",
    source: flow(
      `  - {id: a, type: io.kestra.plugin.core.log.Log, message: x, timeout: "3", retry: {type: constant, interval: "1.5"}}\n  - id: b\n    type: io.kestra.plugin.core.flow.LoopUntil\n    condition: 1\n    checkFrequency: {interval: "1"}\n    tasks:\n${hello.replaceAll(/^/gm, "    ").trimEnd()}\n`,
    ),
  },
  {
    it: "0 and 1 for what is true or false, and a number for a condition",
    source: flow(
      `  - {id: a, type: io.kestra.plugin.core.log.Log, message: x, disabled: 0, allowFailure: 1, retry: {type: constant, interval: PT1S, warningOnRetry: 0}}\n  - id: b\n    type: io.kestra.plugin.core.flow.Subflow\n    namespace: a\n    flowId: b\n    wait: 1\n`,
      "inputs: [{id: i, type: STRING, required: 0}]\nchecks: [{condition: 1}]\nsla: [{id: s, type: EXECUTION_ASSERTION, assert: 1, behavior: FAIL}]\n",
    ),
  },
  {
    it: "any whole number for what is true or false, and blanks around the word",
    source: flow(
      `${hello}  - {id: a, type: io.kestra.plugin.core.log.Log, message: x, disabled: 2, allowFailure: " True "}\n`,
      "inputs: [{id: i, type: SELECT, values: [a], required: 2, allowCustomValue: -1}]\n",
    ),
  },
  {
    it: "a case of a Switch with nothing in it",
    source: flow("  - {id: s, type: io.kestra.plugin.core.flow.Switch, value: x, cases: {a: []}}\n"),
  },
  {
    it: "labels of a Subflow with a word for a key that YAML reads as true",
    source: flow(
      "  - {id: a, type: io.kestra.plugin.core.flow.Subflow, namespace: a, flowId: b, labels: [{key: true, value: 1}]}\n",
    ),
  },
  {
    it: "a retry with nothing behind some of its properties",
    source: flow(
      `  - {id: a, type: io.kestra.plugin.core.log.Log, message: x, retry: {type: constant, interval: PT1S, maxAttempts: , behavior: null}}\n`,
      "retry: {type: exponential, interval: PT1S, maxInterval: PT2S, delayFactor: null, maxDuration: , warningOnRetry: null}\n",
    ),
  },
  {
    it: "an SLA by any name",
    source: flow(
      hello,
      "sla: [{id: no longer than a minute, type: MAX_DURATION, duration: PT1M, behavior: FAIL}]\n",
    ),
  },
  {
    it: "nothing behind names of the language, wherever they stand",
    source: flow(
      `  - id: r
    type: io.kestra.plugin.core.http.Download
    uri: http://a.b
    taskCache: {enabled: true, ttl: null}
    workerGroup:
    options: {retries: null}
  - id: d
    type: io.kestra.plugin.core.flow.Dag
    tasks:
      - dependsOn:
        task: {id: a, type: io.kestra.plugin.core.log.Log, message: x, level: null}
  - id: l
    type: io.kestra.plugin.core.flow.LoopUntil
    condition: "true"
    checkFrequency: {interval: , maxIterations: 3}
    tasks:
      - {id: b, type: io.kestra.plugin.core.log.Log, message: x}
`,
      `concurrency: {limit: 1, behavior: null}
pluginDefaults: [{type: io.kestra.plugin.core.log., values: {level: WARN}, ref: null}]
inputs: [{id: i, type: STRING}, {id: j, type: STRING, dependsOn: {inputs: [i], condition: null}}]
`,
    ),
  },
  {
    it: "numbers and booleans for texts, and texts for these",
    source: `id: 2024
namespace: 5
description: 5.5
disabled: "false"
concurrency: {limit: "2"}
inputs: [{id: 7, type: STRING, required: "false", displayName: true}]
tasks:
  - {id: 123, type: io.kestra.plugin.core.log.Log, message: "{{ inputs['7'] }}", allowFailure: "True", description: 1}
  - {id: 4, type: io.kestra.plugin.core.flow.Subflow, namespace: 5, flowId: 2025, wait: "true"}
`,
  },
  {
    it: "what Kestra writes into a flow that it exports",
    source: flow(hello, "revision: 3\ndeleted: false\n"),
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
  {
    it: "a circle that is guarded",
    source: flow(
      log("a"),
      "inputs:\n  - {id: a, type: STRING, defaults: \"{{ inputs.b ?? 'x' }}\"}\n  - {id: b, type: STRING, defaults: '{{ inputs.a }}'}\n",
    ),
  },
  {
    it: "outputs as a whole, and one that may be missing",
    source: flow(
      `  - {id: g, type: test.Give}\n${log("a", "\"{{ outputs.g }} {{ outputs.g.url ?? '' }}\"")}`,
    ),
  },
  {
    it: "names of macros, loops and every part of the context",
    source: flow(
      log(
        "a",
        '"{% macro m(p, q=1) %}{{ p }}{{ q }}{% endmacro %}{{ m(2) }}{{ envs }}{{ taskrun.id }}{{ execution.startDate }}{{ labels }}"',
      ),
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
  {
    it: "what a Subflow takes from tasks of its child",
    source: flow(subflowTaking("{{ outputs.there.value }}")),
  },
  {
    it: "the outputs of a ForEachItem's own tasks",
    source: flow(
      `  - id: each\n    type: io.kestra.plugin.core.flow.ForEachItem\n    namespace: a\n    flowId: b\n    items: c\n    inputs: {x: "{{ taskrun.items }} {{ taskrun.iteration }} {{ outputs.each_split.splits }}"}\n${log("l", '"{{ outputs.each_merge.subflowOutputs }}"')}`,
    ),
  },
  { it: "an outer document mark", source: `---\n${flow(hello)}` },
];
