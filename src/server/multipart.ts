import type { IncomingMessage } from "node:http";
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Busboy, type BusboyHeaders } from "@fastify/busboy";
import { RepriseError } from "../base/errors.ts";
import { readJson, writeJson } from "../base/json.ts";

/** What takes the files of a request. */
export interface Uploads {
  /** Streams a file in, and gives its URI. */
  put(name: string, content: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<{ uri: string }>;
  /** Takes one back, since the request was none. */
  remove(uri: string): Promise<void>;
  /** How long a field may be, in bytes. */
  longestField: number;
}

// Nobody sends more by hand, and each is a file in the database.
const MOST_FILES = 100;

/** Whether a request brings files, by the specification of GraphQL multipart requests. */
export function isMultipart({ method, headers }: IncomingMessage): boolean {
  return method === "POST" && /^multipart\/form-data\b/i.test(headers["content-type"] ?? "");
}

/**
 * Reads a GraphQL multipart request: stores its files as they stream in, puts their URIs where `map` says, and gives the same request as
 * one of JSON.
 */
export async function readMultipart(request: IncomingMessage, uploads: Uploads): Promise<IncomingMessage> {
  const stored: string[] = [];
  try {
    const body = await receive(request, uploads, stored);
    return asJson(request, body);
  } catch (error) {
    // Should this fail too, they go after a day.
    for (const uri of stored) await uploads.remove(uri).catch(() => undefined);
    throw error;
  }
}

async function receive(request: IncomingMessage, uploads: Uploads, stored: string[]): Promise<unknown> {
  const fields = new Map<string, string>();
  const arriving: Promise<void>[] = [];
  const aborter = new AbortController();
  let places: Places | undefined;
  const form = openForm(request, uploads.longestField);
  const refuse = (error: unknown) => {
    aborter.abort(error);
    form.destroy(error instanceof Error ? error : new Error(String(error)));
  };
  const store = async (field: string, content: Readable, name: string) => {
    places ??= readPlaces(fields);
    const paths = places.take(field);
    const { uri } = await uploads.put(name || field, content, aborter.signal);
    stored.push(uri);
    for (const path of paths) setAt(places.operations, path, uri);
  };

  form.on("field", (name: string, value: string, _nameIsCut: boolean, valueIsCut: boolean) => {
    if (valueIsCut) refuse(malformed(`The field \`${name}\` is too long.`));
    else fields.set(name, value);
  });
  form.on("file", (field: string, content: Readable, name: string) => {
    arriving.push(store(field, content, name).catch(refuse));
  });
  for (const limit of ["filesLimit", "partsLimit", "fieldsLimit"])
    form.on(limit, () => refuse(malformed("It has too many parts.")));

  // Who breaks off ends the files that are on their way, too.
  await pipeline(request, form).catch((error: unknown) => aborter.abort(error));
  await Promise.all(arriving);
  if (aborter.signal.aborted) throw asOurs(aborter.signal.reason);
  places ??= readPlaces(fields);
  places.assertTaken();
  return places.operations;
}

function openForm(request: IncomingMessage, longestField: number): Writable {
  try {
    return new Busboy({
      headers: request.headers as BusboyHeaders,
      limits: { files: MOST_FILES, fields: 10, parts: MOST_FILES + 10, fieldSize: longestField },
    });
  } catch (cause) {
    throw malformed("Its content type has no boundary.", cause);
  }
}

/** Where the files go. */
interface Places {
  operations: unknown;
  /** The places of a file, which is no longer waited for. */
  take(field: string): string[][];
  assertTaken(): void;
}

function readPlaces(fields: ReadonlyMap<string, string>): Places {
  const operations = parsed(fields, "operations");
  const map = parsed(fields, "map");
  if (typeof map !== "object" || map === null || Array.isArray(map))
    throw malformed("`map` is no JSON object.");
  const waiting = new Map<string, string[][]>();
  for (const [field, paths] of Object.entries(map)) {
    if (!Array.isArray(paths) || paths.length === 0 || paths.some((path) => typeof path !== "string"))
      throw malformed(`\`map\` has no list of places for \`${field}\`.`);
    const split = (paths as string[]).map((path) => path.split("."));
    for (const path of split) assertEmpty(operations, path);
    waiting.set(field, split);
  }
  return {
    operations,
    take(field) {
      const paths = waiting.get(field);
      if (paths === undefined) throw malformed(`\`map\` has no place for the file \`${field}\`.`);
      waiting.delete(field);
      return paths;
    },
    assertTaken() {
      const [field] = waiting.keys();
      if (field !== undefined) throw malformed(`The file \`${field}\` of \`map\` is missing.`);
    },
  };
}

function parsed(fields: ReadonlyMap<string, string>, name: string): unknown {
  const text = fields.get(name);
  if (text === undefined) throw malformed(`The field \`${name}\` is missing, or stands behind the files.`);
  try {
    return readJson(text);
  } catch (cause) {
    throw malformed(`The field \`${name}\` is no JSON.`, cause);
  }
}

function holderOf(operations: unknown, path: readonly string[]): Record<string, unknown> | undefined {
  let here = operations;
  for (const key of path.slice(0, -1)) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, key)) return undefined;
    here = (here as Record<string, unknown>)[key];
  }
  return typeof here === "object" && here !== null ? (here as Record<string, unknown>) : undefined;
}

function assertEmpty(operations: unknown, path: readonly string[]): void {
  const holder = holderOf(operations, path);
  const key = path.at(-1) ?? "";
  if (holder === undefined || !Object.hasOwn(holder, key) || holder[key] !== null)
    throw malformed(`There is no null at \`${path.join(".")}\` in \`operations\`.`);
}

function setAt(operations: unknown, path: readonly string[], value: unknown): void {
  const holder = holderOf(operations, path);
  if (holder !== undefined) holder[path.at(-1) ?? ""] = value;
}

/** The request again, with a body of JSON: whoever answers it need not know of files. */
function asJson(request: IncomingMessage, operations: unknown): IncomingMessage {
  const body = Buffer.from(writeJson(operations));
  const { "transfer-encoding": _, ...rest } = request.headers;
  const headers = { ...rest, "content-type": "application/json", "content-length": String(body.length) };
  const { method, url, socket, httpVersion, httpVersionMajor, httpVersionMinor } = request;
  const again = Object.assign(Readable.from([body]), {
    ...{ headers, method, url, socket, httpVersion, httpVersionMajor, httpVersionMinor },
  });
  return again as unknown as IncomingMessage;
}

function malformed(problem: string, cause?: unknown): RepriseError {
  return new RepriseError(
    "RP400",
    "malformed_multipart",
    `The multipart request is not well-formed. ${problem}`,
    {
      hint: "Send `operations`, then `map`, then the files: see the specification of GraphQL multipart requests.",
      cause,
    },
  );
}

function asOurs(error: unknown): unknown {
  if (error instanceof RepriseError || !(error instanceof Error)) return error;
  return /multipart|boundary|form|premature/i.test(error.message)
    ? malformed("It breaks off.", error)
    : error;
}
