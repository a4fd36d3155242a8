import { TaskError } from "../task-type.ts";
import type { HttpProperties } from "./http-properties.ts";

/** Turns what went wrong on the wire into an error for the user of the flow. An abort stays what it is. */
export function explainHttpError(
  error: unknown,
  method: string,
  url: URL,
  options: HttpProperties["options"],
  signal: AbortSignal,
): unknown {
  if (signal.aborted) return signal.reason;
  if (!(error instanceof Error) || error instanceof TaskError) return error;
  const what = `${method} ${shortUrl(url)}`;
  const code = errorCode(error);
  const { connectTimeout, readIdleTimeout } = options.timeout;
  if (code === "UND_ERR_CONNECT_TIMEOUT") {
    return new TaskError("connect_timeout", `${what}: no connection within ${connectTimeout / 1000} s.`, {
      cause: error,
    });
  }
  if (isReadTimeout(error)) {
    return new TaskError("read_timeout", `${what}: the server was silent for ${readIdleTimeout / 1000} s.`, {
      cause: error,
    });
  }
  // Node gathers the failures of several addresses into one error without a message.
  const failures = error instanceof AggregateError ? error.errors : [error];
  const message = failures.map((failure: Error) => failure.message).join("; ");
  return new TaskError("http_request_failed", `${what} failed: ${message}`, {
    details: { code },
    cause: error,
  });
}

/** Whether the server fell silent. */
export function isReadTimeout(error: unknown): boolean {
  return ["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"].includes(errorCode(error) ?? "");
}

/** A URL without its query, which often holds credentials. */
export function shortUrl(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}
