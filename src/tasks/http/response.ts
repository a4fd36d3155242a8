import { withProgress } from "../byte-progress.ts";
import { type Compression, decompressed } from "../compress/compression.ts";
import { type TaskContext, TaskError } from "../task-type.ts";
import { explainHttpError, isReadTimeout } from "./http-error.ts";
import type { HttpProperties } from "./http-properties.ts";
import type { HttpResponse } from "./send-request.ts";

/** Enough of an error page to see what it says. */
export const BODY_START = 2000;

/** Refuses an answer whose status code is not good. */
export async function assertStatus(
  response: HttpResponse,
  options: HttpProperties["options"],
): Promise<void> {
  const { status } = response;
  const allowed = options.allowedResponseCodes;
  const isGood = allowed?.length ? allowed.includes(status) : status < 400 || options.allowFailed;
  if (isGood) return;

  let start = Buffer.alloc(0);
  for await (const piece of response.body) {
    start = Buffer.concat([start, piece]);
    if (start.length >= BODY_START) break;
  }
  const body = start.subarray(0, BODY_START).toString();
  const text = body === "" ? "no body" : `body:\n${body}`;
  throw new TaskError("http_status", `Failed http request with response code '${status}' and ${text}`, {
    details: { code: status, body },
  });
}

/** The bytes from the wire, counted against what was announced. */
export async function* received(
  response: HttpResponse,
  options: HttpProperties["options"],
  context: TaskContext,
) {
  const header = response.headers["content-length"]?.[0];
  const expected = header === undefined || response.method === "HEAD" ? undefined : Number(header);
  let size = 0;
  try {
    for await (const piece of withProgress(response.body, context, "Downloading", expected)) {
      size += piece.length;
      yield piece;
    }
  } catch (error) {
    const isCut =
      expected !== undefined && size < expected && !isReadTimeout(error) && !context.signal.aborted;
    if (isCut) throw wrongSize(size, expected, error);
    throw explainHttpError(error, response.method, response.url, options, context.signal);
  }
  if (expected !== undefined && size !== expected) throw wrongSize(size, expected);
}

function wrongSize(size: number, expected: number, cause?: unknown): TaskError {
  return new TaskError("invalid_size", `Invalid size, got ${size}, expected ${expected}`, {
    details: { size, expected },
    cause,
  });
}

/** Undoes the content encodings, which say how the bytes travelled and not what the file is. */
export function decoded(response: HttpResponse, bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const encodings = (response.headers["content-encoding"] ?? [])
    .flatMap((header) => header.toLowerCase().split(","))
    .map((encoding) => encoding.trim())
    .filter((encoding) => encoding !== "" && encoding !== "identity");
  return encodings.reduceRight((stream: AsyncIterable<Uint8Array>, encoding) => {
    const compression = ENCODINGS[encoding];
    if (!compression)
      throw new TaskError("content_encoding", `The server encodes with ${encoding}, which cannot be read.`);
    return decompressed(stream, compression);
  }, bytes);
}

const ENCODINGS: Record<string, Compression | undefined> = {
  gzip: "GZIP",
  "x-gzip": "GZIP",
  deflate: "DEFLATE",
  br: "BROTLI",
  zstd: "ZSTD",
};
