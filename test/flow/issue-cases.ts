import { blockCases } from "./block-issue-cases.ts";
import { constantCases } from "./constant-issue-cases.ts";
import { gateCases } from "./gate-issue-cases.ts";
import { inputCases as inputs } from "./input-issue-cases.ts";
import { loopCases as loops } from "./loop-issue-cases.ts";
import { expressionCases, type IssueCase, taskCases } from "./task-issue-cases.ts";
import { flow, log } from "./task-types.ts";
import { yamlCases } from "./yaml-issue-cases.ts";

const hello = log("hello");

const top: IssueCase[] = [
  {
    it: "the value of a loop outside of loops",
    source: flow(log("a", "'{{ taskrun.value }} {{ item ?? 1 }} {{ item }}'")),
    issues: ["6:18 no_loop_value", "6:54 no_loop_value"],
  },
  {
    it: "a task that is not there in an output that need not be",
    source: flow(hello, "outputs: [{id: o, type: STRING, required: false, value: '{{ outputs.x.y }}'}]\n"),
    issues: ["3:61 unknown_task"],
  },
  {
    it: "namespace files where no task knows them",
    source: flow(`${hello}    namespaceFiles: {enabled: true}\n`),
    issues: ["7:5 unknown_property"],
  },
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
  {
    it: "a list for a text, and a text for a boolean that is none",
    source: `id: [1]\nnamespace: b\ndisabled: "no"\ntasks:\n${hello}`,
    issues: ["1:5 wrong_type", "3:11 wrong_type"],
  },
  { it: "an unknown property", source: flow(hello, "task: []\n"), issues: ["3:1 unknown_property"] },
  {
    it: "a label with a wrong key",
    source: flow(hello, "labels: {Team: x}\n"),
    issues: ["3:10 invalid_label"],
  },
  {
    it: "a label of the system",
    source: flow(
      hello,
      "labels:\n  - key: system.x\n    value: y\n  - {key: system.readOnly, value: true}\n",
    ),
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
    it: "a random retry that may not even be tried again once",
    source: flow(hello, "retry: {type: random, minInterval: PT1S, maxInterval: PT3S, maxDuration: PT2S}\n"),
    issues: ["3:74 invalid_retry"],
  },
  {
    it: "a retry beyond what Postgres can count",
    source: flow(
      hello,
      "retry: {type: exponential, interval: P400000D, maxInterval: P400001D, delayFactor: 101, maxAttempts: 2147483648}\n",
    ),
    issues: ["3:38 invalid_duration", "3:61 invalid_duration", "3:84 out_of_range", "3:102 out_of_range"],
  },
  {
    it: "a retry of no known type",
    source: flow(hello, "retry: {type: constnt, interval: PT2S}\n"),
    issues: ["3:15 invalid_value"],
  },
  {
    it: "a misspelt property of a retry of no type, and of one of no known type",
    source: flow(
      `${hello.trimEnd()}\n    retry: {intervall: PT1S, maxAttempts: 2}\n`,
      "retry: {type: constnt, interval: PT2S, maxAttemts: 2}\n",
    ),
    issues: ["3:15 invalid_value", "3:40 unknown_property", "8:12 missing_property", "8:13 unknown_property"],
  },
  {
    it: "a duration that is none",
    source: flow(hello, "retry: {type: constant, interval: 2s}\n"),
    issues: ["3:35 invalid_duration"],
  },
  {
    it: "an output without a value",
    source: flow(hello, "outputs:\n  - {id: a}\n"),
    issues: ["4:5 missing_property"],
  },
  {
    it: "two outputs of one id",
    source: flow(hello, "outputs:\n  - {id: a, value: 1}\n  - {id: a, value: 2}\n"),
    issues: ["5:10 duplicate_id"],
  },
  {
    it: "a form as an output",
    source: flow(hello, "outputs:\n  - {id: a, type: FORM, value: x}\n"),
    issues: ["4:19 invalid_value"],
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
  { it: "a flow that is not there", source: flow(hello, "deleted: true\n"), issues: ["3:10 invalid_value"] },
  { it: "quotas", source: flow(hello, "quotas: []\n"), issues: ["3:1 not_supported"] },
  {
    it: "what Kestra has removed",
    source: flow(hello, "listeners: []\n"),
    issues: ["3:1 removed_property"],
  },
];

const cycles: IssueCase[] = [
  {
    it: "a default that reads itself",
    source: flow(hello, 'inputs:\n  - {id: a, type: STRING, defaults: "{{ inputs.a }}"}\n'),
    issues: ["4:37 cycle"],
  },
  {
    it: "defaults that read each other",
    source: flow(
      hello,
      'inputs:\n  - {id: a.x, type: STRING, defaults: "{{ inputs.b }}"}\n  - {id: b, type: STRING, defaults: "{{ inputs.a.x }}"}\n',
    ),
    issues: ["4:39 cycle"],
  },
  {
    it: "a default that reads what it nests in",
    source: flow(
      hello,
      'inputs:\n  - {id: a.x, type: STRING, defaults: "{{ inputs.a | join }}"}\n  - {id: a.y, type: STRING, defaults: "{{ inputs.a }}"}\n',
    ),
    issues: ["4:39 cycle", "5:39 cycle"],
  },
  {
    it: "variables that read each other",
    source: flow(
      hello,
      'variables:\n  a: "{{ vars.b }}"\n  b: ["{{ render(vars.c) }}"]\n  c: {"{{ vars.a }}": 1}\n',
    ),
    issues: ["4:6 cycle"],
  },
  {
    it: "tasks of a Dag that wait for each other, and for nobody",
    source: flow(
      "  - id: d\n    type: io.kestra.plugin.core.flow.Dag\n    tasks:\n      - task: {id: a, type: io.kestra.plugin.core.log.Log, message: x}\n        dependsOn: [b]\n      - task: {id: b, type: io.kestra.plugin.core.log.Log, message: x}\n        dependsOn: [a, c]\n",
    ),
    issues: ["8:20 cycle", "10:24 unknown_task"],
  },
];

/** What is wrong in flows, and where it must be said. */
export const issueCases: Record<string, IssueCase[]> = {
  yaml: yamlCases,
  top,
  inputs,
  gates: gateCases,
  cycles,
  tasks: taskCases,
  blocks: blockCases,
  expressions: expressionCases,
  loops,
  constants: constantCases,
};
