import type { Command } from "commander";
import { z } from "zod";
import { createLogger } from "../../base/log.ts";
import { openSecretBox } from "../../base/secret-box.ts";
import { openDatabase } from "../../db/connection.ts";
import { migrate } from "../../db/migrate.ts";
import { createPool } from "../../db/pool.ts";
import { createPostgresStorage } from "../../storage/postgres-storage.ts";
import { act, leaf } from "../command.ts";
import { port } from "../option.ts";
import { checkPort } from "../start/check-port.ts";
import { openStopSignal } from "../start/stop-signal.ts";

const options = z.object({ port: z.number().optional(), graphiql: z.boolean().default(false) });

/** `reprise server` */
export function server(): Command {
  return leaf("server", "Start the GraphQL server alone. It brings the database up to date first.")
    .option("-p, --port <number>", "the port instead of REPRISE_PORT; 0 for a free one", port)
    .option("--graphiql", "with the page to try GraphQL in")
    .action(
      act(options, async (session, given) => {
        const config = { ...session.config, port: given.port ?? session.config.port };
        const log = createLogger(config);
        using stop = openStopSignal();
        await checkPort(config.host, config.port);
        await using database = await openDatabase(config, log);
        const { connectionString } = database;
        await migrate(connectionString, log);
        await using opened = new AsyncDisposableStack();
        const pool = opened.adopt(
          createPool({ connectionString, applicationName: "reprise server" }, log),
          (it) => it.end(),
        );
        const storage = createPostgresStorage(pool);
        const { startServer } = await import("../../server/server.ts"); // only here: it is much to load
        await using running = await startServer({
          config,
          connectionString,
          pool,
          storage,
          secretBox: openSecretBox(config.encryptionKey),
          log,
          hasGraphiql: given.graphiql,
        });
        session.print({ graphql: `${running.url}/graphql` }, () => `GraphQL is at ${running.url}/graphql`);
        await stop.received;
      }),
    );
}
