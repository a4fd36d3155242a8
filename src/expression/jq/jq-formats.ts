import { type Budget, chargeText } from "../budget.ts";
import { numberKind } from "../numbers.ts";
import { isList } from "../values.ts";
import { JqError } from "./jq-error.ts";
import { shown, toJson, toText } from "./jq-values.ts";

const ENTITIES: Readonly<Record<string, string>> = {
  "<": "&lt;",
  ">": "&gt;",
  "&": "&amp;",
  "'": "&apos;",
  '"': "&quot;",
};
const TSV: Readonly<Record<string, string>> = { "\t": "\\t", "\n": "\\n", "\r": "\\r", "\\": "\\\\" };

const FORMATS: Readonly<Record<string, (value: unknown, budget: Budget) => string>> = {
  "@text": toText,
  "@json": toJson,
  "@csv": (value, budget) => row(value, budget, "csv", ",", (text) => `"${text.replaceAll('"', '""')}"`),
  "@tsv": (value, budget) =>
    row(value, budget, "tsv", "\t", (text) => text.replace(/[\t\n\r\\]/g, (one) => TSV[one] ?? one)),
  "@html": (value, budget) => toText(value, budget).replace(/[<>&'"]/g, (one) => ENTITIES[one] ?? one),
  "@uri": (value, budget) =>
    encodeURIComponent(toText(value, budget).toWellFormed()).replace(
      /[!'()*]/g,
      (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
    ),
  "@sh": (value, budget) => (isList(value) ? value : [value]).map((item) => quoted(item, budget)).join(" "),
  "@base64": (value, budget) => Buffer.from(toText(value, budget), "utf8").toString("base64"),
  "@base64d": (value, budget) => decoded(toText(value, budget), value, budget),
};

/** A value in one of jq's formats for texts. */
export function formatText(name: string, value: unknown, budget: Budget): string {
  const format = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
  if (format === undefined) throw new JqError(`Formatting operator ${name} does not exist`);
  const text = format(value, budget);
  chargeText(budget, text.length);
  return text;
}

function row(
  value: unknown,
  budget: Budget,
  kind: string,
  glue: string,
  quote: (text: string) => string,
): string {
  if (!isList(value))
    throw new JqError(`${shown(value, budget)} cannot be ${kind}-formatted, only array can be`);
  return value
    .map((item) => {
      if (item === null) return "";
      if (typeof item === "string") return quote(item);
      if (typeof item === "boolean" || numberKind(item) !== undefined) return toJson(item, budget);
      throw new JqError(`${shown(item, budget)} is not valid in a csv row`);
    })
    .join(glue);
}

function quoted(value: unknown, budget: Budget): string {
  if (typeof value === "string") return `'${value.replaceAll("'", "'\\''")}'`;
  if (typeof value === "object" && value !== null && numberKind(value) === undefined)
    throw new JqError(`${shown(value, budget)} can not be escaped for shell`);
  return toJson(value, budget);
}

/** Four letters for three bytes; the last of them may be fewer, with or without their padding. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

function decoded(text: string, value: unknown, budget: Budget): string {
  if (!BASE64.test(text)) throw new JqError(`${shown(value, budget)} is not valid base64 data`);
  return Buffer.from(text, "base64").toString("utf8");
}
