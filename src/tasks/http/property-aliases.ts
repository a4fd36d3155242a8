import type { HttpLog, HttpProperties } from "./http-properties.ts";

type Options = HttpProperties["options"];

/** Puts what is given under a former name where it belongs; what stands there already wins. */
export function withAliases(properties: HttpProperties): HttpProperties {
  const { options, allowFailed, sslOptions } = properties;
  return {
    ...properties,
    options: {
      ...options,
      timeout: timeoutOf(options),
      proxy: options.proxy ?? proxyOf(options),
      auth: options.auth ?? authOf(options),
      ssl: options.ssl.insecureTrustAllCertificates ? options.ssl : (sslOptions ?? options.ssl),
      allowFailed: options.allowFailed || allowFailed === true,
      logs: options.logs.length > 0 ? options.logs : logsOf(options),
    },
  };
}

function timeoutOf({ timeout, connectTimeout, readTimeout }: Options): Options["timeout"] {
  return {
    connectTimeout: connectTimeout ?? timeout.connectTimeout,
    readIdleTimeout: readTimeout ?? timeout.readIdleTimeout,
  };
}

function proxyOf(options: Options): Options["proxy"] {
  const { proxyAddress, proxyType = "HTTP", proxyPort = 80, proxyUsername, proxyPassword } = options;
  if (proxyAddress === undefined) return undefined;
  return {
    type: proxyType,
    address: proxyAddress,
    port: proxyPort,
    username: proxyUsername,
    password: proxyPassword,
  };
}

function authOf({ basicAuthUser, basicAuthPassword }: Options): Options["auth"] {
  if (basicAuthUser === undefined || basicAuthPassword === undefined) return undefined;
  return { type: "BASIC", username: basicAuthUser, password: basicAuthPassword };
}

const HEADERS: HttpLog[] = ["REQUEST_HEADERS", "RESPONSE_HEADERS"];

function logsOf({ logLevel }: Options): HttpLog[] {
  if (logLevel === "TRACE" || logLevel === "ALL") return [...HEADERS, "REQUEST_BODY", "RESPONSE_BODY"];
  return logLevel === "DEBUG" || logLevel === "INFO" ? HEADERS : [];
}
