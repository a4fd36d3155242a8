import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import type { Config } from "../../base/config.ts";
import { RepriseError } from "../../base/errors.ts";
import type { Logger } from "../../base/log.ts";
import { type Connection, openDatabase } from "../../db/connection.ts";

/** A database that is kept running when it is ours. */
export interface GuardedDatabase extends AsyncDisposable {
  readonly connectionString: string;
  readonly origin: Connection["origin"];
  /** Fails when the database is gone for good. */
  readonly failed: Promise<never>;
}

/** Opens the database. Should the embedded Postgres die, it is started again where it was; everybody then connects anew. */
export async function guardDatabase(config: Config, log: Logger): Promise<GuardedDatabase> {
  const first = await openDatabase(config, log);
  const stopper = new AbortController();
  const started = [first];
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined);

  const guarding = first.origin === "STARTED" ? guard().catch(failed.reject) : Promise.resolve();
  async function guard(): Promise<void> {
    while (!stopper.signal.aborted) {
      await untilBroken(first.connectionString, stopper.signal);
      if (stopper.signal.aborted) return;
      log.warn("the connection to the embedded Postgres broke; looking after it");
      const next = await openDatabase(config, log);
      started.push(next);
      if (next.connectionString === first.connectionString) continue;
      throw new RepriseError("RP409", "postgres_moved", "The embedded Postgres came back at another port.", {
        hint: "Start Reprise again.",
      });
    }
  }

  return {
    connectionString: first.connectionString,
    origin: first.origin,
    failed: failed.promise,
    async [Symbol.asyncDispose]() {
      stopper.abort();
      await guarding;
      for (const connection of started) await connection.stop();
    },
  };
}

/** Holds a connection until it ends or until the signal. */
async function untilBroken(connectionString: string, signal: AbortSignal): Promise<void> {
  const client = new pg.Client({ connectionString, application_name: "reprise guard", keepAlive: true });
  const broken = new Promise<void>((resolve) => {
    client.on("error", () => resolve());
    client.on("end", () => resolve());
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  try {
    await client.connect();
    await broken;
  } catch {
    await delay(500, undefined, { signal }).catch(() => undefined);
  } finally {
    await client.end().catch(() => undefined);
  }
}
