import { destination, type Logger, pino } from "pino";
import { build as pretty } from "pino-pretty";
import type { Config } from "./config.ts";

export type { Logger } from "pino";

/**
 * Makes the program's logger. It writes to stderr, so that stdout stays free for what a command prints; lines are JSON,
 * and readable ones when a person is looking. Messages are constant and data goes in fields:
 * `log.info({ taskRunId }, "attempt started")`.
 */
export function createLogger(config: Pick<Config, "logLevel">): Logger {
  const stream = process.stderr.isTTY
    ? pretty({
        destination: 2,
        sync: true,
        singleLine: true,
        ignore: "pid,hostname",
        translateTime: "HH:MM:ss.l",
      })
    : destination({ dest: 2, sync: true });
  return pino({ level: config.logLevel, timestamp: () => `,"time":"${new Date().toISOString()}"` }, stream);
}

/** A logger that says nothing, for tests and for callers that have nowhere to write. */
export const silentLogger: Logger = pino({ level: "silent" });
