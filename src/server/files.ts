import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Pool } from "pg";
import { RepriseError } from "../base/errors.ts";
import type { Storage } from "../storage/storage.ts";
import { isKnown, partOf } from "./byte-range.ts";

const isUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface File {
  id: string;
  uri: string;
  name: string;
  size: string;
}

/**
 * `GET /files/<id>`: streams a file that some execution names, or a part of it. Always as a download: what is in it is nobody's
 * page. A file never changes, so its id is its tag.
 */
export async function serveFile(
  deps: { db: Pool; storage: Storage },
  id: string,
  { method, headers: asked }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const file = await findFile(deps.db, id);
  const size = Number(file.size);
  const etag = `"${file.id}"`;
  const headers = {
    "Content-Type": "application/octet-stream",
    "Content-Disposition": disposition(file.name),
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Accept-Ranges": "bytes",
    ETag: etag,
    // Who may see it may change.
    "Cache-Control": "private, no-cache",
  };
  if (isKnown(asked, etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  const part = method === "GET" ? partOf(asked, size, etag) : undefined;
  if (part === "outside") throw outside(response, file, size);
  const { start, end } = part ?? { start: 0, end: size };
  const head = {
    ...headers,
    "Content-Length": end - start,
    ...(part && { "Content-Range": `bytes ${start}-${end - 1}/${size}` }),
  };
  const status = part ? 206 : 200;
  if (method === "HEAD") response.writeHead(status, head).end();
  else await send(deps.storage, file.uri, { start, end }, response, () => response.writeHead(status, head));
}

function outside(response: ServerResponse, file: File, size: number): RepriseError {
  response.setHeader("Content-Range", `bytes */${size}`);
  return new RepriseError(
    "RP400",
    "range_outside",
    `The file ${file.name} has ${size} bytes, and none in that range.`,
  );
}

async function send(
  storage: Storage,
  uri: string,
  range: { start: number; end: number },
  response: ServerResponse,
  writeHead: () => void,
): Promise<void> {
  const aborter = new AbortController();
  response.on("close", () => aborter.abort());
  const content = storage.get(uri, aborter.signal, range)[Symbol.asyncIterator]();
  // The first piece is read before the head is sent, so that a file that is gone is still a 404.
  const first = await content.next();
  writeHead();
  await pipeline(Readable.from(resume(first, content)), response);
}

async function findFile(db: Pool, id: string): Promise<File> {
  const { rows } = isUuid.test(id)
    ? await db.query<File>(
        `select id, uri, name, size from reprise_api.files where id = $1
        union all select id, uri, name, size from reprise_api.input_files where id = $1 limit 1`,
        [id],
      )
    : { rows: [] };
  const [file] = rows;
  if (file) return file;
  throw new RepriseError("RP404", "file_not_found", `There is no file ${id.slice(0, 100)}.`, {
    hint: "It may have been purged with its execution.",
  });
}

async function* resume(
  first: IteratorResult<Uint8Array>,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    for (let piece = first; piece.done !== true; piece = await rest.next()) yield piece.value;
  } finally {
    await rest.return?.();
  }
}

/** The name as it is for browsers that know how, and in plain letters for others (RFC 6266). */
function disposition(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, "_");
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
