import { createTwoFilesPatch } from "diff";
import { paint } from "../present/paint.ts";

/** A text of a flow and what to call it. */
export interface Side {
  name: string;
  source: string;
}

/** What differs between two texts, as a unified diff; empty when nothing does. */
export function unifiedDiff(from: Side, to: Side): string {
  if (from.source === to.source) return "";
  const patch = createTwoFilesPatch(from.name, to.name, from.source, to.source, undefined, undefined, {
    context: 3,
  });
  return patch.replace(/^=+\n/, "");
}

/** The same in colours. */
export function paintDiff(diff: string): string {
  const painted = diff.split("\n").map((line) => {
    if (/^(---|\+\+\+)/.test(line)) return paint("bold", line);
    if (line.startsWith("@@")) return paint("cyan", line);
    if (line.startsWith("+")) return paint("green", line);
    if (line.startsWith("-")) return paint("red", line);
    return line;
  });
  return painted.join("\n");
}
