import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { text } from "node:stream/consumers";
import { RepriseError } from "../../base/errors.ts";
import { usageError } from "../failure.ts";

/** The text of a flow, and what a person calls the place it came from. */
export interface FlowSource {
  name: string;
  source: string;
}

/** Reads flows from files, folders (their .yaml and .yml files, also further down) and `-`, which is stdin. */
export async function readFlowSources(paths: readonly string[]): Promise<FlowSource[]> {
  const sources: FlowSource[] = [];
  for (const path of paths) {
    if (path === "-") sources.push({ name: "stdin", source: await text(process.stdin) });
    else for (const name of await filesAt(path)) sources.push({ name, source: await readSource(name) });
  }
  return sources;
}

async function readSource(name: string): Promise<string> {
  return await readFile(name, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw unreadable(name, error);
  });
}

function unreadable(path: string, cause: NodeJS.ErrnoException): RepriseError {
  return new RepriseError("RP403", "file_unreadable", `The file ${path} cannot be read: ${cause.message}.`, {
    cause,
  });
}

async function filesAt(path: string): Promise<string[]> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw unreadable(path, error);
    throw new RepriseError("RP404", "file_not_found", `There is no file ${path}.`);
  });
  if (!found.isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => !entry.isDirectory() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((name) => !isAside(relative(path, name)));
  if (names.length === 0) throw usageError(`The folder ${path} holds no .yaml files.`);
  return names.sort();
}

/** What tools keep for themselves: `node_modules`, and what is hidden. */
function isAside(name: string): boolean {
  return name.split(sep).some((part) => part === "node_modules" || part.startsWith("."));
}
