import { writeJson } from "../../base/json.ts";
import { keysOf } from "../../base/key-order.ts";
import { shorten } from "../../base/shorten.ts";
import { strictText } from "../arguments.ts";
import type { Callable } from "../callable.ts";
import { ExpressionError } from "../expression-error.ts";
import { fetched } from "../fetched.ts";
import { yamlText } from "../filters/yaml-text.ts";
import { parseJson } from "../json-text.ts";
import type { Run } from "../run.ts";
import { isMap, javaText, jsonOf, nativeOf } from "../values.ts";
import { parseYaml } from "../yaml-text.ts";

/** A request as `http()` asks for it. */
export interface HttpQuestion {
  uri: string;
  method: string;
  params?: unknown;
  body?: string;
  contentType?: string;
  headers: Record<string, unknown>;
  options?: unknown;
}

const JSON_TYPE = "application/json";

/** `http(uri, …)`: what a server answers, read where it is JSON or YAML. */
export const http: Callable = {
  parameters: ["uri", "method", "query", "body", "contentType", "headers", "options", "accept"],
  required: 1,
  call([uri, method, query, body, contentType, headers, options, accept], run) {
    const type = given(contentType) ? strictText(contentType, "contentType") : JSON_TYPE;
    const question: HttpQuestion = {
      uri: strictText(uri, "uri"),
      method: given(method) ? strictText(method, "method").toUpperCase() : "GET",
      headers: {
        ...(given(headers) ? plainMap(headers, "headers", run) : {}),
        accept: given(accept) ? strictText(accept, "accept") : JSON_TYPE,
      },
      ...(given(query) && { params: plainMap(query, "query", run) }),
      ...(given(body) && { body: bodyText(body, type, run), contentType: type }),
      ...(given(options) && { options: plainMap(options, "options", run) }),
    };
    const answer = fetched(run, { name: "http", uri: question.uri, details: writeJson(question) });
    return readAnswer(String(answer), run);
  },
};

function given(value: unknown): boolean {
  return value !== null && value !== undefined;
}

function plainMap(value: unknown, name: string, run: Run): Record<string, unknown> {
  if (!isMap(value)) throw new ExpressionError(`The argument \`${name}\` must be a map.`);
  return nativeOf(value, run.budget) as Record<string, unknown>;
}

function bodyText(body: unknown, contentType: string, run: Run): string {
  const type = mediaType(contentType);
  if (typeof body === "string" && isKnown(type)) return body;
  if (isJson(type)) return jsonOf(body, run.budget);
  if (isYaml(type)) return yamlText(body, run.budget);
  if (type.startsWith("text/")) return javaText(body, run.budget);
  if (type === "application/x-www-form-urlencoded" && isMap(body))
    return new URLSearchParams(
      keysOf(body).map((key): [string, string] => [key, javaText(body[key], run.budget)]),
    ).toString();
  throw new ExpressionError(`Unsupported content type ${shorten(contentType, 100)}.`);
}

/** The first line of an answer is its content type. */
function readAnswer(answer: string, run: Run): unknown {
  const end = answer.indexOf("\n");
  const type = mediaType(answer.slice(0, end));
  const text = answer.slice(end + 1);
  if (text === "") return null;
  try {
    if (isJson(type)) return parseJson(text, run.budget);
    return isYaml(type) ? parseYaml(text, run.budget) : text;
  } catch (error) {
    if (error instanceof ExpressionError) throw error;
    throw new ExpressionError(`What the server answers is no ${type}.`, "", undefined, { cause: error });
  }
}

function mediaType(contentType: string): string {
  return (contentType.split(";", 1)[0] ?? "").trim().toLowerCase();
}

function isKnown(type: string): boolean {
  return (
    isJson(type) || isYaml(type) || type.startsWith("text/") || type === "application/x-www-form-urlencoded"
  );
}

function isJson(type: string): boolean {
  return type === JSON_TYPE || type.endsWith("+json");
}

function isYaml(type: string): boolean {
  return /^(?:application|text)\/(?:x-)?yaml$/.test(type);
}
