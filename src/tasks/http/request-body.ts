import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { writeJson } from "../../base/json.ts";
import { entriesOf } from "../../base/key-order.ts";
import type { Storage } from "../../storage/storage.ts";
import { encoderOf } from "../serdes/charset/encode-text.ts";
import { TaskError } from "../task-type.ts";
import type { HttpProperties } from "./http-properties.ts";

/** What a request says that it sends where its task does not; also one without a body, as there are servers that ask for it. */
export const DEFAULT_CONTENT_TYPE = "application/json";

/** What a request sends. It can be made again for a redirect or a second try with credentials. */
export interface RequestBody {
  contentType: string;
  length: number;
  make(): Buffer | Readable;
}

/** The body that the properties of a task describe, if any. */
export async function requestBody(
  properties: HttpProperties,
  storage: Storage,
): Promise<RequestBody | undefined> {
  const { body, formData, contentType, options } = properties;
  if (formData !== undefined && Object.keys(formData).length > 0) {
    return contentType === "multipart/form-data" ? await multipart(formData, storage) : urlEncoded(formData);
  }
  if (body === undefined) return undefined;
  const bytes = encoderOf(options.defaultCharset)(body);
  const type = contentType ?? DEFAULT_CONTENT_TYPE;
  const charset = /charset=/i.test(type) ? "" : `; charset=${options.defaultCharset}`;
  return { contentType: type + charset, length: bytes.length, make: () => bytes };
}

/** Name and value pairs, a pair for each item of a list. */
export function pairs(values: Readonly<Record<string, unknown>>): [string, string][] {
  return entriesOf(values).flatMap(([name, value]) =>
    [value].flat().map((item): [string, string] => [name, asText(item)]),
  );
}

function asText(value: unknown): string {
  return value !== null && typeof value === "object" ? writeJson(value) : String(value ?? "");
}

function urlEncoded(formData: Record<string, unknown>): RequestBody {
  const bytes = Buffer.from(new URLSearchParams(pairs(formData)).toString());
  return { contentType: "application/x-www-form-urlencoded", length: bytes.length, make: () => bytes };
}

/** RFC 7578. Stored files are streamed; their sizes are known before, because many servers want a Content-Length. */
async function multipart(formData: Record<string, unknown>, storage: Storage): Promise<RequestBody> {
  const boundary = `reprise-${randomUUID()}`;
  const parts: (Buffer | { uri: string; size: number })[] = [];
  for (const [name, value] of entriesOf(formData)) {
    const file = namedFile(value);
    const stored = file && (await storage.stat(file.uri));
    const fileName = stored ? `; filename="${quoted(file?.name ?? stored.name)}"` : "";
    const type = stored ? "application/octet-stream" : "text/plain; charset=UTF-8";
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"${fileName}\r\n`;
    parts.push(Buffer.from(`${head}Content-Type: ${type}\r\n\r\n`));
    parts.push(stored ?? Buffer.from(asText(value)), Buffer.from("\r\n"));
  }
  parts.push(Buffer.from(`--${boundary}--\r\n`));

  const length = parts.reduce((sum, part) => sum + (Buffer.isBuffer(part) ? part.length : part.size), 0);
  const stream = async function* () {
    for (const part of parts) {
      if (Buffer.isBuffer(part)) yield part;
      else yield* storage.get(part.uri);
    }
  };
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    length,
    make: () => Readable.from(stream(), { objectMode: false }),
  };
}

/** The file that a value of a form names: a URI, or a map of `name` and `content`. */
function namedFile(value: unknown): { uri: string; name?: string } | undefined {
  if (typeof value === "string") return value.startsWith("kestra://") ? { uri: value } : undefined;
  if (value === null || typeof value !== "object" || !("name" in value) || !("content" in value))
    return undefined;
  const { name, content } = value;
  if (typeof content !== "string" || !content.startsWith("kestra://")) {
    throw new TaskError(
      "invalid_form_data",
      "The `content` of a file in `formData` must be the URI of a stored file.",
    );
  }
  return { uri: content, name: String(name) };
}

function quoted(name: string): string {
  return name.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}
