import type {} from "postgraphile";
import { pgSmartTags } from "postgraphile/utils";

interface View {
  /** The columns that tell its rows apart. */
  key: string;
  /** Others that do, for relations to refer to. */
  unique?: string;
  /** Columns that may be empty; all others always have a value. */
  nullable: readonly string[];
  /** Columns that relations and conditions need and nobody should see. */
  hidden?: readonly string[];
  /** `(columns) references view (columns)` and the names of the field on this side and on the other; `-` for none. */
  relations?: readonly (readonly [reference: string, field: string, foreignField: string])[];
  behavior: string;
}

/** Found by key and listed. */
const listed = "";
/** Found by key. */
const single = "-query:resource:connection";
/** Reached from others only. */
const reached = "-query:resource:single -query:resource:connection";

const revision = "references reprise_api.flow_revisions (namespace, flow_id, revision)";
const execution = "references reprise_api.executions (id)";

/** What Postgres does not know of views: keys, relations, and which columns are never empty. */
export const views: Readonly<Record<string, View>> = {
  flows: {
    key: "namespace,id",
    nullable: ["description", "labels"],
    relations: [[`(namespace, id, latest_revision) ${revision}`, "latest", "-"]],
    behavior: listed,
  },
  flow_revisions: {
    key: "namespace,flow_id,revision",
    nullable: ["description", "labels", "variables", "inputs", "outputs", "message"],
    relations: [["(namespace, flow_id) references reprise_api.flows (namespace, id)", "flow", "revisions"]],
    behavior: single,
  },
  tasks: {
    key: "namespace,flow_id,revision,id",
    unique: "key",
    nullable: ["parent_id", "retry"],
    hidden: ["key"],
    relations: [[`(namespace, flow_id, revision) ${revision}`, "flowRevision", "-"]],
    behavior: reached,
  },
  executions: {
    key: "id",
    nullable: [
      ...["trigger", "outputs", "error", "note", "schedule_date", "started_at", "ended_at", "duration_ms"],
      ...[
        "original_id",
        "root_key",
        "anchors",
        "saved_ms",
        "parent_task_run_id",
        "parent_id",
        "queued_at",
        "deadline_at",
        "retry_at",
        "retried_as_id",
      ],
    ],
    hidden: ["own_labels", "root_key", "anchors", "state_history"],
    relations: [
      ["(namespace, flow_id) references reprise_api.flows (namespace, id)", "flow", "executions"],
      [`(namespace, flow_id, flow_revision) ${revision}`, "revision", "executions"],
      [`(original_id) ${execution}`, "original", "replays"],
      [`(root_id) ${execution}`, "root", "-"],
      ["(parent_task_run_id) references reprise_api.task_runs (id)", "parentTaskRun", "childExecutions"],
      [`(parent_id) ${execution}`, "parent", "-"],
      [`(retried_as_id) ${execution}`, "retriedAs", "-"],
    ],
    behavior: listed,
  },
  task_runs: {
    key: "id",
    unique: "execution_id,id",
    nullable: [
      ...["iteration", "iteration_path", "parent_id", "original_id", "shown_attempt_id", "outputs", "error"],
      ...["progress", "progress_note", "started_at", "ended_at", "duration_ms", "retry_at"],
    ],
    hidden: ["task_key", "shown_attempt_id", "state_history"],
    relations: [
      [`(execution_id) ${execution}`, "execution", "taskRuns"],
      ["(task_key) references reprise_api.tasks (key)", "task", "-"],
      ["(parent_id) references reprise_api.task_runs (id)", "parent", "children"],
      ["(original_id) references reprise_api.task_runs (id)", "original", "-"],
      ["(shown_attempt_id) references reprise_api.attempts (id)", "shownAttempt", "-"],
    ],
    behavior: single,
  },
  attempts: {
    key: "id",
    nullable: ["ended_at", "progress", "progress_note", "outputs", "error", "overridden_by", "worker_id"],
    hidden: ["namespace", "flow_id"],
    relations: [
      [`(execution_id) ${execution}`, "execution", "-"],
      [`(namespace, flow_id, flow_revision) ${revision}`, "revision", "-"],
      ["(task_run_id) references reprise_api.task_runs (id)", "taskRun", "-"],
      ["(worker_id) references reprise_api.workers (id)", "worker", "-"],
    ],
    behavior: reached,
  },
  logs: {
    // Within whatever they are reached from. A line is shown by every execution that carries it.
    key: "id",
    nullable: [
      ...[
        "execution_id",
        "task_run_id",
        "task_id",
        "system_step",
        "attempt_id",
        "attempt_number",
        "attempt_key",
      ],
    ],
    hidden: ["attempt_key"],
    relations: [
      [`(execution_id) ${execution}`, "execution", "logs"],
      // By the execution too: that is what lines have an index by.
      ["(execution_id, task_run_id) references reprise_api.task_runs (execution_id, id)", "taskRun", "logs"],
      ["(attempt_id) references reprise_api.attempts (id)", "attempt", "-"],
      ["(attempt_key) references reprise_api.attempts (id)", "-", "logs"],
    ],
    behavior: reached,
  },
  files: {
    key: "task_run_id,id",
    nullable: [],
    relations: [
      [`(execution_id) ${execution}`, "execution", "files"],
      ["(task_run_id) references reprise_api.task_runs (id)", "taskRun", "files"],
    ],
    behavior: reached,
  },
  metrics: {
    // A metric is shown by every execution that carries it.
    key: "task_run_id,id",
    nullable: ["description"],
    relations: [
      [`(execution_id) ${execution}`, "execution", "metrics"],
      [
        "(execution_id, task_run_id) references reprise_api.task_runs (execution_id, id)",
        "taskRun",
        "metrics",
      ],
      ["(attempt_id) references reprise_api.attempts (id)", "attempt", "-"],
    ],
    behavior: reached,
  },
  input_files: {
    key: "execution_id,id",
    nullable: [],
    relations: [[`(execution_id) ${execution}`, "execution", "inputFiles"]],
    behavior: reached,
  },
  waits: {
    key: "id",
    nullable: [
      ...["task_run_id", "task_id", "iteration_path", "since", "due_at", "ending", "inputs"],
      ...["concurrency_limit", "ahead"],
    ],
    relations: [
      [`(execution_id) ${execution}`, "execution", "waits"],
      ["(task_run_id) references reprise_api.task_runs (id)", "taskRun", "-"],
    ],
    behavior: reached,
  },
  workers: { key: "id", nullable: ["worker_group", "stopped_at"], behavior: listed },
};

/** Functions that are called from fields of our own only. */
const innerFunctions = ["list_attempts"];

/** Gives the views their keys, relations and never-empty columns. */
export const ViewsPlugin = pgSmartTags(
  [
    ...Object.entries(views).map(([name, view]) => ({
      kind: "class" as const,
      match: `reprise_api.${name}`,
      tags: {
        primaryKey: view.key,
        behavior: `-list ${view.behavior}`,
        ...(view.unique && { unique: `${view.unique}|@behavior -single` }),
        foreignKey: (view.relations ?? []).map(foreignKey),
      },
    })),
    ...innerFunctions.map((name) => ({
      kind: "procedure" as const,
      match: `reprise_api.${name}`,
      tags: { behavior: "-queryField" },
    })),
    {
      kind: "attribute" as const,
      match: (column: Column) => isView(column) && !viewOf(column)?.nullable.includes(column.attname),
      tags: { notNull: true },
    },
    {
      kind: "attribute" as const,
      match: (column: Column) => isView(column) && viewOf(column)?.hidden?.includes(column.attname) === true,
      tags: { behavior: "-attribute:select" },
    },
  ],
  null,
  { name: "ViewsPlugin", description: "Tells of views what Postgres does not know of them." },
);

function foreignKey([reference, field, foreignField]: readonly [string, string, string]): string {
  const forwards =
    field === "-" ? "@forwardBehavior -singularRelation:resource:single" : `@fieldName ${field}`;
  const backwards =
    foreignField === "-"
      ? "@backwardBehavior -manyRelation:resource:connection -singularRelation:resource:single"
      : `@foreignFieldName ${foreignField}`;
  return `${reference}|${forwards}|${backwards}`;
}

type Column = {
  attname: string;
  getClass(): { relname: string; getNamespace(): { nspname: string } | undefined } | undefined;
};

function isView(column: Column): boolean {
  return viewOf(column) !== undefined && column.getClass()?.getNamespace()?.nspname === "reprise_api";
}

function viewOf(column: Column): View | undefined {
  return views[column.getClass()?.relname ?? ""];
}
