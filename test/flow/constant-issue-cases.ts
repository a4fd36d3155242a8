import type { IssueCase } from "./task-issue-cases.ts";
import { flow, log } from "./task-types.ts";

const hello = log("hello");
const saying = (template: string) => flow(log("a", JSON.stringify(template)));
const schedule = (rest: string) =>
  flow(hello, `triggers: [{id: s, type: io.kestra.plugin.core.trigger.Schedule, ${rest}}]\n`);

/** What is written out and can never be right. */
export const constantCases: IssueCase[] = [
  {
    it: "a letter that date patterns do not have",
    source: saying("{{ now('bb') }}"),
    issues: ["6:22 invalid_argument"],
  },
  {
    it: "a pattern in an argument by name",
    source: saying("{{ now(format='yyyy-QQQQQQ') }}"),
    issues: ["6:29 invalid_argument"],
  },
  {
    it: "a time zone that does not exist, behind a filter and inside a tag",
    source: saying("{% if true %}{{ execution.startDate | date('HH', timeZone='Europe/Berln') }}{% endif %}"),
    issues: ["6:73 invalid_argument"],
  },
  {
    it: "a unit of time that does not exist",
    source: saying("{{ now() | dateAdd(1, 'MONHTS') }}"),
    issues: ["6:37 invalid_argument"],
  },
  {
    it: "a pattern that does not close",
    source: saying("{{ 'a' | replace({'[a': 'b'}, regexp=true) }}"),
    issues: ["6:33 invalid_argument"],
  },
  {
    it: "two of them, and a wrong one that no template renders",
    source: flow(log("a", "\"{{ now('bb') }}{{ now('jj') }}\""), "variables: {x: \"{{ now('bb') }}\"}\n"),
    issues: ["3:24 invalid_argument", "7:22 invalid_argument", "7:37 invalid_argument"],
  },
  {
    it: "a jq program that does not parse",
    source: saying("{{ [1] | jq('.a |') }} {{ [1] | jq('.a') }}"),
    issues: ["6:27 invalid_argument"],
  },
  {
    it: "a range that goes nowhere, and sizes that nothing has",
    source: saying("{{ range(1, 5, 0) }}{{ [1] | chunk(0) }}{{ nanoId(1001) }}"),
    issues: ["6:30 invalid_argument", "6:50 invalid_argument", "6:65 invalid_argument"],
  },
  {
    it: "a key that encrypts nothing",
    source: saying("{{ encrypt('short', 'x') }}{{ decrypt('short', vars.x ?? '') }}"),
    issues: ["6:26 invalid_argument", "6:53 invalid_argument"],
  },
  {
    it: "days that no calendar has, and an amount that is none",
    source: saying(
      "{{ '2024-02-30' | date }}{{ '1.1' | timestamp(existingFormat='d/M') }}{{ now() | dateAdd('a', 'DAYS') }}",
    ),
    issues: ["6:18 invalid_argument", "6:43 invalid_argument", "6:104 invalid_argument"],
  },
  {
    it: "a language that nobody speaks, which is English",
    source: saying(
      "{{ now() | date('EEEE', locale='xx_klingon') }}{{ now() | date('EEEE', locale='fr_CH') }}",
    ),
    issues: ["6:46 invalid_argument"],
  },
  {
    it: "a type of numbers that there is not, which is passed over",
    source: saying("{{ '5' | number('FLOTA') }}{{ '5' | number('float') }}"),
    issues: ["6:31 invalid_argument"],
  },
  {
    it: "a replacement that is none",
    source: saying("{{ 'a' | replace('b') }}"),
    issues: ["6:32 invalid_argument"],
  },
  {
    it: "everything that is wrong in one template",
    source: saying(
      "{{ [1] | chunk }}{{ randomInt(1) }}{{ secret('x') }}{{ 1 + }}{% if kv('y') %}{{ a | uper }}{% endif %}",
    ),
    issues: [
      ...["6:30 expression_syntax", "6:44 expression_syntax", "6:53 expression_syntax"],
      ...["6:74 expression_syntax", "6:82 expression_syntax", "6:99 expression_syntax"],
    ],
  },
  {
    it: "what templates do not see there",
    source: saying(
      "{{ schedule.date }}{{ error.message }}{{ tasks.nosuch.state }}{{ execution.outputs }}{{ taskrun.parents }}{{ tasks.a }}",
    ),
    issues: [
      ...["6:18 unknown_part", "6:37 unknown_part", "6:56 unknown_task", "6:80 unknown_part"],
      "6:103 unknown_part",
    ],
  },
  {
    it: "a cron line with a minute too many",
    source: schedule("cron: '60 * * * *'"),
    issues: ["3:1 not_yet_supported", "3:72 invalid_cron"],
  },
  {
    it: "a schedule without a cron line, in a time zone that does not exist",
    source: schedule("timezone: Mars"),
    issues: ["3:1 not_yet_supported", "3:12 missing_property", "3:76 invalid_time_zone"],
  },
  {
    it: "an id that is taken, and a revision of 0",
    source: `id: kill\nnamespace: b\nrevision: 0\ntasks:\n${hello}`,
    issues: ["1:5 reserved_id", "3:11 out_of_range"],
  },
  {
    it: "a part of a nest of inputs that is not there",
    source: flow(
      log("a", "'{{ inputs.a.b }} {{ inputs.a.c }} {{ inputs.d.e }}'"),
      "inputs: [{id: a.b, type: INT}, {id: d, type: JSON}]\n",
    ),
    issues: ["7:35 unknown_input"],
  },
  {
    it: "a part of the execution that is not there",
    source: saying("{{ execution.id }} {{ execution.startdate }} {{ execution.startdate ?? '' }}"),
    issues: ["6:37 unknown_part"],
  },
  {
    it: "outputs of what stands further down in a block, though not in a loop",
    source: flow(
      ["Sequential", "ForEach"]
        .map(
          (block, index) =>
            `  - id: b${index}\n    type: io.kestra.plugin.core.flow.${block}\n${block === "ForEach" ? "    values: [1]\n" : ""}    tasks:\n${log(`r${index}`, `'{{ outputs.g${index} }}'`).replaceAll(/^/gm, "    ").trimEnd()}\n      - {id: g${index}, type: test.Give}\n`,
        )
        .join(""),
    ),
    issues: ["9:22 task_runs_later"],
  },
  {
    it: "a date and a revision of a Subflow that are none, and a timeout of a block",
    source: flow(
      `  - {id: s, type: io.kestra.plugin.core.flow.Subflow, namespace: a, flowId: b, scheduleDate: soon, revision: two}\n  - id: p\n    type: io.kestra.plugin.core.flow.Parallel\n    timeout: PT1M\n    tasks: [{id: g, type: test.Give}]\n`,
    ),
    issues: ["4:94 invalid_date", "4:110 wrong_type", "7:5 timeout_of_block"],
  },
  {
    it: "a timeout of what starts other flows",
    source: flow(
      `  - {id: s, type: io.kestra.plugin.core.flow.Subflow, namespace: a, flowId: b, timeout: PT1M}\n  - {id: e, type: io.kestra.plugin.core.flow.ForEachItem, namespace: a, flowId: b, items: "kestra:///x", timeout: PT1M}\n`,
    ),
    issues: ["4:80 timeout_of_block", "5:106 timeout_of_block"],
  },
];
