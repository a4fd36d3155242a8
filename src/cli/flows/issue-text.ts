import type { Issue } from "../../flow/issue.ts";
import { paint } from "../present/paint.ts";
import type { FlowSource } from "./flow-sources.ts";

/** An issue for a person: where, what, the line with a caret below the place, and what to do. */
export function issueText({ name, source }: FlowSource, issue: Issue): string {
  const isError = issue.severity === "ERROR";
  const kind = paint(isError ? "red" : "yellow", isError ? "error" : "warning");
  const number = String(issue.line);
  const gutter = " ".repeat(number.length);
  const { shown, caret } = excerpt(source.split("\n")[issue.line - 1] ?? "", issue.column);
  return [
    `${paint("bold", `${name}:${issue.line}:${issue.column}`)} ${kind} ${issue.message} ${paint("dim", `[${issue.reason}]`)}`,
    `  ${paint("dim", `${number} |`)} ${shown}`,
    `  ${paint("dim", `${gutter} |`)} ${" ".repeat(caret)}${paint(isError ? "red" : "yellow", "^")}`,
    ...(issue.hint === undefined ? [] : [`  ${paint("dim", `${gutter} = ${issue.hint}`)}`]),
  ].join("\n");
}

/** Lines can be very long; these many characters around the place are enough. */
const before = 60;
const after = 40;

function excerpt(line: string, column: number): { shown: string; caret: number } {
  // A tab is as wide as the terminal likes; as one space the caret stays below its place.
  const text = line.replaceAll("\t", " ").replace(/\r$/, "");
  const start = Math.max(0, column - 1 - before);
  const end = Math.min(text.length, column - 1 + after);
  const head = start > 0 ? "…" : "";
  return {
    shown: `${head}${text.slice(start, end)}${end < text.length ? "…" : ""}`,
    caret: column - 1 - start + head.length,
  };
}
