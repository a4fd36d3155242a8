import type { Readable } from "node:stream";
import { Agent, type Dispatcher, ProxyAgent, request } from "undici";
import { setKey } from "../../base/key-order.ts";
import { TaskError, type TaskLog } from "../task-type.ts";
import { digestAuthorization } from "./digest-auth.ts";
import { explainHttpError, shortUrl } from "./http-error.ts";
import type { HttpLog, HttpProperties } from "./http-properties.ts";
import { assertReachable, guardedLookup } from "./reachable.ts";
import { DEFAULT_CONTENT_TYPE, pairs, type RequestBody } from "./request-body.ts";

/** The answer to a request, its body not read yet. Disposing of it ends the connection. */
export interface HttpResponse extends AsyncDisposable {
  /** What was asked for, with its parameters. */
  asked: URL;
  /** Where it came from, after redirects. */
  url: URL;
  method: string;
  status: number;
  headers: Record<string, string[]>;
  body: Readable;
}

/** What sending needs beside the properties of the task. */
export interface HttpContext {
  signal: AbortSignal;
  log: TaskLog;
  rewriteUrl(url: string): string;
}

type Options = HttpProperties["options"];
type Hop = { url: URL; method: string; headers: Record<string, string>; body: RequestBody | undefined };

// As many as browsers follow.
const MOST_REDIRECTS = 20;

/** Sends a request, follows redirects, answers a digest challenge. Status codes are the caller's to judge. */
export async function sendRequest(
  properties: HttpProperties,
  body: RequestBody | undefined,
  context: HttpContext,
): Promise<HttpResponse> {
  const { options } = properties;
  const dispatcher = openDispatcher(options);
  const say = (what: HttpLog, text: () => string) => {
    if (options.logs.includes(what)) context.log.debug(text());
  };
  let hop = firstHop(properties, body, context);
  const asked = hop.url;
  let auth = options.auth;
  try {
    for (let redirects = 0; ; redirects++) {
      say("REQUEST_HEADERS", () => `${hop.method} ${shortUrl(hop.url)}\n${headerLines(hop.headers)}`);
      say("REQUEST_BODY", () => (properties.formData ? "(a form)" : (properties.body ?? "")));
      const response = await sendOnce(hop, auth, options, dispatcher, context.signal);
      say("RESPONSE_HEADERS", () => `${response.statusCode}\n${headerLines(response.headers)}`);

      const location =
        isRedirect(response.statusCode) && options.followRedirects && response.headers.location;
      if (!location) return answer(asked, hop, response, dispatcher);
      if (redirects === MOST_REDIRECTS)
        throw new TaskError("too_many_redirects", `More than ${redirects} redirects.`);
      await response.body.dump();
      const next = redirected(hop, response.statusCode, [location].flat()[0] ?? "", context);
      if (next.url.origin !== hop.url.origin) auth = undefined;
      hop = next;
    }
  } catch (error) {
    await dispatcher.destroy();
    throw explainHttpError(error, hop.method, hop.url, options, context.signal);
  }
}

function openDispatcher(options: Options): Dispatcher {
  const { proxy, timeout, ssl } = options;
  const tls = { timeout: timeout.connectTimeout, rejectUnauthorized: !ssl.insecureTrustAllCertificates };
  if (proxy?.address === undefined || proxy.type === "DIRECT") {
    return new Agent({ connect: { ...tls, lookup: guardedLookup } });
  }
  const { address, port, username, password } = proxy;
  return new ProxyAgent({
    uri: `http://${address.replace(/^http:\/\//, "")}:${port}`,
    // Plain HTTP is forwarded, as most proxies want it; only HTTPS goes through a tunnel.
    proxyTunnel: false,
    requestTls: tls,
    proxyTls: { timeout: timeout.connectTimeout },
    ...(username !== undefined && { token: basic(username, password ?? "") }),
  });
}

function firstHop(properties: HttpProperties, body: RequestBody | undefined, context: HttpContext): Hop {
  const url = parseUrl(context.rewriteUrl(properties.uri));
  url.search = withParams(url.search, pairs(properties.params ?? {}));
  const contentType = body?.contentType ?? properties.contentType ?? DEFAULT_CONTENT_TYPE;
  const headers: Record<string, string> = { "user-agent": "Reprise", "content-type": contentType };
  if (url.username !== "" || url.password !== "") {
    headers.authorization = basic(decodeURIComponent(url.username), decodeURIComponent(url.password));
    url.username = url.password = "";
  }
  for (const [name, value] of Object.entries(properties.headers ?? {}))
    setKey(headers, name.toLowerCase(), value);
  return { url, method: properties.method.toUpperCase(), headers, body };
}

/** Adds to a query what is asked for beside it; what stands in it is sent as it is written. */
function withParams(query: string, params: [string, string][]): string {
  const added = params.map((pair) => pair.map(encodeURIComponent).join("="));
  return [...(query.length > 1 ? [query] : []), ...added].join("&");
}

async function sendOnce(
  hop: Hop,
  auth: Options["auth"],
  options: Options,
  dispatcher: Dispatcher,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  const send = (authorization?: string) =>
    request(hop.url, {
      dispatcher,
      signal,
      method: hop.method as Dispatcher.HttpMethod,
      headers: {
        ...hop.headers,
        ...(hop.body && { "content-length": String(hop.body.length) }),
        ...(authorization !== undefined && { authorization }),
      },
      body: hop.body?.make() ?? null,
      headersTimeout: options.timeout.readIdleTimeout,
      bodyTimeout: options.timeout.readIdleTimeout,
    });
  if (auth?.type === "BASIC") return send(basic(auth.username, auth.password));
  if (auth?.type === "BEARER") return send(`Bearer ${auth.token}`);
  const response = await send();
  if (auth?.type !== "DIGEST" || response.statusCode !== 401) return response;

  const challenges = [response.headers["www-authenticate"] ?? []].flat();
  const path = hop.url.pathname + hop.url.search;
  const authorization = digestAuthorization(challenges, auth, { method: hop.method, path });
  if (authorization === undefined) return response;
  await response.body.dump();
  return send(authorization);
}

function answer(
  asked: URL,
  hop: Hop,
  response: Dispatcher.ResponseData,
  dispatcher: Dispatcher,
): HttpResponse {
  const { statusCode, headers, body } = response;
  // What is destroyed half way says so, whether somebody reads it just then or not.
  body.on("error", () => undefined);
  return {
    asked,
    url: hop.url,
    method: hop.method,
    status: statusCode,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value ?? []].flat()])),
    body,
    async [Symbol.asyncDispose]() {
      body.destroy();
      await dispatcher.destroy();
    },
  };
}

function redirected(hop: Hop, status: number, location: string, context: HttpContext): Hop {
  const url = parseUrl(context.rewriteUrl(new URL(location, hop.url).href));
  // A redirect may not choose whom we are: credentials in a location are dropped like those of another origin.
  url.username = url.password = "";
  const isSame = url.origin === hop.url.origin;
  const headers = isSame ? hop.headers : withoutCredentials(hop.headers);
  if (!asksAnew(status, hop.method)) return { ...hop, url, headers };
  const { "content-type": _, ...rest } = headers;
  return { url, method: "GET", headers: rest, body: undefined };
}

/** RFC 9110, 15.4: 303 says where to look, and 301 and 302 do so to what was posted; all else repeats the request. */
function asksAnew(status: number, method: string): boolean {
  if (status === 303) return method !== "GET" && method !== "HEAD";
  return (status === 301 || status === 302) && method === "POST";
}

function parseUrl(text: string): URL {
  const url = URL.parse(text.trim());
  if (!url) throw new TaskError("invalid_uri", `"${text}" is not a URI.`);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new TaskError("invalid_uri", `Only http and https can be asked, not ${url.protocol.slice(0, -1)}.`);
  }
  assertReachable(url);
  return url;
}

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

const CREDENTIAL = /auth|cookie|token|secret|password|api-?key/i;

function withoutCredentials(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !CREDENTIAL.test(name)));
}

function headerLines(headers: Readonly<Record<string, string | string[] | undefined>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${CREDENTIAL.test(name) ? "***" : [value].flat().join(", ")}`)
    .join("\n");
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}
