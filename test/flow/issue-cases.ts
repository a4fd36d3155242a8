import { constantCases } from "./constant-issue-cases.ts";
import { gateCases } from "./gate-issue-cases.ts";
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
    it: "choices by values and by expression",
    source: flow(hello, "inputs:\n  - {id: a, type: SELECT, values: [a], expression: '{{ [1] }}'}\n"),
    issues: ["4:52 invalid_input"],
  },
  {
    it: "choices by values and by their old name",
    source: flow(hello, "inputs:\n  - {id: a, type: MULTISELECT, values: [a], options: [b]}\n"),
    issues: ["4:54 invalid_input"],
  },
  {
    it: "what an input waits for that is none",
    source: flow(
      hello,
      "inputs:\n  - {id: name, type: STRING}\n  - {id: b, type: STRING, dependsOn: {inputs: [nam]}}\n",
    ),
    issues: ["5:48 unknown_input"],
  },
  {
    it: "inputs that wait for each other",
    source: flow(
      hello,
      "inputs:\n  - {id: a, type: STRING, dependsOn: {inputs: [b]}}\n  - {id: b, type: STRING, dependsOn: {inputs: [a]}}\n",
    ),
    issues: ["4:38 cycle"],
  },
  {
    it: "a default beside what a form is filled with",
    source: flow(hello, "inputs:\n  - {id: a, type: STRING, defaults: a, prefill: b}\n"),
    issues: ["4:49 prefill_with_default"],
  },
  {
    it: "two inputs of a form of one id",
    source: flow(
      hello,
      "inputs:\n  - id: f\n    type: FORM\n    inputs:\n      - {id: a, type: STRING}\n      - {id: a, type: INT, min: 2, max: 1}\n",
    ),
    issues: ["8:14 duplicate_id", "8:41 invalid_limits"],
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
  expressions: expressionCases,
  constants: constantCases,
};
