import { createHash } from "node:crypto";
import { stringify } from "yaml";
import { chargeText } from "../budget.ts";
import type { Filter, Filters } from "../callable.ts";
import { ExpressionError } from "../expression-error.ts";
import { isList, isMap, jsonOf, nativeOf, textOf, WholeFloat } from "../values.ts";

function ofText(apply: (text: string) => string): Filter {
  return {
    parameters: [],
    apply(input, _, run) {
      if (input === null || input === undefined) return null;
      const text = textOf(input, run.budget);
      chargeText(run.budget, text.length * 2);
      return apply(text);
    },
  };
}

const toJson: Filter = { parameters: [], apply: (input, _, run) => jsonOf(input, run.budget) };

export const encodingFilters: Filters = {
  json: toJson,
  toJson,
  yaml: {
    parameters: [],
    apply(input, _, run) {
      if (input === null || input === undefined) return "null";
      const value = nativeOf(input, run.budget);
      // The JSON is about as long; it pays for the YAML.
      chargeText(run.budget, jsonOf(value, run.budget).length * 4);
      return stringify(value, { lineWidth: 0, indentSeq: true, aliasDuplicateObjects: false });
    },
  },
  base64encode: ofText((text) => Buffer.from(text, "utf8").toString("base64")),
  base64decode: ofText((text) => Buffer.from(text, "base64").toString("utf8")),
  urlencode: ofText(urlEncode),
  urldecode: ofText(urlDecode),
  md5: ofText((text) => hash("md5", text)),
  sha1: ofText((text) => hash("sha1", text)),
  sha256: ofText((text) => hash("sha256", text)),
  sha512: ofText((text) => hash("sha512", text)),
  className: { parameters: [], apply: (input) => classNameOf(input) },
};

function hash(algorithm: string, text: string): string {
  return createHash(algorithm).update(text, "utf8").digest("hex");
}

/** As Java's URLEncoder: a blank is `+`, and `.`, `-`, `*`, `_` stay. */
function urlEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replaceAll("%20", "+")
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function urlDecode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch (error) {
    throw new ExpressionError("The text is not URL-encoded.", "", undefined, { cause: error });
  }
}

/** The class that the value has in Kestra; flows only ever compare it. */
function classNameOf(input: unknown): string | null {
  if (input === null || input === undefined) return null;
  if (typeof input === "string") return "java.lang.String";
  if (typeof input === "boolean") return "java.lang.Boolean";
  if (input instanceof WholeFloat) return "java.lang.Double";
  if (typeof input === "number") return numberClass(input);
  if (isList(input)) return "java.util.ArrayList";
  return isMap(input) ? "java.util.LinkedHashMap" : "java.time.ZonedDateTime";
}

function numberClass(input: number): string {
  if (!Number.isInteger(input)) return "java.lang.Double";
  return Math.abs(input) < 2 ** 31 ? "java.lang.Integer" : "java.lang.Long";
}
