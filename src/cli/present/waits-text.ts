import type { WaitDocument } from "../read/read-waits.ts";
import { asCalled } from "./as-called.ts";
import { askedText, givenText } from "./asked-text.ts";
import { countText, timeText } from "./figure-text.ts";
import { paint } from "./paint.ts";
import { runName } from "./run-name.ts";

/** What an execution waits for, and the commands that let it go on. */
export function waitsText(executionId: string, waits: readonly WaitDocument[]): string[] {
  return waits.flatMap((wait, index) => {
    const [said, ...rest] = linesOf(executionId, wait, index === 0);
    return [`${paint("yellow", "⏸")} ${said}`, ...rest.map((line) => `  ${line}`)];
  });
}

function linesOf(executionId: string, wait: WaitDocument, isFirst: boolean): string[] {
  const since = wait.since === null ? "" : ` since ${timeText(wait.since)}`;
  const asked = wait.inputs ?? [];
  const resume = `Go on: reprise execution resume ${executionId}`;
  switch (wait.kind) {
    case "HELD":
      return [`Somebody has paused it${since}.`, asCalled(resume)];
    case "BREAKPOINT":
      return [`It stands at a breakpoint before ${placeOf(wait)}${since}.`, asCalled(resume)];
    case "PAUSE":
      return [
        `${placeOf(wait)} waits${since}, ${untilOf(wait)}.`,
        ...(asked.length === 0 ? [] : [askedText(asked)]),
        asCalled(`${resume}${isFirst ? "" : ` --task-run ${wait.taskRunId}`}${givenText(asked)}`),
      ];
    case "SLOT":
      return [
        `It waits for a slot of its flow${since}: ${limitOf(wait)}, and ${aheadOf(wait)}.`,
        asCalled(`Start it now all the same: reprise execution unqueue ${executionId}`),
      ];
  }
}

function placeOf({ taskId, iterationPath }: WaitDocument): string {
  return runName(String(taskId), iterationPath);
}

const endings: Readonly<Record<string, string>> = {
  SUCCESS: "goes on",
  WARNING: "goes on with a warning",
  FAILED: "fails",
  CANCELLED: "cancels the execution",
};

function untilOf({ dueAt, ending }: WaitDocument): string {
  if (dueAt === null) return "until somebody resumes it";
  return `until ${timeText(dueAt)}, when it ${endings[ending ?? "SUCCESS"]}`;
}

function limitOf({ concurrencyLimit }: WaitDocument): string {
  if (concurrencyLimit === null) return "that has no limit any more";
  return `no more than ${countText(concurrencyLimit, "execution")} of that may run at once`;
}

function aheadOf({ ahead }: WaitDocument): string {
  if (ahead === null || ahead === 0) return "it is the next";
  return ahead === 1 ? "1 waits before it" : `${ahead} wait before it`;
}
