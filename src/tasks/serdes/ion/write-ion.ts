import { Duration, Instant, LocalDate } from "@js-joda/core";
import { Decimal, ionDecimal } from "../../../base/decimal.ts";
import { entriesOf } from "../../../base/key-order.ts";
import { isStruct, javaClass, javaDouble } from "../avro/java-text.ts";

/** Writes a value of `ion-value.ts` as Ion text on one line, as Kestra's files have it. */
export function ionText(value: unknown): string {
  if (value === null || value === undefined) return "null";
  switch (typeof value) {
    case "string":
      return stringText(value);
    case "bigint":
    case "boolean":
      return String(value);
    case "number":
      return doubleText(value);
    default:
      return objectText(value);
  }
}

function objectText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(ionText).join(",")}]`;
  if (value instanceof Decimal) return ionDecimal(value);
  if (value instanceof Uint8Array) return `{{${Buffer.from(value).toString("base64")}}}`;
  if (value instanceof Instant) return instantText(value);
  if (value instanceof LocalDate) return value.toString();
  if (value instanceof Duration) return secondsText(value);
  if (!isStruct(value))
    return `${javaClass(value).replace("java.time.", "")}::${stringText(javaTime(value))}`;
  let text = "";
  for (const [name, item] of entriesOf(value)) text += `${text ? "," : ""}${keyText(name)}:${ionText(item)}`;
  return `{${text}}`;
}

/** A date or time as Java writes it into a file: seconds always, also where they are zero, and of their fraction no zeros at its end. */
function javaTime(value: unknown): string {
  return String(value)
    .replace(/^((?:.*T)?\d\d:\d\d)(?=$|[Z+[-])/, "$1:00")
    .replace(/(:\d\d\.\d*?)0+(?=$|[Z+[-])/, "$1");
}

/** Milliseconds, in UTC; what is finer is cut off. */
export function instantText(instant: Instant): string {
  return instantWithMillis(instant).replace(/\.(\d{3})\d*Z$/, ".$1Z");
}

function instantWithMillis(instant: Instant): string {
  const text = instant.toString();
  return text.includes(".") ? text : text.replace(/(T\d\d:\d\d:\d\d)?Z$/, (_, time = "") => `${time}.000Z`);
}

function secondsText(duration: Duration): string {
  return `${duration.seconds()}.${String(duration.nano()).padStart(9, "0")}`;
}

/** A double always has an exponent in Ion: without one it would be a decimal. */
function doubleText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "+inf" : "-inf";
  const text = javaDouble(value);
  return text.includes("E") ? text : `${text.replace(/\.0$/, "")}e0`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const CONTROL = /[\0-\x1f\x7f]/;
const NAMED: Record<string, string> = { "00": "\\0", "07": "\\a", "0b": "\\v" };

function stringText(text: string): string {
  const json = JSON.stringify(text);
  if (!CONTROL.test(text)) return json;
  return json
    .replace(/\\(?:u00([01][0-9a-f])|[\s\S])/g, (written, hex?: string) =>
      hex === undefined ? written : (NAMED[hex] ?? `\\x${hex}`),
    )
    .replaceAll("\x7f", "\\x7f");
}

const IDENTIFIER = /^(?!(?:null|true|false|nan|\$\d+)$)[A-Za-z_$][\w$]*$/;
// A file has few names, and each of its rows has them again.
const MOST_KEYS = 2000;
const keys = new Map<string, string>();

function keyText(name: string): string {
  const known = keys.get(name);
  if (known !== undefined) return known;
  const text = IDENTIFIER.test(name)
    ? name
    : `'${stringText(name).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
  if (keys.size >= MOST_KEYS) keys.clear();
  keys.set(name, text);
  return text;
}
