const ended = {
  SUCCESS: "It ended well.",
  WARNING: "It ended, and somebody should look at it.",
  FAILED: "It failed.",
  KILLED: "It was killed.",
};

const running = {
  CREATED: "It has not begun.",
  RUNNING: "It is running.",
  PAUSED: "It waits until somebody, or a time, lets it go on.",
  RETRYING: "It failed, and will be tried again.",
  BREAKPOINT: "It stopped at a breakpoint.",
  RESTARTED: "It goes on from what was carried, or after a restart, and has not begun.",
  KILLING: "It is being killed: what runs in it is told to stop.",
  CANCELLED: "It was ended before it began, or by the rules of its flow.",
};

/** What the values of enums mean. SQL cannot comment on them one by one. */
export const valueDescriptions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ExecutionState: {
    ...running,
    ...ended,
    QUEUED: "It waits for room: its flow limits how many run at once.",
    RETRIED: "It failed, and another execution was made in its place.",
  },
  TaskRunState: {
    ...running,
    ...ended,
    RETRIED: "It failed, and its execution is retried as a new one.",
    SKIPPED: "It was passed over: its runIf said so.",
  },
  AttemptState: {
    ...ended,
    RUNNING: "A worker has it, or what is in the block is running.",
    CANCELLED: "Its execution was ended by the rules of its flow.",
    RETRIED: "Its execution is retried as a new one.",
    SKIPPED: "It was passed over: its runIf said so.",
    RESUBMITTED: "Its worker was lost, and another attempt took its place.",
  },
  WaitKind: {
    HELD: "Somebody has paused it as a whole.",
    BREAKPOINT: "It stands before a task at which it was told to stop.",
    PAUSE: "A Pause in it waits.",
    SLOT: "Its flow runs no more at once.",
  },
  WorkerState: {
    RUNNING: "It takes work.",
    STOPPED: "It went by itself.",
    LOST: "It was found dead by another.",
  },
  LogLevel: {
    TRACE: "Every step.",
    DEBUG: "For whoever looks for a fault.",
    INFO: "What happens.",
    WARN: "What may be wrong.",
    ERROR: "What is wrong.",
  },
  MetricType: {
    COUNTER: "How many, added up within an attempt.",
    TIMER: "How long, in milliseconds, added up within an attempt.",
    GAUGE: "How much; the last value.",
  },
  ReplayMode: {
    DOWNSTREAM: "Everything that stands behind the anchors runs again.",
    AFFECTED: "Only what can come out different runs again.",
  },
  Disposition: {
    RERUN: "It runs again.",
    CARRIED: "It is kept as it ended.",
    CARRIED_CHANGED: "It is kept, though what it was made from has changed.",
    CARRIED_FAILED: "It is kept as failed, and fails the execution again.",
    NEW: "There is nothing to carry: it runs first.",
    REMOVED: "The target revision has no such task.",
    UNKNOWN: "That is decided at run time.",
    REOPENED: "A block around an anchor: it goes on.",
    RERUN_UNLESS_EQUAL: "It runs again only if what it reads comes out different.",
    NOT_REACHED: "It cannot run.",
  },
  TaskKind: {
    RUNNABLE: "A worker runs it.",
    SEQUENTIAL: "A block: its tasks run one after the other.",
    PARALLEL: "A block: its tasks run at the same time.",
    DAG: "A block: its tasks run in the order of what they depend on.",
    IF: "A block: a condition decides which of its tasks run.",
    SWITCH: "A block: a value decides which of its tasks run.",
    FOR_EACH: "A block: its tasks run once for each value.",
    FOR_EACH_ITEM: "A block: a flow runs once for each batch of a file.",
    LOOP_UNTIL: "A block: its tasks run again until a condition holds.",
    ALLOW_FAILURE: "A block: a failure in it only warns.",
    WORKING_DIRECTORY: "A block: its tasks share a folder.",
    PAUSE: "It waits until somebody, or a time, lets it go on.",
    SUBFLOW: "It runs another flow.",
    DEFAULTS: "The system step that renders input defaults before the first task.",
    OUTPUTS: "The system step that renders flow outputs after the last task.",
    LOOP_OUTPUTS: "The system step that renders what an iteration of a Loop gives, at its end.",
  },
};
