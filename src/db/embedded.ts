import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { RepriseError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import {
  type EmbeddedPaths,
  type EmbeddedSettings,
  embeddedPaths,
  ensureSettings,
  freePort,
  makeFolder,
  readSettings,
  writeSettings,
} from "./embedded-folder.ts";
import { createDatabase, initialise } from "./embedded-init.ts";
import type { KeeperInstructions } from "./embedded-keeper.ts";
import { connectionStringOf, isAlive, lookAtEmbedded } from "./embedded-state.ts";
import { findBinaries, type PostgresBinaries } from "./postgres-binaries.ts";

/** How to run an embedded Postgres. */
export interface EmbeddedOptions {
  /** An absolute path; Postgres takes the folder `postgres` in it. For root, a folder below /var/lib where it is private. */
  dataDir: string;
  log: Logger;
  /** For tests: nothing is kept through a crash of the machine, and `dataDir` is removed in the end, whatever ends us. */
  isTemporary?: boolean;
  /** The folder of other binaries, such as those of an older version. */
  bin?: string | undefined;
  /** Settings of Postgres beyond ours. */
  settings?: Readonly<Record<string, string>>;
}

/** An embedded Postgres that runs. */
export interface Embedded extends AsyncDisposable {
  readonly connectionString: string;
  /** Another process started it, and stops it when it ends. */
  readonly isReused: boolean;
  /** The process that keeps it, when it is ours. */
  readonly keeperPid: number | undefined;
  /** Stops Postgres, when it is ours. */
  stop(): Promise<void>;
}

/** Recovery after a crash may take a while; more than this is a fault that a person should see. */
const startTimeoutMs = 120_000;
const pollMs = 20;

/**
 * Starts a real Postgres in a folder, or takes the one that runs there already. It listens on 127.0.0.1 only, keeps its
 * random password in a file that only its user can read, and never outlives this process.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const paths = await embeddedPaths(options.dataDir);
  const binaries = await findBinaries(options.bin);
  await makeFolder(paths, binaries.user);
  const settings = await ensureSettings(paths);
  await initialise(paths, settings, binaries);
  const embedded = await reuseOrLaunch(paths, binaries, options);
  await createDatabase(await ensureSettings(paths));
  options.log.info({ folder: paths.folder, isReused: embedded.isReused }, "embedded Postgres is ready");
  return embedded;
}

/** The address of the embedded Postgres that runs in a folder; undefined when none does. */
export async function findEmbedded(dataDir: string): Promise<string | undefined> {
  const paths = await embeddedPaths(dataDir);
  const settings = await readSettings(paths);
  if (settings === undefined) return undefined;
  const state = await lookAtEmbedded(paths, settings);
  return state.kind === "RUNNING" ? connectionStringOf(settings) : undefined;
}

async function reuseOrLaunch(
  paths: EmbeddedPaths,
  binaries: PostgresBinaries,
  options: EmbeddedOptions,
): Promise<Embedded> {
  const deadline = Date.now() + startTimeoutMs;
  let refusal = "";
  while (Date.now() < deadline) {
    const settings = await ensureSettings(paths);
    const state = await lookAtEmbedded(paths, settings);
    if (state.kind === "RUNNING" && isAlive(state.owner)) return reused(settings);
    if (state.kind === "RUNNING") process.kill(state.pid, "SIGINT"); // nobody's any more
    if (state.kind === "ABSENT") {
      const keeper = await launch(paths, settings, binaries, options);
      if (await answers(keeper, paths)) return owned(paths, keeper);
      const said = await lastLines(paths.log);
      // Somebody was quicker, or the children of a Postgres that was killed still hold its memory: look again.
      if (!/lock file|shared memory block/.test(said)) throw startFailed(paths, said);
      refusal = said;
    }
    await delay(pollMs * 5);
  }
  throw startFailed(paths, refusal);
}

function startFailed(paths: EmbeddedPaths, said: string): RepriseError {
  return new RepriseError(
    "RP409",
    "postgres_did_not_start",
    `The Postgres in ${paths.folder} did not start.`,
    {
      hint: said === "" ? `See ${paths.log}.` : said,
    },
  );
}

async function lastLines(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text.trim().split("\n").slice(-20).join("\n");
}

function reused(settings: EmbeddedSettings): Embedded {
  const stop = async () => undefined;
  return {
    connectionString: connectionStringOf(settings),
    isReused: true,
    keeperPid: undefined,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function owned(paths: EmbeddedPaths, keeper: ChildProcess): Promise<Embedded> {
  const settings = await ensureSettings(paths);
  const stop = async () => {
    if (hasEnded(keeper)) return;
    const ended = once(keeper, "exit");
    keeper.ref();
    keeper.stdin?.end();
    await ended;
  };
  return {
    connectionString: connectionStringOf(settings),
    isReused: false,
    keeperPid: keeper.pid,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Starts the keeper, which starts Postgres. */
async function launch(
  paths: EmbeddedPaths,
  settings: EmbeddedSettings,
  binaries: PostgresBinaries,
  options: EmbeddedOptions,
): Promise<ChildProcess> {
  const port = await freePort(settings.port);
  if (port !== settings.port) await writeSettings(paths, { ...settings, port });
  const instructions: KeeperInstructions = {
    command: join(binaries.bin, "postgres"),
    args: ["-D", paths.data, "-p", String(port), ...postgresSettings(options)],
    user: binaries.user,
    logFile: paths.log,
    removeFolder: options.isTemporary === true ? paths.root : undefined,
  };
  const file = join(import.meta.dirname, `embedded-keeper${extname(import.meta.filename)}`);
  const keeper = spawn(process.execPath, [file, JSON.stringify(instructions)], {
    detached: true,
    // Nothing of ours is Postgres's business, and its own variables would change what it does.
    env: {},
    stdio: ["pipe", "ignore", "ignore"],
  });
  // The pipe and the keeper must not keep this process alive: when it is done it may go, and Postgres with it.
  keeper.unref();
  if (keeper.stdin !== null && "unref" in keeper.stdin && typeof keeper.stdin.unref === "function") {
    keeper.stdin.unref();
  }
  keeper.stdin?.on("error", () => undefined);
  return keeper;
}

function postgresSettings(options: EmbeddedOptions): string[] {
  const fast = { fsync: "off", full_page_writes: "off", synchronous_commit: "off", autovacuum_naptime: "5s" };
  const settings: Record<string, string> = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: "200",
    timezone: "UTC",
    log_timezone: "UTC",
    // Read by whoever finds it running: see embedded-state.ts.
    "reprise.owner": String(process.pid),
    ...(options.isTemporary === true ? fast : {}),
    ...options.settings,
  };
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

/** Waits until Postgres answers; false when it ended instead. */
async function answers(keeper: ChildProcess, paths: EmbeddedPaths): Promise<boolean> {
  const deadline = Date.now() + startTimeoutMs;
  while (!hasEnded(keeper) && Date.now() < deadline) {
    const settings = await ensureSettings(paths);
    const state = await lookAtEmbedded(paths, settings);
    // Another process may have been quicker; then ours refuses to start, and ends.
    if (state.kind === "RUNNING" && state.owner === process.pid) return true;
    await delay(pollMs);
  }
  keeper.stdin?.end();
  return false;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
}
