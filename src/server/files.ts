import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Pool } from "pg";
import { RepriseError } from "../base/errors.ts";
import type { Storage } from "../storage/storage.ts";

const isUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface File {
  uri: string;
  name: string;
  size: string;
}

/** `GET /files/<id>`: streams a file that some execution names. Always as a download: what is in it is nobody's page. */
export async function serveFile(
  deps: { db: Pool; storage: Storage },
  id: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const file = await findFile(deps.db, id);
  const aborter = new AbortController();
  response.on("close", () => aborter.abort());
  const headers = {
    "Content-Type": "application/octet-stream",
    "Content-Length": file.size,
    "Content-Disposition": disposition(file.name),
    "Content-Security-Policy": "sandbox; default-src 'none'",
    // A file never changes; who may see it does.
    "Cache-Control": "private, no-cache",
  };
  if (request.method === "HEAD") {
    response.writeHead(200, headers).end();
    return;
  }
  const content = deps.storage.get(file.uri, aborter.signal)[Symbol.asyncIterator]();
  // The first piece is read before the head is sent, so that a file that is gone is still a 404.
  const first = await content.next();
  response.writeHead(200, headers);
  await pipeline(Readable.from(resume(first, content)), response);
}

async function findFile(db: Pool, id: string): Promise<File> {
  const { rows } = isUuid.test(id)
    ? await db.query<File>("select uri, name, size from reprise_api.files where id = $1 limit 1", [id])
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
