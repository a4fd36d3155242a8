/** What neither SQL nor PostGraphile describes, or what they describe too generally: by TYPE.FIELD. */
export const fieldDescriptions: Readonly<Record<string, string>> = {
  "Attempt.execution": "The execution in which it ran.",
  "Attempt.logs": "What it said. Still there when its execution was purged and a replay counts it.",
  "Attempt.revision": "The revision that it ran on.",
  "Attempt.taskRun": "The task run that it was made for.",
  "Attempt.worker": "The worker that holds or held it.",
  "Execution.inputFiles": "The files that it was given as inputs.",
  "Execution.files": "The files that its task runs name, carried ones too.",
  "Execution.flow": "Its flow; empty when that was deleted.",
  "Execution.metrics": "What its tasks measured, with what the attempts measured that it carries.",
  "Execution.logs": "What its tasks and the engine said, with what the attempts said that it carries.",
  "Execution.original": "The execution that it replays; empty when it is no replay, or when that was purged.",
  "Execution.parent":
    "The execution that started it, by a Subflow or a ForEachItem; empty when that was purged.",
  "Execution.parentTaskRun": "The task run that started it, of a Subflow or a ForEachItem.",
  "Execution.replays": "The executions that replay it.",
  "Execution.retriedAs": "The execution that a retry has created in its place: of one that is RETRIED.",
  "Execution.revision": "The revision of its flow that it runs on.",
  "Execution.root":
    "The first original of its line of replays: itself when it is no replay. Empty when that was purged.",
  "Execution.taskRuns": "Its task runs, carried ones too.",
  "Execution.waits": "What it waits for while it is PAUSED, at a BREAKPOINT or QUEUED.",
  "File.execution": "The execution of that task run.",
  "File.taskRun": "The task run that names it.",
  "Flow.executions": "Its executions, on any revision.",
  "Flow.latest": "Its newest revision.",
  "Flow.revisions": "Its revisions.",
  "FlowRevision.executions": "The executions on this revision.",
  "FlowRevision.flow": "Its flow; empty when that was deleted.",
  "InputFile.execution": "The execution that has it.",
  "Log.attempt": "The attempt that said it.",
  "Log.execution": "The execution that shows it; empty where that was purged.",
  "Metric.attempt": "The attempt that measured it.",
  "Metric.execution": "The execution that shows it.",
  "Metric.taskRun": "The task run of this execution that measured it, or carries the attempt that did.",
  "Log.taskRun": "The task run of this execution that said it, or carries the attempt that did.",
  "Query.execution": "One execution; empty when there is none with this id.",
  "Query.executions": "Executions, of all flows.",
  "Query.flow": "One flow; empty when there is none, or when it was deleted.",
  "Query.flowRevision": "One revision of a flow, also of a deleted one; empty when there is none.",
  "Query.flows": "Flows.",
  "Query.taskRun": "One task run; empty when there is none with this id.",
  "Query.worker": "One worker; empty when there is none with this id.",
  "Query.workers": "Worker processes, living and gone.",
  "Task.flowRevision": "Its revision.",
  "TaskRun.childExecutions":
    "The executions that it has started, where it is a Subflow or the second task of a ForEachItem: one for each attempt, or for each batch.",
  "TaskRun.children": "The task runs inside it, when it is a block.",
  "TaskRun.execution": "Its execution.",
  "TaskRun.files": "The files that its outputs name.",
  "TaskRun.metrics": "What its attempts measured, or what the attempt measured that it carries.",
  "TaskRun.logs": "What its attempts said, or what the attempt said that it carries.",
  "TaskRun.original": "The task run of the original execution that it carries or runs again.",
  "TaskRun.parent": "The task run of the block it stands in.",
  "TaskRun.shownAttempt": "The attempt whose outputs it shows: the carried one, else its own last.",
  "TaskRun.task": "Its task, on the revision of its execution.",
  "Wait.execution": "The execution that waits.",
  "Wait.taskRun": "The Pause that waits, or what stands at the breakpoint.",
};

/** Arguments mean the same wherever they stand. Those of SQL functions cannot be commented on in SQL. */
export const argumentDescriptions: Readonly<Record<string, string>> = {
  id: "The id.",
  namespace: "The namespace of the flow.",
  flowId: "The id of the flow.",
  revision: "The number of the revision.",
  executionId: "The execution to replay.",
  anchors:
    'Where to start: start, failed, auto, the id of a task run, task:ID, or task:ID["VALUE", …] inside loops; several at once.',
  mode: "Whether everything behind the anchors runs again (the default), or only what can come out different.",
  inputs: "Inputs to change, laid over the original's.",
  overrides:
    'Outputs to give to carried tasks: {"TASK": {outputs}}; inside of loops of every iteration, or of one: TASK["VALUE", …].',
  breakpoints:
    'The tasks before which the replay is to stop: TASK, or TASK["VALUE", …] inside loops; the plan warns of those where it would not.',
};

/** Arguments of lists, which PostGraphile describes too generally. */
export const listArgumentDescriptions: Readonly<Record<string, string>> = {
  condition: "What to narrow the list by; all that is given must hold.",
  orderBy: "What to order by; where entries are equal, by what comes next.",
  after: "Only what stands behind this cursor.",
  before: "Only what stands in front of this cursor.",
};

/** Where an argument means something of its own: by TYPE.FIELD.ARGUMENT. */
export const ownArgumentDescriptions: Readonly<Record<string, string>> = {
  "Query.flow.id": "The id of the flow.",
  "Query.replayPlan.revision":
    "The revision to run on: original, latest, or a number. The original's unless told.",
};

export const typeDescriptions: Readonly<Record<string, string>> = {
  Query: "What can be read.",
  Mutation: "What can be done.",
  Subscription: "What can be followed.",
  ExecutionCondition: "What to narrow a list of executions by; all that is given must hold.",
  FlowCondition: "What to narrow a list of flows by; all that is given must hold.",
  MetricCondition: "What to narrow a list of metrics by; all that is given must hold.",
  LogCondition: "What to narrow a list of log lines by; all that is given must hold.",
  TaskRunCondition: "What to narrow a list of task runs by; all that is given must hold.",
};
