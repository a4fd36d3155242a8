import ora, { type Ora } from "ora";
import { durationText } from "../present/figure-text.ts";
import { paintError } from "../present/paint.ts";
import type { ExecutionDocument, TaskRunDocument } from "../read/read-execution.ts";

/** A picture of a running execution on stderr that moves while somebody looks. */
export interface LiveView extends Disposable {
  show(execution: ExecutionDocument, taskRuns: readonly TaskRunDocument[]): void;
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
  taskRuns: readonly TaskRunDocument[],
  sinceMs: number,
): string {
  const age = durationText((execution.durationMs ?? 0) + (execution.startedAt === null ? 0 : sinceMs));
  const head = `${execution.namespace}.${execution.flowId} ${execution.state} ${age}`;
  const width = Math.max(0, ...taskRuns.map(({ taskId }) => taskId.length));
  return [head, ...taskRuns.map((run) => `  ${taskLine(run, width, sinceMs)}`)].join("\n");
}

/** One task run in one line: `▸ to_parquet  attempt 2  62% Writing rows  3.2 s`. */
export function taskLine(run: TaskRunDocument, width: number, sinceMs = 0): string {
  const name = run.taskId.padEnd(width);
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

function progressText({ progress, progressNote }: TaskRunDocument): string {
  const percent = progress === null ? "" : `${Math.floor(progress * 100)}%`;
  return [percent, progressNote ?? ""].filter((part) => part !== "").join(" ");
}

function symbolOf({ state }: TaskRunDocument): string {
  if (state === "SUCCESS") return "✓";
  if (state === "FAILED" || state === "KILLED") return "✗";
  if (state === "WARNING") return "!";
  return state === "RUNNING" ? "▸" : "·";
}

function colourOf({ state }: TaskRunDocument): "green" | "red" | "yellow" | "cyan" | "dim" {
  if (state === "SUCCESS") return "green";
  if (state === "FAILED" || state === "KILLED") return "red";
  if (state === "WARNING" || state === "RETRYING") return "yellow";
  return state === "RUNNING" ? "cyan" : "dim";
}
