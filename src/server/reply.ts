import type { ServerResponse } from "node:http";
import { type ErrorCode, RepriseError } from "../base/errors.ts";

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": Buffer.byteLength(text),
    "Cache-Control": "no-store",
  });
  response.end(text);
}

/** Answers with plain text. */
export function sendText(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, {
    "Content-Type": type,
    "Content-Length": Buffer.byteLength(text),
    "Cache-Control": "no-store",
  });
  response.end(text);
}

const statuses: Readonly<Record<ErrorCode, number>> = {
  RP400: 400,
  RP403: 403,
  RP404: 404,
  RP409: 409,
  RP422: 422,
};

/** Answers with an error in the form that GraphQL's errors have; what is not meant for people is not told. */
export function sendError(response: ServerResponse, error: unknown): void {
  if (!(error instanceof RepriseError)) {
    sendJson(response, 500, {
      errors: [
        {
          message: "Something went wrong on our side; the server's log says what.",
          extensions: { code: "INTERNAL" },
        },
      ],
    });
    return;
  }
  const { code, reason, hint, message } = error;
  sendJson(response, statuses[code], {
    errors: [{ message, extensions: { code, reason, ...(hint && { hint }) } }],
  });
}
