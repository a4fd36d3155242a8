/**
 * A process of its own that runs an embedded Postgres for another process, its owner. It holds the reading end of a pipe
 * whose writing end only the owner has: when the owner ends, also by SIGKILL, the pipe closes, and Postgres is stopped.
 * So no Postgres is ever left behind. It leads its own process group, so that Ctrl-C reaches the owner alone, which then
 * still has a database while it stops. Importing this runs it; its owner imports types alone.
 */
import { spawn } from "node:child_process";
import { closeSync, openSync, rmSync, statSync } from "node:fs";
import { z } from "zod";

const instructions = z.object({
  command: z.string(),
  args: z.array(z.string()),
  user: z.object({ uid: z.int(), gid: z.int() }).optional(),
  logFile: z.string(),
  /** A folder to remove in the end, for a Postgres that is only lent. */
  removeFolder: z.string().optional(),
});

/** What the owner tells its keeper, as JSON in the first argument. */
export type KeeperInstructions = z.input<typeof instructions>;

/** A backend that does not hear the polite signal is given this long; then Postgres stops as after a crash. */
const patienceMs = 15_000;

/** A log that has grown beyond this many bytes begins anew. */
const longestLog = 10_000_000;

keep(instructions.parse(JSON.parse(process.argv[2] ?? "")));

function keep({ command, args, user, logFile, removeFolder }: z.output<typeof instructions>): void {
  const log = openSync(logFile, sizeOf(logFile) > longestLog ? "w" : "a", 0o600);
  const postgres = spawn(command, args, { ...user, cwd: "/", stdio: ["ignore", log, log] });
  closeSync(log);

  const stop = () => {
    postgres.kill("SIGINT");
    setTimeout(() => postgres.kill("SIGQUIT"), patienceMs).unref();
  };
  process.stdin.on("end", stop).on("error", stop).resume();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);

  postgres.on("error", () => process.exit(1));
  postgres.on("exit", (code) => {
    if (removeFolder !== undefined) rmSync(removeFolder, { recursive: true, force: true });
    process.exit(code ?? 1);
  });
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
