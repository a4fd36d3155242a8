import Table from "cli-table3";
import { paint } from "./paint.ts";

const nothing = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
};

/** A table without lines: a heading and columns that can be cut and searched. */
export function table(heading: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const made = new Table({
    head: heading.map((cell) => paint("dim", cell)),
    chars: nothing,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  for (const row of rows)
    made.push(row.map((cell) => (cell === null || cell === undefined ? "" : String(cell))));
  return made
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
