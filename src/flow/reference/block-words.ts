/** A block as the reference tells of it. */
export interface BlockWords {
  title: string;
  description: string;
  /** Its own properties, those inside with a dot. */
  properties: Readonly<Record<string, string>>;
  /** The properties of one task, without id and type. */
  example: string;
}

const say = `- {id: say, type: io.kestra.plugin.core.log.Log, message: Hello}`;
const tasks = `tasks:\n  ${say}`;
const shape = `- {id: shape, type: io.kestra.plugin.core.debug.Return, format: "shape {{ taskrun.value }}"}`;

const subflow = {
  namespace: "The namespace of the flow to start.",
  flowId: "The id of the flow to start.",
  revision: "Which revision; the latest if it is left out.",
  inputs: "What the flow takes, by the names of its inputs.",
  labels: "Labels for what is started: a map, or a list of `key` and `value`.",
  "labels.key": "The name of the label.",
  "labels.value": "What it says.",
  wait: "Whether the task ends when what it has started ends; else it ends at once.",
  transmitFailed: "Whether the task fails when what it has started fails.",
  inheritLabels: "Whether what is started has the labels of this execution, too.",
  scheduleDate: "When it is to start; at once if it is left out.",
  restartBehavior: "What a restart of this execution does: restart what has failed, or start anew.",
};

const each = {
  values: "What to go through: a list, or a template that gives one.",
  concurrencyLimit: "How many of them run at once; 0 for all.",
  tasks: "What is done for each. Templates read the value as `taskrun.value`, which is text.",
};

/** The blocks, by the last part of their types. */
export const blockWords: Readonly<Record<string, BlockWords>> = {
  Sequential: {
    title: "One after the other",
    description: "Runs tasks one after the other, as the flow itself does.",
    properties: { tasks: "The tasks." },
    example: tasks,
  },
  Parallel: {
    title: "At the same time",
    description: "Runs tasks at the same time.",
    properties: { tasks: "The tasks.", concurrent: "How many of them run at once; 0 for all." },
    example: `concurrent: 2\n${tasks}`,
  },
  Dag: {
    title: "As soon as what it depends on has ended",
    description: "Runs each task as soon as those have ended that it depends on.",
    properties: {
      tasks: "The tasks, each with what it depends on.",
      "tasks.task": "The task.",
      "tasks.dependsOn": "The ids of the tasks that have to end before.",
      concurrent: "How many of them run at once; 0 for all.",
    },
    example:
      "tasks:\n  - task: {id: one, type: io.kestra.plugin.core.log.Log, message: First}\n  - task: {id: two, type: io.kestra.plugin.core.log.Log, message: Then}\n    dependsOn: [one]",
  },
  If: {
    title: "If",
    description: "Runs some tasks where a condition holds, and others where it does not.",
    properties: {
      condition: "A template. Anything but `false`, `0`, `-0` and blank text is true.",
      // biome-ignore lint/suspicious/noThenProperty: the flow language calls the branch so.
      then: "The tasks where it is true.",
      else: "The tasks where it is not.",
    },
    example: `condition: "{{ inputs.count > 3 }}"\nthen:\n  ${say}`,
  },
  Switch: {
    title: "Switch",
    description: "Runs the tasks of the case that a value names.",
    properties: {
      value: "The value, mostly a template.",
      cases: "The tasks, by value.",
      defaults: "The tasks for every other value.",
    },
    example: `value: "{{ inputs.name }}"\ncases:\n  Ada:\n    ${say}\ndefaults:\n  ${say.replace("id: say", "id: other")}`,
  },
  ForEach: {
    title: "For each value",
    description: "Runs tasks for each of several values.",
    properties: each,
    example: `values: [1, 2, 3]\ntasks:\n  ${shape}`,
  },
  EachSequential: {
    title: "For each value, one after the other",
    description: "Runs tasks for each of several values, one after the other. `ForEach` does the same.",
    properties: { value: each.values, tasks: each.tasks },
    example: `value: "[1, 2]"\ntasks:\n  ${shape}`,
  },
  EachParallel: {
    title: "For each value, at the same time",
    description:
      "Runs tasks for each of several values, at the same time. `ForEach` with a `concurrencyLimit` of 0 does the same.",
    properties: { value: each.values, concurrent: each.concurrencyLimit, tasks: each.tasks },
    example: `value: "[1, 2]"\ntasks:\n  ${shape}`,
  },
  Loop: {
    title: "Loop",
    description:
      "Runs tasks for each of several values, or for each line of a file, and gives what each of them has come to.",
    properties: {
      ...each,
      values: "What to go through: a list, a map, the URI of a stored file, or a template that gives one.",
      tasks:
        "What is done for each. Templates read the value as `item.value`, and `taskrun.value`, which is text.",
      transmitFailed: "Whether the loop fails when an iteration has failed.",
      outputs: "What each iteration gives, from what its tasks have given.",
      fetchType:
        "Whether the outputs are a list (`FETCH`) or a file (`STORE`); `AUTO` asks what the values are.",
    },
    example: `values: [1, 2]\noutputs:\n  - {id: twice, type: INT, value: "{{ (item.value | number) * 2 }}"}\ntasks:\n  ${shape.replace("taskrun", "item")}`,
  },
  LoopUntil: {
    title: "Until something holds",
    description: "Runs tasks again and again until a condition holds.",
    properties: {
      condition: "A template. The loop ends when it gives anything but `false`, `0`, `-0` and blank text.",
      failOnMaxReached: "Whether it fails when it has run as often or as long as it may.",
      checkFrequency: "How often it runs.",
      "checkFrequency.interval": "How long is waited in between; a minute if it is left out.",
      "checkFrequency.maxIterations": "How often it runs at most.",
      "checkFrequency.maxDuration": "How long it runs at most.",
      tasks: "The tasks.",
    },
    example: `condition: "{{ outputs.ask.value == 'done' }}"\ncheckFrequency: {interval: PT1S, maxIterations: 3}\ntasks:\n  - {id: ask, type: io.kestra.plugin.core.debug.Return, format: done}`,
  },
  AllowFailure: {
    title: "Whether it fails or not",
    description:
      "Runs tasks one after the other. When one fails, the others are left out and the flow goes on.",
    properties: { tasks: "The tasks." },
    example: tasks,
  },
  WorkingDirectory: {
    title: "In one directory",
    description: "Runs tasks one after the other on one worker, in a directory that they share.",
    properties: {
      tasks: "The tasks. None of them can be a block.",
      inputFiles: "Files to write before, by name: their content, or the URI of a stored file.",
      outputFiles: "Which files to store at the end: patterns such as `out/*.csv`.",
      namespaceFiles: "Not supported yet.",
      cache: "Files that the next execution finds again.",
      "cache.patterns": "Which files.",
      "cache.ttl": "How long they are kept; for ever if it is left out.",
    },
    example: `inputFiles:\n  hello.txt: Hello\noutputFiles: ["*.txt"]\n${tasks}`,
  },
  Pause: {
    title: "Pause",
    description: "Waits until somebody resumes the execution, or for a time.",
    properties: {
      pauseDuration: "How long it waits; until it is resumed if it is left out.",
      delay: "The same, by its old name.",
      behavior: "What happens when the time is over: it goes on, with a warning, fails or is cancelled.",
      onPause: "A task that runs when the wait begins.",
      onResume: "What whoever resumes it is asked for. Templates read it as `outputs.id.onResume`.",
      tasks: "Tasks that run when it goes on.",
    },
    example:
      "pauseDuration: PT10M\nbehavior: FAIL\nonResume:\n  - {id: reason, type: STRING, required: false}",
  },
  Subflow: {
    title: "Start another flow",
    description: "Starts an execution of another flow, and gives its outputs.",
    properties: { ...subflow, outputs: "Templates that read the execution that was started." },
    example: 'namespace: company.team\nflowId: other\ninputs:\n  name: "{{ inputs.name }}"\nwait: true',
  },
  ForEachItem: {
    title: "Start a flow for each batch of a file",
    description: "Splits a file into batches of lines, and starts another flow for each of them.",
    properties: {
      ...subflow,
      items: "The URI of the file.",
      inputs: "What the flow takes. Templates read the URI of a batch as `taskrun.items`.",
      batch: "How the file is split: one line for each batch if it is left out.",
      "batch.rows": "How many lines a batch has.",
      "batch.bytes": "How big a batch is at most, as in `10MB`.",
      "batch.partitions": "How many batches there are.",
      "batch.separator": "What stands between two lines.",
      "batch.regexPattern": "Lines are put together by what the first group of this matches.",
    },
    example:
      'items: "{{ outputs.load.uri }}"\nbatch: {rows: 100}\nnamespace: company.team\nflowId: other\ninputs:\n  file: "{{ taskrun.items }}"',
  },
};

/** What holds where a property of a block is not given. */
export const blockDefaults: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  Parallel: { concurrent: 0 },
  Dag: { concurrent: 0 },
  ForEach: { concurrencyLimit: 1 },
  EachParallel: { concurrent: 0 },
  Loop: { concurrencyLimit: 1, transmitFailed: true, fetchType: "AUTO" },
  LoopUntil: { failOnMaxReached: false },
  Pause: { behavior: "RESUME" },
  Subflow: { wait: true, transmitFailed: true, inheritLabels: false, restartBehavior: "RETRY_FAILED" },
  ForEachItem: { wait: true, transmitFailed: true, inheritLabels: false, restartBehavior: "RETRY_FAILED" },
};

/** What blocks have in common. */
export const commonBlockWords: Readonly<Record<string, string>> = {
  errors: "What runs when a task in it has failed.",
  finally: "What runs at its end, well or badly; not where the execution is killed, or ended by an `Exit`.",
};
