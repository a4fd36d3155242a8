import { createHash } from "node:crypto";
import { chargeText } from "../budget.ts";
import type { Filter, Filters } from "../callable.ts";
import { ExpressionError } from "../expression-error.ts";
import { isHashMap } from "../java-map.ts";
import { numberKind } from "../numbers.ts";
import { isList, isMap, javaText, jsonOf, kindOf } from "../values.ts";
import { ionText } from "./ion-text.ts";
import { yamlText } from "./yaml-text.ts";

function ofText(apply: (text: string) => string): Filter {
  return {
    parameters: [],
    apply(input, _, run) {
      if (input === null || input === undefined) return null;
      const text = javaText(input, run.budget);
      chargeText(run.budget, text.length * 2);
      return apply(text);
    },
  };
}

const toJson: Filter = { parameters: [], apply: (input, _, run) => jsonOf(input, run.budget) };

export const encodingFilters: Filters = {
  json: toJson,
  toJson,
  toIon: { parameters: [], apply: (input, _, run) => ionText(input, run.budget) },
  yaml: { parameters: [], apply: (input, _, run) => yamlText(input, run.budget) },
  base64encode: ofText((text) => Buffer.from(text, "utf8").toString("base64")),
  base64decode: ofTextOnly("base64decode", base64Decode),
  urlencode: ofTextOnly("urlencode", urlEncode),
  urldecode: ofTextOnly("urldecode", urlDecode),
  md5: hashed("md5"),
  sha1: hashed("sha1"),
  sha256: hashed("sha256"),
  sha512: hashed("sha512"),
  className: { parameters: [], apply: (input) => classNameOf(input) },
};

/** Only texts have a hash, so that nobody takes that of a number's or a list's looks for that of its bytes. */
function hashed(algorithm: string): Filter {
  return ofTextOnly(algorithm, (text) => createHash(algorithm).update(text, "utf8").digest("hex"));
}

function ofTextOnly(name: string, apply: (text: string) => string): Filter {
  const filter = ofText(apply);
  return {
    parameters: [],
    apply(input, args, run) {
      if (input !== null && input !== undefined && typeof input !== "string")
        throw new ExpressionError(`The filter \`${name}\` needs a text, not ${kindOf(input)}.`);
      return filter.apply(input, args, run);
    },
  };
}

/** As Java's URLEncoder: a blank is `+`, and `.`, `-`, `*`, `_` stay. */
function urlEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replaceAll("%20", "+")
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** As Java's URLDecoder: bytes that are no UTF-8 become the replacement character. */
function urlDecode(text: string): string {
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) {
    throw new ExpressionError("The text is not URL-encoded: two hexadecimal digits must follow a `%`.");
  }
  return text
    .replaceAll("+", " ")
    .replace(/(?:%[0-9A-Fa-f]{2})+/g, (bytes) =>
      Buffer.from(bytes.replaceAll("%", ""), "hex").toString("utf8"),
    );
}

/** Node passes over what is no Base64; a text that was never encoded should not become another one. */
function base64Decode(text: string): string {
  const unpadded = text.replace(/={1,2}$/, "");
  const isPadded = unpadded !== text;
  if (/[^A-Za-z0-9+/]/.test(unpadded) || unpadded.length % 4 === 1 || (isPadded && text.length % 4 !== 0))
    throw new ExpressionError("The text is not Base64.");
  return Buffer.from(text, "base64").toString("utf8");
}

/** The class that the value has in Kestra; flows only ever compare it. */
function classNameOf(input: unknown): string | null {
  if (input === null || input === undefined) return null;
  if (typeof input === "string") return "java.lang.String";
  if (typeof input === "boolean") return "java.lang.Boolean";
  const kind = numberKind(input);
  if (kind === "BIGDECIMAL") return "java.math.BigDecimal";
  if (kind === "BIGINTEGER") return "java.math.BigInteger";
  if (kind !== undefined) return `java.lang.${kind.charAt(0)}${kind.slice(1).toLowerCase()}`;
  if (isList(input)) return "java.util.ArrayList";
  if (!isMap(input)) return "java.time.ZonedDateTime";
  return isHashMap(input) ? "java.util.HashMap" : "java.util.LinkedHashMap";
}
