import { stat } from "node:fs/promises";
import { basename } from "node:path";
import type { Pool } from "pg";
import { uploadFile } from "../storage/postgres-storage.ts";
import { fileBytes } from "../tasks/files/file-bytes.ts";
import { usageError } from "./failure.ts";
import { pairs } from "./option.ts";

/** Uploads the files of `--file key=path`, and gives their URIs as inputs. */
export async function uploadInputs(
  db: Pool,
  given: readonly string[] | undefined,
): Promise<Record<string, string>> {
  const paths = Object.entries(pairs("file", given));
  // All of them are looked at before the first is sent.
  for (const [, path] of paths) await assertFile(path);
  const uris: [string, string][] = [];
  for (const [id, path] of paths)
    uris.push([id, (await uploadFile(db, basename(path), fileBytes(path))).uri]);
  return Object.fromEntries(uris);
}

async function assertFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true) throw usageError(`--file: there is no file ${path}.`);
}
