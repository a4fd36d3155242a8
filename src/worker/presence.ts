import type { Logger } from "../base/log.ts";
import { callOne, type Database } from "../db/call.ts";
import { type Listener, listen } from "../db/listen.ts";

/** How others see that a worker lives: its row, its session lock, its beat. */
export interface Presence extends AsyncDisposable {
  /** The id under which it is known now. It changes when the worker was taken for dead. */
  id(): number;
  /** Says that it lives, and how many attempts it runs. */
  beat(running: number): Promise<void>;
}

/** What a worker tells of itself. */
export interface PresenceOptions {
  db: Database;
  connectionString: string;
  log: Logger;
  signal: AbortSignal;
  about: {
    pool_ids: string[];
    host: string;
    pid: number;
    version: string;
    worker_group: string | null;
    job_identifiers: string[];
    concurrency: number;
    beat_ms: number;
  };
  /** An execution is being killed, or one may have been while nobody listened. */
  onKill(workerId: number): void;
  /** Others took this worker for dead and run what it ran: all of that must stop here. */
  onTaken(): void;
}

// The first half of the advisory locks of workers; the second is the worker's id. The SQL of the reaper knows it too.
const LOCK_CLASS = 20290;

/** Makes a worker known, holds its session lock, and listens for kills on the same connection. */
export async function openPresence(options: PresenceOptions): Promise<Presence> {
  let current = await appear(options);
  let isLeaving = false;
  return {
    id: () => current.id,
    async beat(running) {
      const about = { worker_id: current.id, running_attempt_count: running };
      // One that says goodbye is not known any more either, and must not begin anew.
      if ((await callOne(options.db, "reprise_engine.beat", about)) || isLeaving) return;
      options.log.warn({ workerId: current.id }, "this worker was taken for dead; it starts over");
      options.onTaken();
      await current.listener.stop();
      current = await appear(options);
    },
    async [Symbol.asyncDispose]() {
      isLeaving = true;
      await callOne(options.db, "reprise_engine.stop_worker", { worker_id: current.id });
      await current.listener.stop();
    },
  };
}

// A machine that loses its power or its network says nothing, and Postgres would keep the session and its lock for two hours. So it
// asks soon: a process that stands still is answered for by its machine, one that is gone with its machine is not.
const NOTICE_SILENCE = `set tcp_keepalives_idle = 2; set tcp_keepalives_interval = 1; set tcp_keepalives_count = 3;
  set tcp_user_timeout = 5000`;

async function appear(options: PresenceOptions): Promise<{ id: number; listener: Listener }> {
  const about = { ...options.about, fetches_outputs: true };
  const id = (await callOne(options.db, "reprise_engine.register_worker", about)) as number;
  const listener = await listen({
    connectionString: options.connectionString,
    channels: ["reprise_kill"],
    log: options.log,
    signal: options.signal,
    prepare: async (client) => {
      await client.query(NOTICE_SILENCE);
      await client.query("select pg_advisory_lock($1, $2)", [LOCK_CLASS, id]);
    },
    onNotification: () => options.onKill(id),
    onReconnect: () => options.onKill(id),
  });
  return { id, listener };
}
