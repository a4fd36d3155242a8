import { chmod, lstat, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of this worker that goes when it is disposed of. It is made when it is asked for. */
export interface WorkFolder extends AsyncDisposable {
  path(): Promise<string>;
}

// The name says whose it is: of this machine, and of this process. Machines may share a folder for temporary files.
const OURS = `reprise-${hostname().replaceAll(/[^A-Za-z0-9.]/g, "_")}-`;

/** Opens a folder in that for temporary files. */
export function openWorkFolder(): WorkFolder {
  let made: Promise<string> | undefined;
  return {
    path() {
      made ??= mkdtemp(join(tmpdir(), `${OURS}${process.pid}-`));
      return made;
    },
    async [Symbol.asyncDispose]() {
      const path = await made?.catch(() => undefined);
      if (path !== undefined) await removeFolder(path);
    },
  };
}

/** Removes what processes of this machine left behind that were killed. */
export async function sweepWorkFolders(): Promise<void> {
  const startedAt = Date.now() - process.uptime() * 1000;
  for (const name of await readdir(tmpdir())) {
    const pid = name.startsWith(OURS) ? /^(\d+)-/.exec(name.slice(OURS.length))?.[1] : undefined;
    if (pid === undefined) continue;
    const path = join(tmpdir(), name);
    // In a container every process may have the number of the one before.
    const isLeft = Number(pid) === process.pid ? (await changedAt(path)) < startedAt : !isAlive(Number(pid));
    if (isLeft) await removeFolder(path);
  }
}

async function changedAt(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.ctimeMs ?? Number.POSITIVE_INFINITY;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** Removes a folder. What cannot be removed now is left for the next start: no task fails for it. */
async function removeFolder(path: string): Promise<void> {
  const remove = async () => await rm(path, { recursive: true, force: true, maxRetries: 3 });
  await remove()
    .catch(async () => {
      await makeWritable(path);
      await remove();
    })
    .catch(() => undefined);
}

/** A task may have taken the right to write from its folders, as package caches do. */
async function makeWritable(folder: string): Promise<void> {
  if (!(await lstat(folder)).isDirectory()) return;
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (entry.isDirectory()) await makeWritable(join(folder, entry.name));
}
