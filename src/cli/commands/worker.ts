import type { Command } from "commander";
import { z } from "zod";
import { createLogger } from "../../base/log.ts";
import { openDatabase } from "../../db/connection.ts";
import { migrate } from "../../db/migrate.ts";
import { openWorker } from "../../worker/open-worker.ts";
import { act, leaf } from "../command.ts";
import { positive } from "../option.ts";
import { openStopSignal } from "../start/stop-signal.ts";

const options = z.object({
  concurrency: z.number().optional(),
  group: z
    .string()
    .regex(/^[a-zA-Z0-9][a-zA-Z0-9_-]{0,62}$/, "It must be letters, digits, - and _.")
    .optional(),
});

/** `reprise worker` */
export function worker(): Command {
  return leaf("worker", "Start a worker. Several may share a database, on as many machines as you like.")
    .option(
      "-c, --concurrency <number>",
      "how many data tasks to run at once instead of REPRISE_CONCURRENCY",
      positive,
    )
    .option("-g, --group <name>", "the worker group to serve instead of REPRISE_WORKER_GROUP")
    .action(
      act(options, async (session, given) => {
        const config = {
          ...session.config,
          concurrency: given.concurrency ?? session.config.concurrency,
          workerGroup: given.group ?? session.config.workerGroup,
        };
        const log = createLogger(config);
        using stop = openStopSignal();
        await using database = await openDatabase(config, log);
        await migrate(database.connectionString, log);
        await using _running = await openWorker({
          config,
          connectionString: database.connectionString,
          log,
        });
        const { concurrency, workerGroup = null } = config;
        session.print(
          { pid: process.pid, concurrency, workerGroup },
          () => "The worker takes jobs. Ctrl-C stops it.",
        );
        await stop.received;
      }),
    );
}
