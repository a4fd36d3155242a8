import type { IssueCase } from "./task-issue-cases.ts";
import { flow, log } from "./task-types.ts";

const hello = log("hello");

/** What is wrong in what a flow says about when its executions may start and how long they may run. */
export const gateCases: IssueCase[] = [
  {
    it: "a limit that nobody keeps",
    source: flow(hello, "concurrency: {limit: 0}\n"),
    issues: ["3:22 out_of_range"],
  },
  {
    it: "a limit beyond what Postgres can count",
    source: flow(hello, "concurrency: {limit: 2147483648}\n"),
    issues: ["3:22 out_of_range"],
  },
  {
    it: "a limit that is no whole number",
    source: flow(hello, 'concurrency: {limit: "{{ inputs.n }}"}\n'),
    issues: ["3:22 wrong_type"],
  },
  {
    it: "a concurrency without a limit, of an unknown behavior",
    source: flow(hello, "concurrency: {behavior: QUEU}\n"),
    issues: ["3:14 missing_property", "3:25 invalid_value"],
  },
  {
    it: "an SLA of an unknown type",
    source: flow(hello, "sla:\n  - {id: s, type: MAX_DURATON, duration: PT1S, behavior: FAIL}\n"),
    issues: ["4:19 invalid_value"],
  },
  {
    it: "a duration that is none in an SLA",
    source: flow(hello, "sla:\n  - {id: s, type: MAX_DURATION, duration: 1s, behavior: FAIL}\n"),
    issues: ["4:43 invalid_duration"],
  },
  {
    it: "SLAs without what their type needs, or with what it does not",
    source: flow(
      hello,
      "sla:\n  - {id: s, type: MAX_DURATION, behavior: FAIL}\n  - {id: t, type: EXECUTION_ASSERTION, assert: '1', duration: PT1S, behavior: FAIL}\n",
    ),
    issues: ["4:5 missing_property", "5:53 unknown_property"],
  },
  {
    it: "an SLA without a behavior, of the same id as another",
    source: flow(
      hello,
      "sla:\n  - {id: s, type: MAX_DURATION, duration: PT1S}\n  - {id: s, type: MAX_DURATION, duration: PT2S, behavior: NONE}\n",
    ),
    issues: ["4:5 missing_property"],
  },
  {
    it: "an SLA with a label of the system",
    source: flow(
      hello,
      "sla:\n  - {id: s, type: MAX_DURATION, duration: PT1S, behavior: NONE, labels: {system.readOnly: y}}\n",
    ),
    issues: ["4:74 system_label"],
  },
  {
    it: "an assertion about a task that is not there",
    source: flow(
      hello,
      'sla:\n  - {id: s, type: EXECUTION_ASSERTION, assert: "{{ outputs.helo.value }}", behavior: FAIL}\n',
    ),
    issues: ["4:52 unknown_task"],
  },
  {
    it: "checks without a condition, of an unknown behavior, or about what tasks give",
    source: flow(
      hello,
      'checks:\n  - {message: m}\n  - {condition: "{{ true }}", behavior: BLOCK}\n  - {condition: "{{ outputs.hello.value }}"}\n  - {condition: "{{ inputs.none }}"}\n',
    ),
    issues: ["4:5 missing_property", "5:41 invalid_value", "6:21 task_runs_later", "7:21 unknown_input"],
  },
  {
    it: "a template in what a check says, which nobody renders",
    source: flow(hello, "checks:\n  - {condition: '{{ true }}', message: 'Too much: {{ inputs.n }}'}\n"),
    issues: ["4:40 message_as_written"],
  },
  {
    it: "nothing in what is written well",
    source: flow(
      hello,
      'concurrency: {limit: 3}\nsla:\n  - {id: s, type: MAX_DURATION, duration: 90, behavior: CANCEL, labels: {a: b}}\nchecks:\n  - {condition: "{{ true }}", message: m}\n',
    ),
    issues: [],
  },
];
