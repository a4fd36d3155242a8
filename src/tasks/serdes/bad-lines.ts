import { oneOf } from "../property.ts";
import type { TaskLog } from "../task-type.ts";

/** The property `onBadLines`. */
export function onBadLines() {
  return oneOf(["ERROR", "WARN", "SKIP"]).default("ERROR");
}

/** Says what is wrong with bad lines, but not a million times. */
export interface BadLineLog {
  warn(message: string): void;
  /** Tells how many were not told. */
  end(): void;
}

// Enough to see the pattern; a file in the wrong format has millions of bad lines.
const TOLD = 100;

/** With WARN each bad line is told, up to a limit; with SKIP none is. */
export function badLineLog(log: TaskLog, onBadLines: "ERROR" | "WARN" | "SKIP"): BadLineLog {
  let count = 0;
  return {
    warn(message) {
      if (onBadLines === "WARN" && ++count <= TOLD) log.warn(message);
    },
    end() {
      if (count > TOLD) log.warn(`${count - TOLD} more bad lines are not shown.`);
    },
  };
}
