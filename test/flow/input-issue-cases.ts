import type { IssueCase } from "./task-issue-cases.ts";
import { flow, log } from "./task-types.ts";

const hello = log("hello");

/** What is wrong with inputs. */
export const inputCases: IssueCase[] = [
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
    it: "a default where none is needed",
    source: flow(hello, "inputs:\n  - {id: a, type: INT, required: false, defaults: 4}\n"),
    issues: ["4:34 default_not_required"],
  },
  {
    it: "defaults that no execution could have",
    source: flow(
      hello,
      `inputs:
  - {id: a, type: FILE, defaults: x.csv}
  - {id: b, type: FILE, defaults: "{{ inputs.a }}"}
  - {id: c, type: YAML, defaults: "a: [1"}
  - {id: d, type: SECRET, validator: "[a-z]+", defaults: "12"}
  - {id: e, type: SELECT, expression: abc}
  - {id: f, type: MULTISELECT, expression: "{{ 5 }}"}
  - {id: g, type: MULTISELECT, values: [a], defaults: [a, b, c]}
`,
    ),
    issues: [
      "4:35 invalid_default",
      "5:35 invalid_default",
      "6:35 invalid_default",
      "7:58 invalid_default",
      "8:39 invalid_input",
      "9:44 invalid_input",
      "10:55 invalid_default",
    ],
  },
  {
    it: "defaults in YAML that no execution could read",
    source: flow(
      hello,
      `inputs:
  - {id: a, type: YAML, defaults: "a: .inf"}
  - {id: b, type: YAML, defaults: "${"- ".repeat(250)}"}
  - {id: c, type: YAML, defaults: "${"- ".repeat(200_000)}"}
  - {id: d, type: YAML, defaults: "# nothing"}
  - {id: e, type: YAML, defaults: "a: 1\\n---\\n[b"}
`,
    ),
    issues: ["4:35 invalid_default", "5:35 invalid_default", "6:35 invalid_default", "7:35 invalid_default"],
  },
  {
    it: "a limit that is no number",
    source: flow(
      hello,
      "inputs:\n  - {id: a, type: INT, min: many, max: '1.5'}\n  - {id: b, type: FLOAT, max: x}\n",
    ),
    issues: ["4:29 invalid_value", "4:40 invalid_value", "5:31 invalid_value"],
  },
  {
    it: "limits as texts the wrong way round",
    source: flow(hello, "inputs:\n  - {id: a, type: INT, min: '10', max: '9'}\n"),
    issues: ["4:40 invalid_limits"],
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
    issues: ["4:35 unused_values"],
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
  {
    it: "what is wrong with inputs of no known type",
    source: flow(
      hello,
      "inputs:\n  - {id: a b, type: STRIN, defalts: x, required: 1}\n  - {id: f, type: FORM, inputs: [{id: c d, type: STRIN}]}\n",
    ),
    issues: [
      ...["4:10 invalid_id", "4:21 invalid_value", "4:28 unknown_property", "4:50 wrong_type"],
      ...["5:39 invalid_id", "5:50 invalid_value"],
    ],
  },
  {
    it: "what is wrong with inputs beside what their types refuse",
    source: flow(
      hello,
      `inputs:
  - {id: a, type: DURATION, min: 5s, defaults: 1h}
  - {id: b, type: MULTISELECT, values: [a], defaults: [b], itemTyp: INT}
  - {id: c d, type: INT, min: 4, max: 3}
  - {id: e, type: SELECT, values: {a: b}, defaults: c}
`,
    ),
    issues: [
      ...["4:34 invalid_duration", "4:48 invalid_default", "5:55 invalid_default", "5:60 unknown_property"],
      ...["6:10 invalid_id", "6:39 invalid_limits", "7:35 wrong_type"],
    ],
  },
  {
    it: "what a Pause does not ask for",
    source: flow(
      `  - {id: p, type: io.kestra.plugin.core.flow.Pause, onResume: [{id: a.b, type: STRING}]}
  - {id: q, type: io.kestra.plugin.core.flow.Pause}
${log("z", '"{{ outputs.p.onResume.a.b }}{{ outputs.p.onResume.bb }}{{ outputs.q.onResume.x }}"')}`,
    ),
    issues: ["8:46 unknown_output", "8:73 unknown_output"],
  },
  {
    it: "what only a worker has, read beside what a Pause asks for",
    source: flow(
      `${log("a")}  - id: p
    type: io.kestra.plugin.core.flow.Pause
    onResume:
      - {id: x, type: STRING, description: "{{ is no template here"}
      - {id: y, type: STRING, defaults: "{{ inputs.x }}{{ taskrun.id }}{{ outputs.a }}{{ now() }}{{ labels.l | default(1) }}"}
      - {id: z, type: STRING, defaults: "{{ inputs.w }}"}
      - {id: f, type: STRING, defaults: "{{ read('kestra:///a') }}"}
      - {id: g, type: STRING, defaults: "{{ read(inputs.x) }}"}
      - {id: e, type: STRING, defaults: "{{ envs.e }} {{ inputs.x }}"}
      - {id: c, type: STRING, dependsOn: {condition: "{{ fileSize(outputs.a.uri) > 1 }}"}}
      - {id: d, type: STRING, dependsOn: {condition: "{{ inputs.w == 1 or outputs.b.c == 1 }}"}}
      - {id: h, type: STRING, dependsOn: {condition: "{{ inputs.x == }}"}}
`,
    ),
    issues: [
      ...["12:45 unknown_input", "14:50 not_yet_supported", "15:58 not_yet_supported"],
      ...["16:55 not_yet_supported", "17:58 unknown_input", "18:70 expression_syntax"],
    ],
  },
  {
    it: "what a form depends on, once for all in it, where the form says it",
    source: flow(
      `  - id: p
    type: io.kestra.plugin.core.flow.Pause
    onResume:
      - id: f
        type: FORM
        dependsOn: {condition: "{{ inputs.no == 1 }}"}
        inputs: [{id: a, type: STRING}, {id: b, type: STRING}]
`,
      `inputs:
  - id: f
    type: FORM
    dependsOn: {inputs: [nope], condition: "{{ inputs.zip == 1 }}"}
    inputs: [{id: a, type: STRING}, {id: b, type: STRING}, {id: c, type: STRING, dependsOn: {inputs: [nil]}}]
`,
    ),
    issues: ["6:26 unknown_input", "6:48 unknown_input", "7:103 unknown_input", "14:36 unknown_input"],
  },
  {
    it: "what a Pause asks for in a circle, but not what the flow was given by the same name",
    source: flow(
      `  - id: p
    type: io.kestra.plugin.core.flow.Pause
    onResume:
      - {id: a, type: STRING, defaults: "{{ inputs.b }}"}
      - {id: b, type: STRING, defaults: "{{ inputs.a }}"}
      - {id: c, type: STRING, defaults: "{{ inputs.c }}"}
`,
      "inputs: [{id: c, type: STRING}]\n",
    ),
    issues: ["8:41 cycle"],
  },
  {
    it: "names in place of ids, which are read as these",
    source: flow(
      log("a", '"{{ inputs.a }} {{ inputs.f.b }} {{ inputs.c }}"') +
        "  - {id: p, type: io.kestra.plugin.core.flow.Pause, onResume: [{name: ok, type: BOOL}]}\n",
      `inputs:
  - {name: a, type: STRING}
  - {name: a, type: STRING}
  - {id: f, type: FORM, inputs: [{name: b, type: STRING}]}
  - {name: 5, type: STRING}
`,
    ),
    issues: [
      ...[
        "4:6 deprecated_property",
        "5:5 duplicate_id",
        "5:6 deprecated_property",
        "6:35 deprecated_property",
      ],
      ...["7:6 deprecated_property", "11:50 unknown_input"],
      "12:65 deprecated_property",
    ],
  },
];
