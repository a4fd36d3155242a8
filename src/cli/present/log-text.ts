import type { LogDocument } from "../read/read-logs.ts";
import { clockText } from "./figure-text.ts";
import { paint } from "./paint.ts";

const colours = { TRACE: "gray", DEBUG: "gray", INFO: "cyan", WARN: "yellow", ERROR: "red" } as const;

/** A log line for a person. Lines of attempts that a replay carries say so. */
export function logText(line: LogDocument): string {
  const time = clockText(line.loggedAt);
  const who = line.taskId ?? (line.systemStep === null ? "engine" : line.systemStep.toLowerCase());
  const attempt = line.attemptNumber === null ? "" : `#${line.attemptNumber}`;
  const carried = line.isCarried ? paint("magenta", " carried") : "";
  return `${paint("dim", time)} ${paint(colours[line.level], line.level.padEnd(5))} ${who}${attempt}${carried}  ${withoutLinks(line.message)}`;
}

/** The engine's own lines link executions as Kestra's do, for a page to show. Here the flow and the id say as much. */
function withoutLinks(message: string): string {
  return message.replace(
    /\[\[link execution="([^"]*)" flowId="([^"]*)" namespace="([^"]*)"\]\]/g,
    (_, execution: string, flowId: string, namespace: string) => `${namespace}.${flowId} ${execution}`,
  );
}
