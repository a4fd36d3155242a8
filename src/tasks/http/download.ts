import { z } from "zod";
import { withProgress } from "../byte-progress.ts";
import { type Compression, decompressed } from "../compress/compression.ts";
import { bool, text } from "../property.ts";
import { defineTaskType, type TaskContext, TaskError } from "../task-type.ts";
import { explainHttpError, isReadTimeout, shortUrl } from "./http-error.ts";
import { type HttpProperties, httpProperties } from "./http-properties.ts";
import { requestBody } from "./request-body.ts";
import { responseFileName } from "./response-file-name.ts";
import { type HttpResponse, sendRequest } from "./send-request.ts";

/** `io.kestra.plugin.core.http.Download` */
export const download = defineTaskType({
  type: "io.kestra.plugin.core.http.Download",
  title: "Download a file",
  description:
    "Sends one HTTP request and keeps what comes back as a file for later tasks. The file is streamed, so its size does not matter.",
  properties: z.strictObject({
    ...httpProperties,
    failOnEmptyResponse: bool().default(true).meta({ description: "Fails when nothing comes back." }),
    saveAs: text().optional().meta({
      description:
        "The name of the file; else the server's word (Content-Disposition), else the end of the URI.",
    }),
  }),
  outputs: z.object({
    code: z.int().meta({ description: "The status code of the answer." }),
    uri: z.string().meta({ description: "The URI of the stored file." }),
    length: z.int().meta({ description: "Its length in bytes." }),
    headers: z.record(z.string(), z.array(z.string())).meta({ description: "The headers of the answer." }),
  }),
  isHeavy: true,
  examples: [
    { title: "Download a CSV file", yaml: "uri: https://example.test/orders.csv" },
    {
      title: "Say who asks, and wait less",
      yaml: "uri: https://example.test/private.zip\noptions:\n  auth:\n    type: BEARER\n    token: abc\n  timeout:\n    readIdleTimeout: PT30S",
    },
  ],
  async run({ properties, context }) {
    const { options } = properties;
    const body = await requestBody(properties, context.storage);
    await using response = await sendRequest(properties, body, context);
    await assertStatus(response, options);

    const wire = await peek(received(response, options, context));
    // An encoding may be announced for a body that does not come, as for HEAD.
    const { first, all } = wire.first.length === 0 ? wire : await peek(decoded(response, wire.all));
    if (options.logs.includes("RESPONSE_BODY")) context.log.debug(first.subarray(0, BODY_START).toString());
    if (first.length === 0) {
      if (properties.failOnEmptyResponse && !options.allowFailed) {
        throw new TaskError("empty_response", "No response from server");
      }
      context.log.warn(`File '${shortUrl(response.url)}' is empty`);
    }

    const name =
      properties.saveAs ?? responseFileName(response.url, response.headers["content-disposition"]?.[0]);
    const { uri, size } = await context.storage.put({ ...context.place, name }, all, context.signal);
    context.log.debug(`File '${shortUrl(response.url)}' downloaded with size '${size}'`);
    return { outputs: { code: response.status, uri, length: size, headers: response.headers } };
  },
});

// Enough of an error page to see what it says.
const BODY_START = 2000;

async function assertStatus(response: HttpResponse, options: HttpProperties["options"]): Promise<void> {
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
async function* received(response: HttpResponse, options: HttpProperties["options"], context: TaskContext) {
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
function decoded(response: HttpResponse, bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
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

/** Looks at the first bytes of a stream; empty when there are none. */
async function peek(
  source: AsyncIterable<Uint8Array>,
): Promise<{ first: Buffer; all: AsyncIterable<Uint8Array> }> {
  const iterator = source[Symbol.asyncIterator]();
  let next = await iterator.next();
  while (!next.done && next.value.length === 0) next = await iterator.next();
  const first = next.done ? new Uint8Array() : next.value;
  const all = async function* () {
    yield first;
    yield* { [Symbol.asyncIterator]: () => iterator };
  };
  return { first: Buffer.from(first), all: all() };
}
