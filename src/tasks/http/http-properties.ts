import { z } from "zod";
import { bool, duration, int, list, map, oneOf, text } from "../property.ts";
import { outputCharset } from "../serdes/charset/encode-text.ts";

/** What can be said to the log about a request. */
export type HttpLog = "REQUEST_HEADERS" | "REQUEST_BODY" | "RESPONSE_HEADERS" | "RESPONSE_BODY";

const timeout = z.strictObject({
  connectTimeout: duration()
    .prefault("PT30S")
    .meta({ description: "How long a connection may take to stand." }),
  readIdleTimeout: duration()
    .prefault("PT5M")
    .meta({ description: "How long the server may say nothing before the request fails." }),
});

const proxyType = oneOf(["DIRECT", "HTTP"], { words: ["SOCKS"], why: "only HTTP proxies are" });
const port = int({ min: 1, max: 65_535 });

const proxy = z.strictObject({
  type: proxyType.default("HTTP").meta({ description: "HTTP, or DIRECT for none." }),
  address: text().optional().meta({ description: "The host of the proxy." }),
  port: port.default(80).meta({ description: "The port of the proxy." }),
  username: text().optional().meta({ description: "The user that the proxy knows." }),
  password: text().optional().meta({ description: "The password of that user." }),
});

const password = {
  username: text().meta({ description: "The user." }),
  password: text().meta({ description: "The password." }),
};
const auth = z.discriminatedUnion(
  "type",
  [
    z.strictObject({ type: z.literal("BASIC"), ...password }),
    z.strictObject({ type: z.literal("DIGEST"), ...password }),
    z.strictObject({ type: z.literal("BEARER"), token: text().meta({ description: "The token." }) }),
  ],
  "Expected a type: BASIC, BEARER or DIGEST",
);

const ssl = z.strictObject({
  insecureTrustAllCertificates: bool().default(false).meta({
    description: "Takes any certificate, so that anybody in between can read and change what is sent.",
  }),
});

/** What these options were once called, or where they stood; `withAliases` puts them where they belong. */
const formerOptions = {
  connectTimeout: duration().optional().meta({ description: "The former name of `timeout.connectTimeout`." }),
  readTimeout: duration().optional().meta({ description: "The former name of `timeout.readIdleTimeout`." }),
  proxyType: proxyType.optional().meta({ description: "The former name of `proxy.type`." }),
  proxyAddress: text().optional().meta({ description: "The former name of `proxy.address`." }),
  proxyPort: port.optional().meta({ description: "The former name of `proxy.port`." }),
  proxyUsername: text().optional().meta({ description: "The former name of `proxy.username`." }),
  proxyPassword: text().optional().meta({ description: "The former name of `proxy.password`." }),
  basicAuthUser: text().optional().meta({ description: "The former name of `auth.username`." }),
  basicAuthPassword: text().optional().meta({ description: "The former name of `auth.password`." }),
  logLevel: oneOf(["ALL", "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "OFF", "NOT_SPECIFIED"])
    .optional()
    .meta({ description: "What `logs` took the place of." }),
  readIdleTimeout: duration().optional().meta({ description: "No longer looked at." }),
  connectionPoolIdleTimeout: duration().optional().meta({ description: "No longer looked at." }),
  maxContentLength: int().optional().meta({ description: "No longer looked at." }),
};

const options = z.strictObject({
  timeout: timeout.prefault({}).meta({ description: "How long to wait." }),
  proxy: proxy.optional().meta({ description: "A proxy to go through." }),
  auth: auth.optional().meta({ description: "How to say who asks: BASIC, BEARER or DIGEST." }),
  ssl: ssl.prefault({}).meta({ description: "How certificates are checked." }),
  followRedirects: bool().default(true).meta({ description: "Whether to go where the server points." }),
  allowFailed: bool().default(false).meta({ description: "Takes an answer of 400 and above for good, too." }),
  allowedResponseCodes: list(int({ min: 100, max: 599 }))
    .optional()
    .meta({ description: "The only status codes that are good." }),
  defaultCharset: outputCharset().meta({ description: "The charset that `body` is written in." }),
  logs: list(oneOf(["REQUEST_HEADERS", "REQUEST_BODY", "RESPONSE_HEADERS", "RESPONSE_BODY"]))
    .default([])
    .meta({ description: "What to write to the logs, at level DEBUG; credentials are left out." }),
  ...formerOptions,
});

/** The properties that every HTTP task has. */
export const httpProperties = {
  uri: text().meta({ description: "What to ask for; `http` or `https`." }),
  method: text().default("GET").meta({ description: "The HTTP method." }),
  body: text().optional().meta({ description: "What to send." }),
  formData: map(z.unknown())
    .optional()
    .meta({
      description:
        "A form to send instead of `body`. With the content type `multipart/form-data`, a value may be the URI of a stored " +
        "file, or a map of `name` and `content` for one with a name of its own.",
    }),
  params: map(z.unknown())
    .optional()
    .meta({ description: "Parameters to add to the URI; a list gives one parameter for each of its items." }),
  contentType: text().optional().meta({
    description:
      "The content type of what is sent: `application/json` unless said otherwise, also without a `body`.",
  }),
  headers: map(text()).optional().meta({ description: "Headers to send." }),
  options: options
    .prefault({})
    .meta({ description: "How to send the request and what to make of the answer." }),
  allowFailed: bool().optional().meta({ description: "The former place of `options.allowFailed`." }),
  sslOptions: ssl.optional().meta({ description: "The former place of `options.ssl`." }),
};

/** Those properties, parsed. */
export type HttpProperties = z.output<z.ZodObject<typeof httpProperties>>;
