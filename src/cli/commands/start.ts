import type { Command } from "commander";
import { z } from "zod";
import type { Config } from "../../base/config.ts";
import { RepriseError } from "../../base/errors.ts";
import { createLogger, type Logger } from "../../base/log.ts";
import { openSecretBox } from "../../base/secret-box.ts";
import { migrate } from "../../db/migrate.ts";
import { createPool } from "../../db/pool.ts";
import { createPostgresStorage } from "../../storage/postgres-storage.ts";
import { act, leaf } from "../command.ts";
import { loadExamples } from "../flows/load-examples.ts";
import { port } from "../option.ts";
import type { Session } from "../session.ts";
import { checkPort } from "../start/check-port.ts";
import { type GuardedDatabase, guardDatabase } from "../start/guard-database.ts";
import { openStartView } from "../start/start-view.ts";
import { openStopSignal } from "../start/stop-signal.ts";
import { superviseWorker } from "../start/supervise-worker.ts";
import { describePlaces, type Places, welcomeText } from "../start/welcome.ts";

const options = z.object({ port: z.number().optional(), graphiql: z.boolean().default(true) });

/** `reprise start` */
export function start(): Command {
  return leaf(
    "start",
    "Start everything: a database unless DATABASE_URL names one, the server, and a worker.",
  )
    .option("-p, --port <number>", "the server's port instead of REPRISE_PORT; 0 for a free one", port)
    .option("--no-graphiql", "without the page to try GraphQL in")
    .action(
      act(options, async (session, given) => {
        const config = { ...session.config, port: given.port ?? session.config.port };
        using stop = openStopSignal();
        await using running = new AsyncDisposableStack();
        try {
          const { places, failed } = await startAll(running, session, config, given.graphiql, stop.signal);
          session.print(places, () => welcomeText(places));
          await Promise.race([stop.received, failed]);
          session.note("Stopping.");
        } catch (error) {
          // Stopped before everything had started.
          if (!stop.signal.aborted) throw error;
        }
      }),
    );
}

/** Starts the parts one after the other. They are stopped in the opposite order: the worker first, the database last. */
async function startAll(
  running: AsyncDisposableStack,
  session: Session,
  config: Config,
  hasGraphiql: boolean,
  signal: AbortSignal,
): Promise<{ places: Places; failed: Promise<never> }> {
  // To a person the view tells what is going on, and the log only what goes wrong.
  const log = createLogger({
    logLevel: session.isWatched && config.logLevel === "info" ? "warn" : config.logLevel,
  });
  using view = openStartView(session);
  await checkPort(config.host, config.port);
  view.step("Starting Postgres");
  const database = running.use(await openOwnDatabase(config, log));
  const { connectionString } = database;
  signal.throwIfAborted();
  view.step("Bringing the database up to date");
  await migrate(connectionString, log);
  const pool = running.adopt(
    createPool({ connectionString, applicationName: "reprise server" }, log),
    (opened) => opened.end(),
  );
  const loaded = await loadExamples(pool);
  signal.throwIfAborted();
  view.step("Starting the server");
  const storage = createPostgresStorage(pool);
  const { startServer } = await import("../../server/server.ts"); // only here: it is much to load
  const server = running.use(
    await startServer({
      ...{ config, connectionString, pool, storage, log, hasGraphiql },
      secretBox: openSecretBox(config.encryptionKey),
    }),
  );
  signal.throwIfAborted();
  view.step("Starting a worker");
  running.use(await superviseWorker({ connectionString, log }));
  const places = await describePlaces(config, { url: server.url, connectionString, hasGraphiql, loaded });
  return { places, failed: database.failed };
}

/** An embedded Postgres belongs to the process that started it, and stops with it: a second one must not lean on it. */
async function openOwnDatabase(config: Config, log: Logger): Promise<GuardedDatabase> {
  const database = await guardDatabase(config, log);
  if (database.origin !== "REUSED") return database;
  throw new RepriseError(
    "RP409",
    "already_running",
    `Reprise runs already on the data in ${config.dataDir}.`,
    {
      hint: "Use that one, or start another worker beside it: reprise worker. For a second one, set REPRISE_DATA_DIR or DATABASE_URL.",
    },
  );
}
