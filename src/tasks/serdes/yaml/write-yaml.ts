import { entriesOf } from "../../../base/key-order.ts";
import { isStruct, javaDouble } from "../avro/java-text.ts";
import { jsonWriter } from "../json/json-value.ts";

const toJson = jsonWriter();

/** Writes a value of `ion-value.ts` as a YAML document, in the form of Kestra's writer: few quotes, nulls of maps left out. */
export function yamlText(value: unknown): string {
  if (Array.isArray(value) && value.length > 0) return listText(value, "");
  if (isStruct(value)) {
    const text = mapText(value, "");
    if (text !== "") return text;
  }
  return `${scalarText(value, "")}\n`;
}

function mapText(map: Record<string, unknown>, indent: string): string {
  let text = "";
  for (const [name, value] of entriesOf(map)) {
    if (value === null || value === undefined) continue;
    text += `${indent}${stringText(name, indent, true)}:${entryText(value, indent)}`;
  }
  return text;
}

/** What stands behind a name: a list is not moved in. */
function entryText(value: unknown, indent: string): string {
  if (Array.isArray(value) && value.length > 0) return `\n${listText(value, indent)}`;
  if (isStruct(value)) {
    const text = mapText(value, `${indent}  `);
    return text === "" ? " {}\n" : `\n${text}`;
  }
  return ` ${scalarText(value, indent)}\n`;
}

function listText(list: unknown[], indent: string): string {
  const inner = `${indent}  `;
  return list
    .map((item) => {
      if (Array.isArray(item) && item.length > 0)
        return `${indent}- ${listText(item, inner).slice(inner.length)}`;
      if (isStruct(item)) {
        const text = mapText(item, inner);
        return text === "" ? `${indent}- {}\n` : `${indent}- ${text.slice(inner.length)}`;
      }
      return `${indent}- ${scalarText(item, indent)}\n`;
    })
    .join("");
}

function scalarText(value: unknown, indent: string): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "string") return stringText(value, indent);
  if (typeof value === "number") return Number.isFinite(value) ? javaDouble(value) : specialNumber(value);
  if (Array.isArray(value)) return "[]";
  if (isStruct(value)) return "{}";
  const json = toJson(value);
  return json.startsWith('"') ? stringText(JSON.parse(json) as string, indent) : json;
}

function specialNumber(value: number): string {
  return Number.isNaN(value) ? ".NaN" : value > 0 ? ".inf" : "-.inf";
}

const RESERVED =
  /^(?:|~|null|Null|NULL|n|N|y|Y|no|No|NO|yes|Yes|YES|on|On|ON|off|Off|OFF|true|True|TRUE|false|False|FALSE)$/;
/** Names that begin as numbers do. */
const LIKE_NUMBER = /^[\d+\-.~]/;
/** A text of digits that would be read in base 8: a postal code, a phone number. */
const LIKE_OCTAL = /^0[\d_]+$/;
const QUOTABLE = /[[\]{},]|[ \t]#|:(?:[ \t]|$)/;
// What has a meaning at the beginning, and blanks at either end.
const NOT_PLAIN = /^(?:[&*!|>'"%@`#]|[-?:](?:\s|$)|---|\.\.\.)|^\s|\s$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to be escaped.
const SPECIAL = /[\0-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]/;

function stringText(text: string, indent: string, isName = false): string {
  if (SPECIAL.test(text) || text.includes("\t") || !text.isWellFormed()) return doubleQuoted(text);
  if (text.includes("\n")) return isName || !isBlock(text) ? doubleQuoted(text) : blockText(text, indent);
  if (RESERVED.test(text) || QUOTABLE.test(text) || (isName && LIKE_NUMBER.test(text)))
    return doubleQuoted(text);
  return NOT_PLAIN.test(text) || LIKE_OCTAL.test(text) ? `'${text.replaceAll("'", "''")}'` : text;
}

function doubleQuoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\x7f-\x9f\ufeff\ufffe\uffff]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Whether a text over several lines can stand there as it is. */
function isBlock(text: string): boolean {
  return !/^[ \n]| \n| $|\r|\u2028|\u2029|\x85/.test(text);
}

function blockText(text: string, indent: string): string {
  const ending = !text.endsWith("\n") ? "-" : text.endsWith("\n\n") ? "+" : "";
  const lines = (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
  return `|${ending}\n${lines.map((line) => (line === "" ? "" : `${indent}  ${line}`)).join("\n")}`;
}
