import { createHash, randomBytes } from "node:crypto";
import { chmod, chown, link, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { z } from "zod";
import { RepriseError } from "../base/errors.ts";
import type { SystemUser } from "./postgres-binaries.ts";

/** What the folder of an embedded Postgres holds, and where. */
export interface EmbeddedPaths {
  /** The data folder. */
  root: string;
  folder: string;
  /** Postgres's own data folder. */
  data: string;
  /** Port and password, for us and for the command line; mode 0600. */
  settings: string;
  /** What Postgres says. */
  log: string;
}

const settingsSchema = z.object({
  port: z.int(),
  password: z.string(),
});

/** How to reach the embedded Postgres of a folder. */
export type EmbeddedSettings = z.output<typeof settingsSchema>;

/** The paths below the data folder, or below one that takes its place where Postgres could not reach it. */
export async function embeddedPaths(dataDir: string): Promise<EmbeddedPaths> {
  const root = (await isReachable(dataDir)) ? dataDir : substituteFor(dataDir);
  const folder = join(root, "postgres");
  return {
    root,
    folder,
    data: join(folder, "data"),
    settings: join(folder, "embedded.json"),
    log: join(folder, "postgres.log"),
  };
}

/** As root we run Postgres as another user, who must be able to enter every folder on the way. */
async function isReachable(dataDir: string): Promise<boolean> {
  if (process.getuid?.() !== 0) return true;
  for (let folder = dataDir; ; folder = dirname(folder)) {
    const found = await stat(folder).catch(() => undefined);
    if (found !== undefined && (found.mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** The same folder for the same `dataDir`, so that what was kept is found again. */
function substituteFor(dataDir: string): string {
  return join("/var/lib/reprise", createHash("sha256").update(dataDir).digest("hex").slice(0, 16));
}

/** Makes the folder, owned by whoever will run Postgres. */
export async function makeFolder(paths: EmbeddedPaths, user: SystemUser | undefined): Promise<void> {
  const made = await mkdir(paths.root, { recursive: true, mode: 0o755 });
  // Root's file mode mask may keep others out of what it makes.
  for (let folder = paths.root; made !== undefined && folder.startsWith(made); folder = dirname(folder)) {
    await chmod(folder, 0o755);
  }
  await mkdir(paths.folder, { recursive: true, mode: 0o711 });
  if (user === undefined) return;
  await chmod(paths.folder, 0o711);
  await chown(paths.folder, user.uid, user.gid);
}

/** Reads the settings; undefined when there are none yet. */
export async function readSettings(paths: EmbeddedPaths): Promise<EmbeddedSettings | undefined> {
  const text = await readFile(paths.settings, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new RepriseError("RP403", "settings_unreadable", `The file ${paths.settings} cannot be read.`, {
      hint: "Run this as the user who started Reprise.",
      cause: error,
    });
  });
  if (text === undefined) return undefined;
  return settingsSchema.parse(JSON.parse(text));
}

/** Reads the settings, or writes the first ones. Of two processes that come at once, both get the same. */
export async function ensureSettings(paths: EmbeddedPaths): Promise<EmbeddedSettings> {
  const found = await readSettings(paths);
  if (found !== undefined) return found;
  const settings = { port: await freePort(), password: randomBytes(24).toString("base64url") };
  const draft = await writeDraft(paths, settings);
  // A link refuses a name that exists, where a rename would replace it.
  await link(draft, paths.settings).catch(() => undefined);
  await rm(draft);
  return (await readSettings(paths)) ?? settings;
}

/** Replaces the settings in one step, so that a reader never sees half of them. */
export async function writeSettings(paths: EmbeddedPaths, settings: EmbeddedSettings): Promise<void> {
  await rename(await writeDraft(paths, settings), paths.settings);
}

async function writeDraft(paths: EmbeddedPaths, settings: EmbeddedSettings): Promise<string> {
  const draft = `${paths.settings}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(settings, undefined, 2)}\n`, { mode: 0o600 });
  return draft;
}

/** The port, when nobody listens on it now; otherwise, or for port 0, another one that is free. */
export async function freePort(wanted = 0): Promise<number> {
  const server = createServer();
  const isFree = await new Promise<boolean>((done) => {
    server.once("error", () => done(false));
    server.listen(wanted, "127.0.0.1", () => done(true));
  });
  if (!isFree) return await freePort();
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === "string") throw new Error("A TCP server has a port.");
  return address.port;
}
