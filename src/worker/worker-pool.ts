import type { Pool } from "pg";
import { RepriseError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { createPool } from "../db/pool.ts";
import { readRoles, readUser } from "../db/roles.ts";

/** How to open the connections of a worker. */
export interface WorkerPoolOptions {
  connectionString: string;
  /** How many connections it may open; a few it has to have. */
  size: number;
  /** How long a statement may take, in milliseconds: one that takes longer is lost in a server or a network that is ill. */
  patienceMs?: number;
}

const LEAST = 4;
const HOUSE = 2;
// graphile-worker keeps one to listen on for each of the two groups of slots; with the others it fetches and completes jobs.
const QUEUE = 4;
const PATIENCE_MS = 60_000;
// The server lets go of a statement before we do, so that none are left behind there.
const LONGER_MS = 5_000;
// A lock that somebody holds for longer than this is come back for.
const LOCK_MS = 3_000;

const ROLE = "reprise_worker";
const APPLICATION = { applicationName: "reprise worker" };

/** The connections of a worker. */
export interface WorkerPools extends AsyncDisposable {
  /** For its tasks. */
  readonly db: Pool;
  /**
   * For taking jobs. These connections do not wait until a commit is on disk: a lock or an end of a job that is lost with the
   * server means no more than that somebody looks once again at a task run, and finds nothing to do.
   */
  readonly queue: Pool;
  /** For its signs of life and its housekeeping, which must not wait behind what tasks move. */
  readonly house: Pool;
}

/**
 * Opens the connections of a worker. They take the narrow role, also when it is the owner who connects, so that no worker has
 * rights that it does not need. Where an administrator has yet to make the role, the owner's own rights will do.
 */
export async function openWorkerPools(options: WorkerPoolOptions, log: Logger): Promise<WorkerPools> {
  const role = (await mayTakeRole(options, log)) ? ROLE : "none";
  const { patienceMs = PATIENCE_MS } = options;
  const setup = `set role ${role}; set lock_timeout = ${LOCK_MS}; set statement_timeout = ${patienceMs}`;
  const how = { ...options, ...APPLICATION, setup, answerWithinMs: patienceMs + LONGER_MS };
  const db = createPool({ ...how, size: Math.max(options.size - HOUSE - QUEUE, LEAST) }, log);
  const queue = createPool({ ...how, setup: `${setup}; set synchronous_commit = off`, size: QUEUE }, log);
  const house = createPool({ ...how, size: HOUSE }, log);
  return {
    db,
    queue,
    house,
    async [Symbol.asyncDispose]() {
      await Promise.all([db.end(), queue.end(), house.end()]);
    },
  };
}

/** Whether the user can take the narrow role. One who cannot, and may not work without it either, is refused. */
async function mayTakeRole({ connectionString }: WorkerPoolOptions, log: Logger): Promise<boolean> {
  const db = createPool({ connectionString, ...APPLICATION, size: 1 }, log);
  try {
    const state = (await readRoles(db)).find(({ role }) => role === ROLE);
    if (state?.isTakable && state.isGranted) return true;

    const { name, isOwner, isWorker } = await readUser(db);
    const hint = `As an administrator: ${state?.exists ? "" : `create role ${ROLE} nologin; `}grant ${ROLE} to ${name};`;
    if (!isWorker) {
      throw new RepriseError("RP403", "role_missing", `${name} may not do what a worker does.`, { hint });
    }
    if (isOwner)
      log.warn({ user: name, hint }, "the worker has all rights of the owner: it cannot take its role");
    return false;
  } finally {
    await db.end();
  }
}
