import type { AttemptDocument, ExecutionDocument, TaskRunDocument } from "../read/read-execution.ts";
import { durationText } from "./figure-text.ts";
import { paint, terminalWidth } from "./paint.ts";
import { runName } from "./run-name.ts";

/** One row of a Gantt chart: a task run with its attempts. */
export interface GanttRow {
  taskId: string;
  iterationPath: string[] | null;
  state: string;
  isCarried: boolean;
  /** Carried, with other outputs than it had. */
  isOverridden: boolean;
  attemptNumber: number;
  /** For a carried one: how long the attempt that it shows had taken; nothing for a block, whose time is that of what is in it. */
  durationMs: number | null;
  /** The attempts of this execution; offsets count from its start. */
  attempts: { number: number; state: string; startMs: number; durationMs: number }[];
  /** The attempts in earlier executions. */
  earlier: { number: number; state: string; executionId: string; flowRevision: number }[];
}

/** Puts task runs and their attempts on the clock of their execution. */
export function ganttRows(
  execution: ExecutionDocument,
  taskRuns: readonly TaskRunDocument[],
  attempts: readonly AttemptDocument[],
): GanttRow[] {
  const start = startOf(execution);
  return taskRuns.map((run) => {
    const mine = attempts.filter(({ shownByTaskRunId }) => shownByTaskRunId === run.id);
    const own = mine.filter(
      ({ executionId, overriddenBy }) => executionId === execution.id && overriddenBy === null,
    );
    return {
      taskId: run.taskId,
      iterationPath: run.iterationPath,
      state: run.state,
      isCarried: run.isCarried,
      isOverridden: run.isOverridden,
      attemptNumber: run.attemptNumber,
      durationMs: run.isCarried && isBlock(run) ? null : run.durationMs,
      attempts: (own.length === 0 ? asAttempts(run) : own).map((attempt) => ({
        number: attempt.number,
        state: attempt.state,
        startMs: attempt.startedAt.getTime() - start,
        durationMs: attempt.durationMs ?? 0,
      })),
      earlier: mine
        .filter(({ executionId }) => executionId !== execution.id)
        .map(({ number, state, executionId, flowRevision }) => ({
          number,
          state,
          executionId,
          flowRevision,
        })),
    };
  });
}

function isBlock({ taskKind }: TaskRunDocument): boolean {
  return taskKind !== "RUNNABLE" && taskKind !== "SUBFLOW";
}

/** A block that was opened again has gone on in this execution with no attempt of its own. */
function asAttempts({ isReopened, startedAt, ...run }: TaskRunDocument) {
  return isReopened && startedAt !== null ? [{ ...run, number: run.attemptNumber, startedAt }] : [];
}

function startOf(execution: ExecutionDocument): number {
  return (execution.startedAt ?? execution.createdAt).getTime();
}

const marks: Readonly<
  Record<string, { mark: string; colour: "green" | "red" | "yellow" | "cyan" | "gray" }>
> = {
  SUCCESS: { mark: "█", colour: "green" },
  WARNING: { mark: "▓", colour: "yellow" },
  FAILED: { mark: "▒", colour: "red" },
  KILLED: { mark: "▒", colour: "red" },
  RESUBMITTED: { mark: "░", colour: "gray" },
  RUNNING: { mark: "▓", colour: "cyan" },
};

/** Draws the rows for a terminal. Carried ones have no bar: they took no time of this execution. */
export function ganttText(
  execution: ExecutionDocument,
  rows: readonly GanttRow[],
  width = terminalWidth(),
): string {
  const labels = rows.map(({ taskId, iterationPath }) => runName(taskId, iterationPath));
  const names = Math.max(4, ...labels.map((label) => label.length));
  const states = Math.max(7, ...rows.map(({ state }) => state.length));
  const room = Math.min(60, Math.max(20, width - names - states - 24));
  const whole = Math.max(1, execution.durationMs ?? 0);
  return rows
    .map((row, index) => {
      const state = paint(marks[row.state]?.colour ?? "gray", row.state.padEnd(states));
      const bar = row.isCarried ? carriedBar(row, room) : bars(row, whole, room);
      const isSaved = row.isCarried && !row.isOverridden && row.durationMs !== null;
      const time = durationText(row.durationMs) + (isSaved ? " saved" : "");
      return `${(labels[index] ?? "").padEnd(names)}  ${state}  #${String(row.attemptNumber).padEnd(2)} ${bar}  ${time}`.trimEnd();
    })
    .join("\n");
}

function carriedBar({ earlier, isOverridden }: GanttRow, room: number): string {
  const from = earlier.at(-1);
  const what = isOverridden ? "overridden" : "carried";
  const text =
    from === undefined ? `◇ ${what}` : `◇ ${what}, attempt ${from.number} of revision ${from.flowRevision}`;
  return paint("dim", text.slice(0, room).padEnd(room, " "));
}

function bars({ attempts }: GanttRow, whole: number, room: number): string {
  const cells: string[] = Array.from({ length: room }, () => paint("dim", "·"));
  for (const { state, startMs, durationMs } of attempts) {
    const { mark, colour } = marks[state] ?? { mark: "█", colour: "gray" };
    const first = Math.min(room - 1, Math.max(0, Math.floor((startMs / whole) * room)));
    const last = Math.min(room - 1, Math.max(first, Math.ceil(((startMs + durationMs) / whole) * room) - 1));
    cells.fill(paint(colour, mark), first, last + 1);
  }
  return cells.join("");
}
