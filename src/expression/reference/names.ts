import type { Entries } from "./entry.ts";

/** The names that templates see. */
export const nameEntries: Entries = {
  inputs: {
    summary: "The inputs of the execution, with defaults for those that were not given.",
    examples: [["{{ inputs.person.born }}", "1906"]],
  },
  outputs: {
    summary:
      "What the tasks have given, by their ids. What ran in a ForEach stands under the value of its iteration, and of those around it.",
    examples: [
      ["{{ outputs.load.size }}", "12"],
      ["{{ outputs.shape['x']['a'].value }}", "A"],
    ],
  },
  vars: {
    summary: "The `variables` of the flow. What is a template in them is rendered by `render`.",
    examples: [["{{ render(vars.greeting) }}", "Hello Ada"]],
  },
  labels: {
    summary:
      "The labels of the execution. A dot in a label nests: `team.name` is read as `labels.team.name`.",
    examples: [["{{ labels.team }}", "rides"]],
  },
  flow: {
    summary: "The flow: `id`, `namespace`, `revision`, `tenantId` (there is one tenant, `main`).",
    examples: [["{{ flow.namespace }}.{{ flow.id }}", "company.team.rides"]],
  },
  task: { summary: "The task: `id`, `type`.", examples: [["{{ task.id }}", "say"]] },
  taskrun: {
    summary:
      "The task run: `id`, `startDate`, `attemptsCount` (from 0), in a block `parentId`, the task run of that, and in a loop `value`, a text, and `iteration` (from 0; in a LoopUntil it alone). " +
      "In what a ForEachItem starts its flow with, `items` is the URI of the batch.",
    examples: [["{{ taskrun.value }} {{ taskrun.iteration }} {{ taskrun.attemptsCount }}", "b 1 0"]],
  },
  execution: {
    summary:
      "The execution: `id`, `startDate`, `state`, `originalId` (of a replay, the first of its line). In `afterExecution` the state is the last one, and " +
      "`outputs` are those of the flow.",
    examples: [["{{ execution.startDate | date('yyyy-MM-dd') }}", "2024-09-06"]],
  },
  tasks: {
    summary:
      "The states of the tasks, by their ids, and in loops by value, as `outputs` are. The value of the innermost loop alone, or none for what stands " +
      "deeper in a loop, gives the state in the iteration that the task is in, or else in the last.",
    examples: [["{{ tasks.load.state }}", "SUCCESS"]],
  },
  parent: {
    summary:
      "The block around the task that has a value or outputs: `taskrun`, with the `value` of its iteration, and `outputs`.",
    examples: [["{{ parent.taskrun.value }}", "x"]],
  },
  parents: {
    summary: "All such blocks around the task, the nearest first.",
    examples: [["{{ parents[0].taskrun.value }}", "x"]],
  },
  item: {
    summary:
      "The iteration of the Loop around: its `value`, a text, its `index` from 0, over a map its `key`; in a Loop that stands in another, that of the other as " +
      "`parent`, and those of all around as `parents`, the outermost first.",
    examples: [["{{ item.index }} {{ item.key }} {{ item.value }} {{ item.parent.value }}", "1 two 2 x"]],
  },
  trigger: {
    summary:
      "Of an execution that another one started: `executionId`, `namespace`, `flowId` and `flowRevision` of that, the `taskRunId` and the `taskId` that did, and in a " +
      "loop or behind a ForEachItem `taskRunIteration` and `taskRunValue`; of a ForEachItem `taskRunOutputs.numberOfBatches`, too. It is not there in others: triggers do not run yet.",
    examples: [["{{ trigger.flowId ?? 'by hand' }}", "all_rides"]],
  },
  envs: {
    summary:
      "The environment variables of the worker that start with `ENV_`, by the rest of their names in small letters.",
    examples: [["{{ envs.region }}", "eu"]],
  },
  kestra: {
    summary: "`environment` and `url`, which are null here.",
    examples: [["{{ kestra.url ?? 'none' }}", "none"]],
  },
  globals: {
    summary: "An empty map here: Kestra's variables that are set for all flows.",
    examples: [["{{ globals.team ?? 'none' }}", "none"]],
  },
};
