import type { Pool } from "pg";
import { RepriseError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { createPool } from "../db/pool.ts";
import { readRoles, readUser } from "../db/roles.ts";

/** How to open the connections of a worker. */
export interface WorkerPoolOptions {
  connectionString: string;
  size: number;
}

const ROLE = "reprise_worker";
const APPLICATION = { applicationName: "reprise worker" };

/**
 * Opens the connections of a worker. They take the narrow role, also when it is the owner who connects, so that no worker has
 * rights that it does not need. Where an administrator has yet to make the role, the owner's own rights will do.
 */
export async function openWorkerPool(options: WorkerPoolOptions, log: Logger): Promise<Pool> {
  const takesRole = await mayTakeRole(options, log);
  return createPool({ ...options, ...APPLICATION, ...(takesRole ? { setup: `set role ${ROLE}` } : {}) }, log);
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
