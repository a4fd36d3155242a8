import type { Command } from "commander";
import { z } from "zod";
import { createLogger } from "../../base/log.ts";
import { openDatabase } from "../../db/connection.ts";
import { migrate as bringUpToDate } from "../../db/migrate.ts";
import { act, leaf } from "../command.ts";

/** `reprise migrate` */
export function migrate(): Command {
  return leaf(
    "migrate",
    "Bring the database up to date. Safe to repeat, and to run from several places at once.",
  ).action(
    act(z.object({}), async (session) => {
      // Warnings tell of roles that an administrator has to make.
      const log = createLogger({ logLevel: "warn" });
      await using database = await openDatabase(session.config, log);
      const report = await bringUpToDate(database.connectionString, log);
      session.print(report, () => {
        if (report.applied.length === 0 && !report.isCodeReplaced) return "The database is up to date.";
        const applied = report.applied.map((name) => `applied ${name}`);
        return [...applied, ...(report.isCodeReplaced ? ["replaced the functions and views"] : [])].join(
          "\n",
        );
      });
    }),
  );
}
