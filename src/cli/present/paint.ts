import { styleText } from "node:util";

type Format = Parameters<typeof styleText>[0];

/** Colours a text for stdout; plain where nobody would see colours, and where NO_COLOR says so. */
export function paint(format: Format, text: string): string {
  return styleText(format, text, { stream: process.stdout });
}

/** The same for stderr. */
export function paintError(format: Format, text: string): string {
  return styleText(format, text, { stream: process.stderr });
}

const stateFormats: Readonly<Record<string, Format>> = {
  SUCCESS: "green",
  WARNING: "yellow",
  FAILED: "red",
  KILLED: "red",
  CANCELLED: "red",
  RETRIED: "yellow",
  RUNNING: "cyan",
  RETRYING: "yellow",
  KILLING: "yellow",
  SKIPPED: "gray",
};

/** A state in its colour. */
export function paintState(state: string): string {
  return paint(stateFormats[state] ?? "reset", state);
}

/** How wide stdout is; a file is as wide as most terminals. */
export function terminalWidth(): number {
  return Math.max(60, process.stdout.columns ?? 110);
}
