import type { ServerResponse } from "node:http";
import { type ErrorCode, RepriseError } from "../base/errors.ts";
import { describeUnforeseen } from "../db/unforeseen.ts";

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

/** Where HTTP has a word of its own for a reason. */
const statusesByReason: Readonly<Record<string, number>> = {
  method_not_allowed: 405,
  range_outside: 416,
  database_unreachable: 503,
};

/** Answers with an error in the form that GraphQL's errors have; what is not meant for people is not told. */
export function sendError(response: ServerResponse, error: unknown): void {
  const { message, ...extensions } =
    error instanceof RepriseError ? ofReprise(error) : describeUnforeseen(error);
  const status = error instanceof RepriseError ? statuses[error.code] : 500;
  sendJson(response, statusesByReason[extensions.reason] ?? status, { errors: [{ message, extensions }] });
}

function ofReprise({ code, reason, hint, message }: RepriseError) {
  return { message, code, reason, ...(hint && { hint }) };
}
