import type { IssueCase } from "./task-issue-cases.ts";
import { flow, log } from "./task-types.ts";

const FLOW = "io.kestra.plugin.core.flow";

/** A block on one line around what gives `uri` and `size`, and a task behind it that reads a text. */
const around = (block: string, text: string) =>
  flow(
    `  - {id: b, type: ${FLOW}.${block.replace("GIVE", "{id: g, type: test.Give}")}}\n${log("after", `"${text}"`)}`,
  );
/** What blocks and loops do not give. */
export const loopCases: IssueCase[] = [
  ...[
    "Sequential, tasks: [GIVE]",
    "Parallel, tasks: [GIVE]",
    "Dag, tasks: [{task: GIVE}]",
    "WorkingDirectory, tasks: [GIVE]",
    "If, condition: 1, then: [GIVE]",
    "LoopUntil, condition: 1, tasks: [GIVE]",
  ].map((block) => ({
    it: `a wrong output of a task in a block, ${block}`,
    source: around(block, "{{ outputs.g.sise }} {{ outputs.g.size }} {{ outputs.b.q ?? '' }}"),
    issues: ["7:18 unknown_output"],
  })),
  {
    it: "a map to go through, which only a Loop takes",
    source: flow(
      ["ForEach, values: {a: 1}", "EachParallel, value: {a: 1}", "Loop, values: {a: 1}"]
        .map(
          (block, index) =>
            `  - {id: b${index}, type: ${FLOW}.${block}, tasks: [{id: t${index}, type: io.kestra.plugin.core.log.Log, message: x}]}\n`,
        )
        .join(""),
    ),
    issues: ["4:64 wrong_type", "5:68 wrong_type"],
  },
  {
    it: "an output that a block does not give",
    source: around(
      "If, condition: 1, then: [GIVE]",
      "{{ outputs.b.evaluationResult }} {{ outputs.b.result }}",
    ),
    issues: ["7:51 unknown_output"],
  },
  {
    it: "outputs of what runs for each value, without the value, of another, and a wrong one behind it",
    source: around(
      "ForEach, values: [x, 2], tasks: [GIVE]",
      "{{ outputs.g.uri }} {{ outputs.g.z.uri }} {{ outputs.g.x.url }} {{ outputs.g['2'].uri }} {{ outputs.g[inputs].q }}",
    ),
    issues: ["7:18 no_loop_value", "7:38 no_loop_value", "7:60 unknown_output"],
  },
  {
    it: "the same where the values are not known yet",
    source: around(
      "ForEach, values: '{{ [1] }}', tasks: [GIVE]",
      "{{ outputs.g.uri }} {{ outputs.g.x.uri }} {{ outputs.g.x.url }}",
    ),
    issues: ["7:18 no_loop_value", "7:60 unknown_output"],
  },
  {
    it: "outputs of a Loop that it does not declare, and those of its tasks seen from outside and inside",
    source: flow(
      `  - id: lp
    type: ${FLOW}.Loop
    values: [x]
    outputs: [{id: o, value: "{{ outputs.g.uri }} {{ outputs.g.url }}"}]
    tasks: [{id: g, type: test.Give}]
${log("after", '"{{ outputs.lp.outputs[0].outputs.p }} {{ outputs.lp.outputs[0].outputs.o }} {{ outputs.g.uri }} {{ outputs.g.x.uri }}"')}`,
    ),
    issues: ["7:54 unknown_output", "11:18 unknown_output", "11:94 no_loop_value"],
  },
  {
    it: "outputs of a Loop that declares none",
    source: around("Loop, values: [x], tasks: [GIVE]", "{{ outputs.b.outputs }}"),
    issues: ["7:18 unknown_output"],
  },
  {
    it: "the item of a Loop in a ForEach",
    source: flow(
      `  - id: e\n    type: ${FLOW}.ForEach\n    values: [x]\n    tasks:\n${log("a", '"{{ item.value }} {{ taskrun.value }}"').replaceAll(/^/gm, "    ").trimEnd()}\n`,
    ),
    issues: ["10:22 no_loop_value"],
  },
  {
    it: "a value that only the block around has, and the other way round",
    source: flow(
      `  - id: e
    type: ${FLOW}.ForEach
    values: [x]
    tasks:
      - id: r
        type: io.kestra.plugin.core.log.Log
        message: "{{ parent.taskrun.value }} {{ parents[0].taskrun.value }}"
      - id: s
        type: ${FLOW}.Sequential
        tasks:
          - id: t
            type: io.kestra.plugin.core.log.Log
            message: "{{ taskrun.value }} {{ parent.taskrun.value }}"
      - id: w
        type: ${FLOW}.WorkingDirectory
        tasks:
          - id: u
            type: io.kestra.plugin.core.log.Log
            message: "{{ taskrun.value }}"
    errors:
      - id: v
        type: io.kestra.plugin.core.log.Log
        message: "{{ taskrun.value }}"
`,
    ),
    issues: ["10:22 no_loop_value", "10:49 no_loop_value", "16:26 no_loop_value", "26:22 no_loop_value"],
  },
  {
    it: "values of the loop around a ForEachItem: tasks in it render what it splits and gives",
    source: flow(
      `  - id: e
    type: ${FLOW}.ForEach
    values: [x]
    tasks:
      - id: i
        type: ${FLOW}.ForEachItem
        items: "{{ [parent.taskrun.value, taskrun.value] }}"
        runIf: "{{ [taskrun.value, parent.taskrun.value] }}"
        namespace: a
        flowId: b
        inputs:
          c: "{{ [parent.taskrun.value, taskrun.value] }}"
`,
    ),
    issues: ["10:43 no_loop_value", "11:36 no_loop_value", "15:41 no_loop_value"],
  },
  {
    it: "blocks around that there are none of",
    source: flow(
      log(
        "a",
        '"{{ parent.taskrun.value }} {{ parents[0].outputs }} {{ parent }} {{ parents }} {{ parent ?? 1 }}"',
      ),
    ),
    issues: ["6:18 no_loop_value", "6:45 no_loop_value", "6:70 no_loop_value"],
  },
  {
    it: "outputs of the block around, where it has some",
    source: flow(
      `  - id: i\n    type: ${FLOW}.If\n    condition: 1\n    then:\n${log("a", '"{{ parent.outputs.evaluationResult }} {{ parent.taskrun.value }}"').replaceAll(/^/gm, "    ").trimEnd()}\n`,
    ),
    issues: ["10:60 no_loop_value"],
  },
];
