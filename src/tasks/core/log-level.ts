/** The levels of what is said, from the least grave to the gravest. */
export const LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR"] as const;

/** How grave a line of a log is. */
export type LogLevel = (typeof LEVELS)[number];

/** How a level is said. */
export const SAY = { TRACE: "trace", DEBUG: "debug", INFO: "info", WARN: "warn", ERROR: "error" } as const;
