import type { Config } from "../base/config.ts";
import { RepriseError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { findEmbedded, startEmbedded } from "./embedded.ts";

/** The database that a process works with. */
export interface Connection extends AsyncDisposable {
  readonly connectionString: string;
  /** GIVEN by DATABASE_URL; STARTED by us; REUSED: an embedded one that another process started, and will stop. */
  readonly origin: "GIVEN" | "STARTED" | "REUSED";
  /** Stops the database, when this process started it. */
  stop(): Promise<void>;
}

/** Takes the database of DATABASE_URL, or starts the embedded one, or takes it where it already runs. */
export async function openDatabase(config: Config, log: Logger): Promise<Connection> {
  if (config.databaseUrl !== undefined) return borrowed(config.databaseUrl, "GIVEN");
  const embedded = await startEmbedded({ dataDir: config.dataDir, log });
  return {
    connectionString: embedded.connectionString,
    origin: embedded.isReused ? "REUSED" : "STARTED",
    stop: embedded.stop,
    [Symbol.asyncDispose]: embedded.stop,
  };
}

/** Like `openDatabase`, for a command that works with what runs and starts nothing. */
export async function findDatabase(config: Config): Promise<Connection> {
  if (config.databaseUrl !== undefined) return borrowed(config.databaseUrl, "GIVEN");
  const running = await findEmbedded(config.dataDir);
  if (running !== undefined) return borrowed(running, "REUSED");
  throw new RepriseError("RP404", "no_database", `No database runs in ${config.dataDir}.`, {
    hint: "Start one: reprise start. Or name another: DATABASE_URL, or REPRISE_DATA_DIR for its folder.",
  });
}

function borrowed(connectionString: string, origin: "GIVEN" | "REUSED"): Connection {
  const stop = async () => undefined;
  return { connectionString, origin, stop, [Symbol.asyncDispose]: stop };
}
