import { entriesOf } from "../../../base/key-order.ts";
import { Decimal } from "../ion/ion-value.ts";

/** What Java's String.valueOf makes of a value of Ion data. */
export function javaText(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "number") return javaDouble(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return `[${value.map(javaText).join(", ")}]`;
  if (isStruct(value)) {
    return `{${entriesOf(value)
      .map(([name, item]) => `${name}=${javaText(item)}`)
      .join(", ")}}`;
  }
  return String(value);
}

/** A double as Java writes it: `1.0`, `1.0E10`, `1.0E-5`. */
export function javaDouble(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [digits = "", exponent = ""] = value.toExponential().split("e");
  return `${digits.includes(".") ? digits : `${digits}.0`}E${exponent.replace("+", "")}`;
}

/** The name of the Java class that a value would have. */
export function javaClass(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "string") return "java.lang.String";
  if (typeof value === "boolean") return "java.lang.Boolean";
  if (typeof value === "number") return "java.lang.Double";
  if (typeof value === "bigint") return integerClass(value);
  if (value instanceof Decimal) return "java.math.BigDecimal";
  if (value instanceof Uint8Array) return "[B";
  if (Array.isArray(value)) return "java.util.ArrayList";
  return isStruct(value) ? "java.util.LinkedHashMap" : `java.time.${value.constructor.name}`;
}

function integerClass(value: bigint): string {
  if (BigInt.asIntN(32, value) === value) return "java.lang.Integer";
  return BigInt.asIntN(64, value) === value ? "java.lang.Long" : "java.math.BigInteger";
}

/** Whether a value is a struct, not one of the classes of `ion-value.ts`. */
export function isStruct(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

// As much of the data as Kestra shows.
const SHOWN = 250;

/** A value as JSON, cut after 250 characters. */
export function shownJson(value: unknown): string {
  const json = JSON.stringify(value, plain) ?? "null";
  return json.length > SHOWN ? `${json.slice(0, SHOWN)} ...` : json;
}

/** A value of Ion data as plain JSON data, for the details of an error. */
export function jsonData(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, plain) ?? "null");
}

function plain(this: unknown, _key: string, value: unknown): unknown {
  if (typeof value === "bigint") return BigInt(Number(value)) === value ? Number(value) : String(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (value instanceof Decimal) return Number(value.toString());
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  return value;
}
