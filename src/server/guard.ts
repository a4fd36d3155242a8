import type { IncomingMessage } from "node:http";
import { RepriseError } from "../base/errors.ts";

const loopback = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Refuses what a web page elsewhere makes a browser send. Without access control, whoever reaches the server may do
 * anything; a page from another site reaches it through the user's browser, directly or by pointing its own name at
 * 127.0.0.1. So the Host must be a name of this machine, and the Origin, where a browser sends one, this very server.
 */
export function checkOrigin(request: IncomingMessage): void {
  const host = request.headers.host ?? "";
  const name = URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : "";
  if (!loopback.includes(name)) {
    throw new RepriseError("RP403", "foreign_host", "This server answers only under its own name.", {
      hint: "Call it as localhost or 127.0.0.1.",
    });
  }
  const { origin } = request.headers;
  // Reading by a plain link or address bar brings no Origin, and gives nothing to the page that made it.
  if (origin === undefined) {
    checkFetchSite(request);
    return;
  }
  if (URL.canParse(origin) && new URL(origin).host === host) return;
  throw new RepriseError("RP403", "foreign_origin", "Pages of other sites may not use this server.", {
    hint: "Open the console that this server serves.",
  });
}

/** Browsers say by themselves when a page of another site asks, also where they send no Origin. */
function checkFetchSite({ headers, method }: IncomingMessage): void {
  const site = headers["sec-fetch-site"];
  const isReading = method === "GET" || method === "HEAD";
  if (site === undefined || site === "same-origin" || site === "none") return;
  if (isReading && headers["sec-fetch-mode"] === "navigate") return;
  throw new RepriseError("RP403", "foreign_origin", "Pages of other sites may not use this server.");
}
