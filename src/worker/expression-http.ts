import { STATUS_CODES } from "node:http";
import { z } from "zod";
import { RepriseError } from "../base/errors.ts";
import { readJson } from "../base/json.ts";
import { ExpressionError } from "../expression/expression-error.ts";
import type { HttpQuestion } from "../expression/functions/http-function.ts";
import type { Storage } from "../storage/storage.ts";
import { httpProperties } from "../tasks/http/http-properties.ts";
import { withAliases } from "../tasks/http/property-aliases.ts";
import { requestBody } from "../tasks/http/request-body.ts";
import { decoded } from "../tasks/http/response.ts";
import { type HttpResponse, sendRequest } from "../tasks/http/send-request.ts";
import { parseProperties, TaskError } from "../tasks/task-type.ts";

/** An expression is no place to wait: what takes longer is for a task. */
const LONGEST_MS = 30_000;
const LONGEST_ANSWER = 4 * 1024 * 1024;

const question = { properties: z.strictObject(httpProperties) };
const silent = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };

/** Sends what `http()` asks for. The answer begins with a line that says its content type. */
export async function askByHttp(
  details: string,
  deps: { storage: Storage; rewriteUrl(url: string): string },
  signal: AbortSignal,
): Promise<string> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]);
  try {
    const asked = withAliases(parseProperties(question, writtenFor(readJson(details) as HttpQuestion)));
    const body = await requestBody(asked, deps.storage);
    await using response = await sendRequest(asked, body, { ...deps, log: silent, signal: limit });
    if (response.status >= 400 && !asked.options.allowFailed) {
      const status = `${response.status} : ${STATUS_CODES[response.status] ?? ""}`;
      throw new ExpressionError(`Failed to execute HTTP Request, server respond with status ${status}`);
    }
    return `${response.headers["content-type"]?.[0] ?? ""}\n${await textOf(response)}`;
  } catch (error) {
    if (signal.aborted || error instanceof ExpressionError) throw error;
    if (limit.aborted)
      throw new ExpressionError(
        `Failed to execute HTTP request: no answer within ${LONGEST_MS / 1000} seconds.`,
      );
    if (!(error instanceof TaskError || error instanceof RepriseError)) throw error;
    throw new ExpressionError(`Failed to execute HTTP request: ${error.message}`, "", undefined, {
      cause: error,
    });
  }
}

/** A header with several values is one with commas between them. */
function writtenFor({ headers, ...rest }: HttpQuestion): Record<string, unknown> {
  const written = Object.entries(headers).map(([name, value]) => [name, [value].flat().join(", ")]);
  return { ...rest, headers: Object.fromEntries(written) };
}

async function textOf(response: HttpResponse): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of decoded(response, response.body)) {
    size += piece.length;
    if (size > LONGEST_ANSWER)
      throw new ExpressionError(`The answer has more than ${LONGEST_ANSWER} bytes; use a task for it.`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

function ignore(): void {}
