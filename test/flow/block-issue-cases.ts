import type { IssueCase } from "./task-issue-cases.ts";
import { flow } from "./task-types.ts";

/** What can be wrong with blocks and what stands in them. */
export const blockCases: IssueCase[] = [
  {
    it: "a task in a Dag without an entry around it, with what else is wrong in it, and what stands within a task instead of beside it",
    source: flow(
      `  - id: d
    type: io.kestra.plugin.core.flow.Dag
    tasks:
      - {id: a, type: io.kestra.plugin.core.log.Log, message: x, mesage: y}
      - {id: b, type: io.kestra.plugin.core.log.Log, message: x, dependsOn: [a, z]}
      - task: {id: c, type: io.kestra.plugin.core.log.Log, message: x, dependsOn: [a]}
        dependsOn: [b]
      - dependsOn: [b]
`,
    ),
    issues: [
      "7:9 missing_property",
      "7:66 unknown_property",
      "8:9 missing_property",
      "8:81 unknown_task",
      "9:72 unknown_property",
      "11:9 missing_property",
    ],
  },
  {
    it: "another task in one that is in no Dag",
    source: flow(
      `  - id: s
    type: io.kestra.plugin.core.flow.Sequential
    tasks:
      - {id: a, type: io.kestra.plugin.core.log.Log, message: x, task: {id: b, type: io.kestra.plugin.core.log.Log, message: y}}
      - task: {id: c, type: io.kestra.plugin.core.log.Log, message: x}
`,
    ),
    issues: ["7:66 unknown_property", "8:9 missing_property", "8:9 missing_property"],
  },
  {
    it: "a Subflow with labels that name nothing, and words that are neither true nor false",
    source: flow(
      "  - id: s\n    type: io.kestra.plugin.core.flow.Subflow\n    namespace: a\n    flowId: b\n    labels: [x, {y: z}]\n    inheritLabels: yep\n",
    ),
    issues: ["8:14 wrong_type", "8:17 missing_property", "8:17 missing_property", "9:20 invalid_value"],
  },
  {
    it: "a Subflow with a number for the key of a label, as with its text",
    source: flow(
      "  - id: s\n    type: io.kestra.plugin.core.flow.Subflow\n    namespace: a\n    flowId: b\n    labels: [{key: 2024, value: x}, {key: '2024', value: x}]\n",
    ),
    issues: ["8:20 invalid_label", "8:43 invalid_label"],
  },
  {
    it: "a Pause with something else than a task before it",
    source: flow("  - id: p\n    type: io.kestra.plugin.core.flow.Pause\n    onPause: {message: x}\n"),
    issues: ["6:14 missing_property", "6:14 missing_property"],
  },
];
