import { writeJson } from "../../base/json.ts";
import type { BatchDocument } from "../read/read-batches.ts";
import {
  type ExecutionDocument,
  hasEnded,
  hasSucceeded,
  type TaskRunDocument,
} from "../read/read-execution.ts";
import type { WaitDocument } from "../read/read-waits.ts";
import { anchorsText } from "./anchors-text.ts";
import { asCalled } from "./as-called.ts";
import { childrenText } from "./children-text.ts";
import { durationText, timeText } from "./figure-text.ts";
import { paint, paintState } from "./paint.ts";
import { runName } from "./run-name.ts";
import { table } from "./table.ts";
import { waitsText } from "./waits-text.ts";

/** An execution in one line: `FAILED  company.team.hello r1  0199…  3.2 s`. */
export function executionLine(execution: ExecutionDocument): string {
  const { namespace, flowId, flowRevision, id, durationMs } = execution;
  const what = `${namespace}.${flowId} revision ${flowRevision}`;
  return [paintState(execution.state), what, id, durationText(durationMs)]
    .filter((part) => part !== "")
    .join("  ");
}

/** An execution for a person, with its task runs. */
export function executionText(
  execution: ExecutionDocument,
  taskRuns: readonly TaskRunDocument[],
  unreached: readonly string[],
  waits: readonly WaitDocument[],
  batches: readonly BatchDocument[] = [],
): string {
  const facts = factsOf(execution).filter(([, value]) => value !== "");
  const width = Math.max(...facts.map(([name]) => name.length));
  const rows = taskRuns.map((run) => [
    runName(run.taskId, run.iterationPath),
    paintState(run.state) + paint("magenta", howItCame(run)),
    run.attemptNumber,
    durationText(run.durationMs),
    run.id,
  ]);
  return [
    ...facts.map(([name, value]) => `${paint("dim", name.padEnd(width))}  ${value}`),
    "",
    table(
      ["TASK", "STATE", "ATTEMPT", "TIME", "TASK RUN"],
      [...rows, ...unreached.map((id) => [id, paint("dim", "not reached"), "", "", ""])],
    ),
    ...childrenText(taskRuns, batches),
    ...(waits.length > 0 ? ["", ...waitsText(execution.id, waits)] : []),
    ...errorsOf(execution, taskRuns),
    ...(hasEnded(execution) ? ["", paint("dim", nextStep(execution))] : []),
  ].join("\n");
}

/** What somebody has marked, and what a replay did with a task run that it did not run from its start. */
function howItCame(run: TaskRunDocument): string {
  const marked = markText(run);
  if (run.isReopened) return `${marked} reopened`;
  if (!run.isCarried) return marked;
  return run.isOverridden ? " overridden" : `${marked} carried`;
}

/** Who has marked it; what a replay carries is shown by its own execution. */
function markText(run: TaskRunDocument): string {
  if (run.markedBy !== null) return ` marked by ${run.markedBy}`;
  return isMarkedAsGood(run) ? " marked" : "";
}

/** Whether somebody has said that what failed shall have succeeded: the attempt stays as it was. */
function isMarkedAsGood({ state, error }: TaskRunDocument): boolean {
  return state === "SUCCESS" && error !== null;
}

function factsOf(execution: ExecutionDocument): [string, string][] {
  return [
    ["execution", execution.id],
    ["flow", `${execution.namespace}.${execution.flowId} revision ${execution.flowRevision}`],
    ["state", `${paintState(execution.state)}, attempt ${execution.attemptNumber}`],
    ["created", `${timeText(execution.createdAt)} by ${execution.createdBy}`],
    ["scheduled for", execution.scheduleDate === null ? "" : timeText(execution.scheduleDate)],
    ["took", durationText(execution.durationMs)],
    ["inputs", jsonText(execution.inputs)],
    [
      "labels",
      Object.entries(execution.labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(", "),
    ],
    ["outputs", jsonText(execution.outputs)],
    ["note", execution.note ?? ""],
    ["started by", execution.parentId ?? ""],
    ["retried as", execution.retriedAsId ?? timeText(execution.retryAt)],
    [
      "replays",
      execution.originalId === null ? "" : `${execution.originalId} from ${anchorsText(execution)}`,
    ],
    ["time saved", execution.originalId === null ? "" : durationText(execution.savedMs ?? 0)],
  ];
}

function jsonText(value: Record<string, unknown> | null): string {
  return value === null || Object.keys(value).length === 0 ? "" : writeJson(value);
}

/** Why it failed, task by task, each in at most so many letters: some errors quote the data that they met. */
export function errorsOf(
  execution: ExecutionDocument,
  taskRuns: readonly TaskRunDocument[],
  longest = Number.POSITIVE_INFINITY,
): string[] {
  const failed = taskRuns.filter((run) => !isMarkedAsGood(run));
  const said = failed.flatMap(({ taskId, iterationPath, error }) =>
    error === null ? [] : [`${runName(taskId, iterationPath)}: ${error.message}${ownWords(error.details)}`],
  );
  // An SLA that ends an execution is the error of what ran then, too.
  const isSaid = failed.some(({ error }) => error !== null && error.message === execution.error?.message);
  if (execution.error !== null && !isSaid) said.push(execution.error.message);
  const lines = said.map((text) => (text.length > longest ? `${text.slice(0, longest).trimEnd()} …` : text));
  return lines.length === 0 ? [] : ["", ...lines.map((line) => `${paint("red", "✗")} ${line}`)];
}

/** A Fail with a condition says that it had one; what its author says of it stands beside that. */
function ownWords(details: unknown): string {
  const { errorMessage } = (details ?? {}) as { errorMessage?: unknown };
  return typeof errorMessage === "string" ? `: ${errorMessage}` : "";
}

/** What one would want to do next with an execution that has ended. */
export function nextStep(execution: ExecutionDocument): string {
  return asCalled(stepsAfter(execution));
}

function stepsAfter(execution: ExecutionDocument): string {
  const replay = `reprise replay ${execution.id}`;
  if (hasSucceeded(execution)) return `Run any part of it again: ${replay} --from task:ID`;
  if (!refusals.includes(execution.error?.reason ?? ""))
    return `Mend it and replay: ${replay} --from failed --revision latest`;
  const [only = "NAME", ...others] = Object.keys(execution.inputs);
  return `Give other inputs: ${replay} --input ${others.length === 0 ? only : "NAME"}=VALUE`;
}

/** Where an execution was not let in with its inputs, there is nothing in it to go on from. */
const refusals: readonly string[] = ["execution_blocked", "check_failed", "invalid_inputs"];
