import type { Failure } from "../failure.ts";
import { asCalled } from "./as-called.ts";
import { paintError } from "./paint.ts";

/** A failure for a person: what is wrong, then what to do. */
export function paintFailure({ message, hint, details }: Failure): string {
  const lines = [`${paintError("red", "✗")} ${message}`];
  // Where there are several, the message may be all that they say.
  for (const problem of problemsOf(details)) if (!message.includes(problem)) lines.push(`  - ${problem}`);
  if (hint !== undefined)
    lines.push(
      ...asCalled(hint)
        .split("\n")
        .map((line) => paintError("dim", `  ${line}`)),
    );
  return `${lines.join("\n")}\n`;
}

/** Refusals carry lists: issues of inputs, problems of a plan. */
function problemsOf(details: unknown): string[] {
  if (typeof details !== "object" || details === null) return [];
  const list = Array.isArray(details) ? details : Object.values(details).find(Array.isArray);
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown) =>
    typeof entry === "object" && entry !== null && "message" in entry ? [String(entry.message)] : [],
  );
}
