import ora, { type Ora } from "ora";
import { durationText } from "../present/figure-text.ts";
import { paintError } from "../present/paint.ts";
import { runName } from "../present/run-name.ts";
import type { ExecutionDocument, TaskRunProgress } from "../read/read-execution.ts";

/** A picture of a running execution on stderr that moves while somebody looks. */
export interface LiveView extends Disposable {
  show(execution: ExecutionDocument, taskRuns: readonly TaskRunProgress[]): void;
  /** Lets something be written above it. */
  above(write: () => void): void;
}

const redrawMs = 200;

/** Opens the picture. Call it only where stderr is a terminal. */
export function openLiveView(): LiveView {
  const spinner: Ora = ora({ text: "Waiting", discardStdin: false }).start();
  let draw = () => "Waiting";
  const timer = setInterval(() => {
    spinner.text = draw();
  }, redrawMs);
  return {
    show(execution, taskRuns) {
      const seenAt = Date.now();
      draw = () => picture(execution, taskRuns, Date.now() - seenAt);
      spinner.text = draw();
    },
    above(write) {
      spinner.clear();
      write();
      spinner.render();
    },
    [Symbol.dispose]() {
      clearInterval(timer);
      spinner.stop();
    },
  };
}

function picture(
  execution: ExecutionDocument,
  taskRuns: readonly TaskRunProgress[],
  sinceMs: number,
): string {
  const age = durationText((execution.durationMs ?? 0) + (execution.startedAt === null ? 0 : sinceMs));
  const head = `${execution.namespace}.${execution.flowId} ${execution.state} ${age}`;
  const shown = pickTaskRuns(taskRuns, (process.stderr.rows || 24) - linesBeside);
  const width = Math.max(
    0,
    ...shown.map(({ taskId, iterationPath }) => runName(taskId, iterationPath).length),
  );
  const left = taskRuns.length - shown.length;
  return [
    head,
    ...(left > 0 ? [paintError("dim", `  … ${left} more`)] : []),
    ...shown.map((run) => `  ${taskLine(run, width, sinceMs)}`),
  ].join("\n");
}

/** The head, what is said of those left out, and the cursor's line. */
const linesBeside = 3;

/** Those that fit on the screen, in their order: what goes on before what has ended, and late ones before early ones. */
export function pickTaskRuns<T extends Pick<TaskRunProgress, "endedAt">>(
  taskRuns: readonly T[],
  room: number,
): T[] {
  if (taskRuns.length <= room) return [...taskRuns];
  const ended = taskRuns.filter(({ endedAt }) => endedAt !== null);
  const others = taskRuns.filter(({ endedAt }) => endedAt === null);
  const picked = new Set([...ended, ...others].slice(-Math.max(1, room)));
  return taskRuns.filter((run) => picked.has(run));
}

/** One task run in one line: `▸ to_parquet  attempt 2  62% Writing rows  3.2 s`. */
export function taskLine(run: TaskRunProgress, width: number, sinceMs = 0): string {
  const name = runName(run.taskId, run.iterationPath).padEnd(width);
  const isRunning = run.state === "RUNNING";
  const time = durationText(run.durationMs === null ? null : run.durationMs + (isRunning ? sinceMs : 0));
  if (run.isCarried)
    return paintError("dim", `◇ ${name}  ${run.isOverridden ? "overridden" : "carried"}  ${time}`);
  const about = [
    run.attemptNumber > 1 ? `attempt ${run.attemptNumber}` : "",
    isRunning ? progressText(run) : run.state,
    time,
  ];
  const text = `${symbolOf(run)} ${name}  ${about.filter((part) => part !== "").join("  ")}`;
  return paintError(colourOf(run), text);
}

function progressText({ progress, progressNote }: TaskRunProgress): string {
  const percent = progress === null ? "" : `${Math.floor(progress * 100)}%`;
  return [percent, progressNote ?? ""].filter((part) => part !== "").join(" ");
}

function symbolOf({ state }: TaskRunProgress): string {
  if (state === "SUCCESS") return "✓";
  if (state === "FAILED" || state === "KILLED" || state === "RETRIED") return "✗";
  if (state === "WARNING") return "!";
  return state === "RUNNING" ? "▸" : "·";
}

function colourOf({ state }: TaskRunProgress): "green" | "red" | "yellow" | "cyan" | "dim" {
  if (state === "SUCCESS") return "green";
  if (state === "FAILED" || state === "KILLED") return "red";
  if (state === "WARNING" || state === "RETRYING" || state === "RETRIED") return "yellow";
  return state === "RUNNING" ? "cyan" : "dim";
}
