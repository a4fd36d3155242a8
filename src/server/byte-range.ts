import type { IncomingHttpHeaders } from "node:http";

/** Bytes `start` to `end`, both counted from 0, `end` not included. */
interface Part {
  start: number;
  end: number;
}

/**
 * Which part of a file a request asks for (RFC 9110, 14): nothing when it is the whole, `outside` when there is no such part.
 * What is not well-formed, several parts at once, and a part of what the file has not been since (If-Range) mean the whole.
 */
export function partOf(
  headers: IncomingHttpHeaders,
  size: number,
  etag: string,
): Part | "outside" | undefined {
  const ifRange = headers["if-range"];
  if (ifRange !== undefined && ifRange !== etag) return undefined;
  const [, first = "", last = ""] = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i.exec(headers.range ?? "") ?? [];
  if (first === "" && last === "") return undefined;
  // Without a first byte, the number is how many of the last ones are meant.
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size : Math.min(size, Number(last) + 1);
  if (first !== "" && last !== "" && Number(last) < Number(first)) return undefined;
  return start < end ? { start, end } : "outside";
}

/** Whether the asker has the file already (If-None-Match). */
export function isKnown(headers: IncomingHttpHeaders, etag: string): boolean {
  const known = headers["if-none-match"];
  if (known === undefined) return false;
  return known.split(",").some((tag) => ["*", etag, `W/${etag}`].includes(tag.trim()));
}
