import { lstat, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { TaskError } from "../task-type.ts";

/** The path of a file in a directory, with the folders above it made. A name that leads elsewhere is refused. */
export async function pathInside(directory: string, name: string): Promise<string> {
  const steps = stepsOf(name);
  const last = steps.pop();
  if (last === undefined || leadsOut(name)) throw leavesDirectory(name);
  let path = directory;
  for (const step of steps) {
    path = join(path, step);
    await mkdir(path).catch(ignoreExisting);
    if (!(await lstat(path)).isDirectory()) throw leavesDirectory(name);
  }
  return join(path, last);
}

/** Whether a name leads out of the directory that it is meant in, or to the directory itself. */
export function leadsOut(name: string): boolean {
  const steps = stepsOf(name);
  return name.startsWith("/") || name.includes("\0") || steps.length === 0 || steps.includes("..");
}

function stepsOf(name: string): string[] {
  return name.split("/").filter((step) => step !== "" && step !== ".");
}

/** The error for what would lead out of a working directory. */
export function leavesDirectory(name: string): TaskError {
  return new TaskError(
    "path_leaves_directory",
    `\`${name}\` leads out of the working directory: only names inside of it are possible, without \`..\` and links.`,
  );
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}
