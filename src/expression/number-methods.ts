import type { WholeFloat } from "../base/whole-float.ts";
import { methods } from "./method-table.ts";
import { doubleOf, floatOf } from "./numbers.ts";
import { javaText } from "./values.ts";

export const numberMethods = methods<number | bigint | WholeFloat>([
  ["toString", [], (it, _, budget) => javaText(it, budget)],
  ["intValue", [], (it) => intOf(it)],
  [
    "longValue",
    [],
    (it) => (typeof it === "bigint" ? BigInt.asIntN(64, it) : longOf(doubleOf(it) as number)),
  ],
  ["doubleValue", [], (it) => floatOf(doubleOf(it) as number)],
  ["floatValue", [], (it) => floatOf(Number(Math.fround(doubleOf(it) as number).toPrecision(8)))],
]);

export const booleanMethods = methods<boolean>([
  ["toString", [], (it) => String(it)],
  ["booleanValue", [], (it) => it],
]);

/** As Java: of a whole number the last 32 bits, of another the nearest that there is. */
function intOf(value: number | bigint | WholeFloat): number {
  const number = doubleOf(value) as number;
  if (typeof value === "bigint" || (typeof value === "number" && Number.isSafeInteger(value)))
    return Number(BigInt.asIntN(32, BigInt(value)));
  return Number.isNaN(number) ? 0 : Math.trunc(Math.max(Math.min(number, 2 ** 31 - 1), -(2 ** 31))) + 0;
}

/** As Java: what is no number is 0, and what is too large the largest. */
function longOf(value: number): bigint {
  return Number.isNaN(value)
    ? 0n
    : BigInt.asIntN(64, BigInt(Math.trunc(Math.max(Math.min(value, 2 ** 63 - 1024), -(2 ** 63)))));
}
