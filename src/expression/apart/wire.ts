import { Decimal } from "../../base/decimal.ts";
import { entriesOf, isOrdered, mapOf } from "../../base/key-order.ts";
import { WholeFloat } from "../../base/whole-float.ts";
import { BigDecimal } from "../decimals.ts";
import { isMap } from "../values.ts";

// Between processes values are copied, and what JavaScript does not know by itself gets lost: floats without a fraction, decimals, the
// order of keys. These go as Maps, which are nothing that templates see.

/** What cannot be copied. A template sees that it is there, and nothing of it. */
class Opaque {}

/** The value as it can be copied; the same object where all of it can. */
export function packed(value: unknown, known = new Map<object, unknown>()): unknown {
  if (typeof value === "function" || typeof value === "symbol") return undefined;
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  if (value instanceof WholeFloat) return new Map([["float", value.value]]);
  if (value instanceof BigDecimal) return new Map([["bigDecimal", [value.unscaled, value.scale]]]);
  if (value instanceof Decimal) return new Map([["decimal", [value.unscaled, value.scale]]]);
  if (!Array.isArray(value) && !isMap(value)) return new Map([["opaque", true]]);
  const found = known.get(value);
  if (found !== undefined) return found;
  const copy = Array.isArray(value) ? packedList(value, known) : packedMap(value, known);
  known.set(value, copy);
  return copy;
}

function packedList(list: unknown[], known: Map<object, unknown>): unknown {
  const items = list.map((item) => packed(item, known));
  return items.some((item, index) => item !== list[index]) ? items : list;
}

function packedMap(map: Record<string, unknown>, known: Map<object, unknown>): unknown {
  const entries = entriesOf(map).map(([key, part]) => [key, packed(part, known)] as const);
  if (isOrdered(map)) return new Map([["entries", entries]]);
  return entries.some(([key, part]) => part !== map[key]) ? mapOf(entries) : map;
}

/** The value as it was packed, made of the copy. */
export function unpacked(value: unknown, known = new Map<object, unknown>()): unknown {
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  const found = known.get(value);
  if (found !== undefined) return found;
  const whole = value instanceof Map ? unpackedOddity(value, known) : unpackedParts(value, known);
  known.set(value, whole);
  return whole;
}

function unpackedParts(value: object, known: Map<object, unknown>): object {
  const parts = value as Record<string, unknown>;
  for (const key of Object.keys(parts)) {
    const part = parts[key];
    if (typeof part === "object" && part !== null) parts[key] = unpacked(part, known);
  }
  return parts;
}

function unpackedOddity(value: Map<unknown, unknown>, known: Map<object, unknown>): unknown {
  const [[kind, content]] = [...value] as [[string, unknown]];
  if (kind === "float") return new WholeFloat(content as number);
  if (kind === "opaque") return new Opaque();
  if (kind === "entries")
    return mapOf((content as [string, unknown][]).map(([key, part]) => [key, unpacked(part, known)]));
  const [unscaled, scale] = content as [bigint, number];
  return kind === "decimal" ? new Decimal(unscaled, scale) : new BigDecimal(unscaled, scale);
}
