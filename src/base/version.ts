import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";

/** The folder of this program: the nearest one above with a `package.json`, for the sources and for the built files alike. */
export const packageRoot: string = nearestPackage(import.meta.dirname);

/** The version of this program, as `package.json` says it. */
export const version: string = versionAt(packageRoot);

/** The version of the package that a file belongs to. */
export function versionOf(file: string): string {
  return versionAt(nearestPackage(dirname(file)));
}

function versionAt(folder: string): string {
  const description: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return z.object({ version: z.string() }).parse(description).version;
}

function nearestPackage(folder: string): string {
  if (existsSync(join(folder, "package.json"))) return folder;
  if (dirname(folder) === folder) throw new Error("No package.json above the program.");
  return nearestPackage(dirname(folder));
}
