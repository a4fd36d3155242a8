import { execFile } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { platform } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import type { EmbeddedPaths, EmbeddedSettings } from "./embedded-folder.ts";

const run = promisify(execFile);

/**
 * What became of the Postgres of a folder. ABSENT: it does not run. BUSY: it starts or stops. RUNNING: it answers, and
 * says for which process it runs.
 */
export type EmbeddedState =
  | { kind: "ABSENT" }
  | { kind: "BUSY"; pid: number }
  | { kind: "RUNNING"; pid: number; owner: number };

/** The database of an embedded Postgres that is ours. */
export const embeddedName = "reprise";

/** Not `reprise`: a user's own name is on its search path, and would find schema reprise where code forgets to name it. */
export const embeddedUser = "postgres";

/** Where to connect to. */
export function connectionStringOf(settings: EmbeddedSettings, database = embeddedName): string {
  return `postgres://${embeddedUser}:${settings.password}@127.0.0.1:${settings.port}/${database}`;
}

/** Looks at the folder, and removes the pid file of a Postgres that died without removing it. */
export async function lookAtEmbedded(
  paths: EmbeddedPaths,
  settings: EmbeddedSettings,
): Promise<EmbeddedState> {
  const pidFile = join(paths.data, "postmaster.pid");
  const text = await readFile(pidFile, "utf8").catch(() => "");
  const pid = Number.parseInt(text, 10);
  if (Number.isNaN(pid)) return { kind: "ABSENT" };
  if (!isAlive(pid) || !(await isPostgresOf(pid, paths.data))) {
    // Postgres refuses to start when the number has been given to another process since, as happens in containers.
    await rm(pidFile, { force: true });
    return { kind: "ABSENT" };
  }
  const owner = await askForOwner(settings, paths.data);
  if (owner === undefined) return { kind: "BUSY", pid };
  return { kind: "RUNNING", pid, owner };
}

/** Whether there is a process of this number. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process may not be signalled, but it is there.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

async function isPostgresOf(pid: number, data: string): Promise<boolean> {
  const command = await (platform() === "linux"
    ? readFile(`/proc/${pid}/cmdline`, "utf8")
    : run("ps", ["-o", "command=", "-p", String(pid)]).then(({ stdout }) => stdout)
  ).catch(() => "");
  return command.includes("postgres") && command.includes(data);
}

/** Asks Postgres for whom it runs; undefined when it does not answer, or is another one than that of the folder. */
async function askForOwner(settings: EmbeddedSettings, data: string): Promise<number | undefined> {
  const client = new pg.Client({
    connectionString: connectionStringOf(settings, "postgres"),
    connectionTimeoutMillis: 2000,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ owner: string; folder: string }>(
      "select current_setting('reprise.owner') as owner, current_setting('data_directory') as folder",
    );
    return rows[0]?.folder === data ? Number(rows[0].owner) : undefined;
  } catch {
    return undefined; // not yet, or no longer
  } finally {
    await client.end().catch(() => undefined);
  }
}
