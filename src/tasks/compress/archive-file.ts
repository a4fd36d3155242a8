import { readJson } from "../../base/json.ts";
import { entriesOf } from "../../base/key-order.ts";
import { ionRows } from "../serdes/ion/ion-rows.ts";
import { type TaskContext, type TaskError, unfit } from "../task-type.ts";
import { whatCame } from "../what-came.ts";
import { entryGuard } from "./archive-entry.ts";

/** A file that goes into an archive. Its content must be read before the next one is asked for. */
export interface ArchiveFile {
  name: string;
  size: number;
  content: AsyncIterable<Uint8Array>;
}

/** What is to be packed: names and the URIs of stored files. */
export type ArchivePlan = Map<string, string>;

/** Reads what is to be packed: a map, a list of maps, one of them as JSON text, or the URI of an Ion file of maps. */
export async function archivePlan(from: unknown, context: TaskContext): Promise<ArchivePlan> {
  const plan: ArchivePlan = new Map();
  const guard = entryGuard({ entries: Infinity, bytes: Infinity });
  for await (const map of mapsOf(from, context)) {
    if (typeof map !== "object" || map === null || Array.isArray(map)) throw notMap(map);
    for (const [name, uri] of entriesOf(map as Record<string, unknown>)) {
      if (typeof uri !== "string") throw notMap(map);
      assertStored(uri.trim());
      plan.set(guard.name(name), uri.trim());
    }
  }
  return plan;
}

async function* mapsOf(from: unknown, context: TaskContext): AsyncGenerator<unknown> {
  if (Array.isArray(from)) yield* from;
  else if (typeof from !== "string") yield from;
  else if (/^\s*[{[]/.test(from)) {
    const parsed = parse(from);
    if (Array.isArray(parsed)) yield* parsed;
    else yield parsed;
  } else {
    assertStored(from.trim());
    for await (const rows of ionRows(context.storage.get(from.trim(), context.signal))) {
      for (const { value } of rows) yield value;
    }
  }
}

function parse(text: string): unknown {
  try {
    return readJson(text);
  } catch (cause) {
    throw unfit(`\`from\`: Expected JSON; ${whatCame(text)}`, { cause });
  }
}

function assertStored(uri: string) {
  if (uri.startsWith("kestra:///")) return;
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(uri)?.[1];
  const problem =
    scheme === undefined
      ? `${JSON.stringify(uri)} is not the URI of a stored file`
      : `Scheme not supported: ${scheme}. Supported schemes are: [kestra]`;
  throw unfit(`\`from\`: ${problem}`);
}

function notMap(given: unknown): TaskError {
  return unfit(`\`from\`: Expected a map of names to the URIs of stored files; ${whatCame(given)}`);
}

/** Opens the files of a plan, one after the other. */
export async function* archiveFiles(
  plan: ArchivePlan,
  { storage, signal }: TaskContext,
): AsyncGenerator<ArchiveFile> {
  for (const [name, uri] of plan) {
    const { size } = await storage.stat(uri);
    yield { name, size, content: storage.get(uri, signal) };
  }
}
