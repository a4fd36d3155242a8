import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import type { Logger } from "../base/log.ts";

/** What to listen to, and whom to tell. */
export interface ListenOptions {
  connectionString: string;
  channels: readonly string[];
  log: Logger;
  /** Ends the listening. */
  signal: AbortSignal;
  /** Runs on each new connection before anybody is told of it: to take a session lock, say. */
  prepare?(client: pg.Client): Promise<void>;
  onNotification(channel: string, payload: string): void;
  /** The connection was lost and is back: what was told in between is missed, so look once by yourself. */
  onReconnect?(): void;
}

/** Listens until it is stopped. */
export interface Listener extends AsyncDisposable {
  /** Settles when the listening has ended; it never fails. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/**
 * The first try again comes at once, later ones with growing pauses; but not long ones, since a worker's session lock hangs on it,
 * by which others see that it outlived a restart of Postgres.
 */
const firstPauseMs = 100;
const longestPauseMs = 1000;

/** A connection that a firewall dropped without a word looks idle; asking it tells. */
const probeEveryMs = 15_000;
const tickMs = 1000;
const mostTicks = 5;
const lastMomentMs = 1000;

/**
 * Listens on a connection of its own, and connects anew whenever that breaks. Resolves once it listens for the first time,
 * so that nothing told after that is missed; throws the signal's reason when it ends before.
 */
export async function listen(options: ListenOptions): Promise<Listener> {
  const stopper = new AbortController();
  const signal = AbortSignal.any([options.signal, stopper.signal]);
  const first = Promise.withResolvers<void>();
  const ended = keepListening({ ...options, signal }, first.resolve).finally(() =>
    first.reject(signal.reason),
  );
  await first.promise;
  const stop = async () => {
    stopper.abort();
    await ended;
  };
  return { ended, stop, [Symbol.asyncDispose]: stop };
}

async function keepListening(options: ListenOptions, onFirst: () => void): Promise<void> {
  let times = 0;
  let pauseMs = firstPauseMs;
  while (!options.signal.aborted) {
    try {
      await listenOnce(options, () => {
        times += 1;
        pauseMs = firstPauseMs;
        if (times === 1) onFirst();
        else tellReconnect(options);
      });
    } catch (error) {
      if (options.signal.aborted) return;
      options.log.warn({ err: error }, "the listening connection broke; connecting again");
      // Jitter, so that a restart of Postgres does not bring everybody back in the same moment.
      await delay(pauseMs * (0.5 + Math.random()), undefined, { signal: options.signal }).catch(
        () => undefined,
      );
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    }
  }
}

function tellReconnect(options: ListenOptions): void {
  options.log.info("listening again");
  options.onReconnect?.();
}

/** Listens on one connection until it breaks, which throws, or until the signal. */
async function listenOnce(options: ListenOptions, onListening: () => void): Promise<void> {
  const client = new pg.Client({
    connectionString: options.connectionString,
    application_name: "reprise listen",
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  const broken = Promise.withResolvers<never>();
  // The race below may be over when it breaks; nobody waits for it then.
  broken.promise.catch(() => undefined);
  client.on("error", broken.reject);
  client.on("end", () => broken.reject(new Error("The connection ended.")));
  client.on("notification", ({ channel, payload }) => options.onNotification(channel, payload ?? ""));
  try {
    await client.connect();
    if (options.prepare !== undefined) await answered(options.prepare(client));
    for (const channel of options.channels)
      await answered(client.query(`listen ${pg.escapeIdentifier(channel)}`));
    if (options.signal.aborted) return;
    onListening();
    await Promise.race([probe(client, options.signal), broken.promise]);
  } finally {
    // A connection that only looks alive never says that it has ended.
    await Promise.race([client.end().catch(() => undefined), delay(lastMomentMs, undefined, { ref: false })]);
  }
}

async function probe(client: pg.Client, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await delay(probeEveryMs, undefined, { signal }).catch(() => undefined);
    if (!signal.aborted) await answered(client.query("select"));
  }
}

/**
 * Waits for an answer of the server; throws what it throws, and if there is none for five ticks. These are counted one by one: who was
 * busy with something else all the time could not hear it.
 */
export async function answered(answer: Promise<unknown>, everyMs = tickMs): Promise<void> {
  let isThere = false;
  const settled = answer.finally(() => {
    isThere = true;
  });
  settled.catch(() => undefined);
  for (let ticks = 0; ticks < mostTicks && !isThere; ticks++) {
    const stopper = new AbortController();
    const tick = delay(everyMs, undefined, { signal: stopper.signal }).catch(() => undefined);
    await Promise.race([settled, tick]);
    stopper.abort();
  }
  if (!isThere) throw new Error("The server does not answer.");
  await settled;
}
