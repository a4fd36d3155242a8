import { doubleOf } from "../numbers.ts";
import { JqError } from "./jq-error.ts";
import type { Native } from "./jq-items.ts";
import { pure } from "./jq-pure.ts";
import { float, numeric, shown } from "./jq-values.ts";

const ONE: Readonly<Record<string, (value: number) => number>> = {
  floor: Math.floor,
  ceil: Math.ceil,
  round: (x) => Math.sign(x) * Math.round(Math.abs(x)),
  sqrt: Math.sqrt,
  cbrt: Math.cbrt,
  exp: Math.exp,
  expm1: Math.expm1,
  exp2: (value) => 2 ** value,
  exp10: (value) => 10 ** value,
  log: Math.log,
  log1p: Math.log1p,
  log2: Math.log2,
  log10: Math.log10,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
};

/** Functions of numbers, and of time. */
export const mathNatives: Readonly<Record<string, Native>> = {
  ...Object.fromEntries(
    Object.entries(ONE).map(([name, apply]) => [
      `${name}/0`,
      pure(({ budget }, value) => {
        const number = doubleOf(value);
        if (number === undefined) throw new JqError(`${shown(value, budget)} number required`);
        return float(apply(number));
      }),
    ]),
  ),
  "pow/2": pure((_, __, base, exponent) => {
    const [first, second] = [doubleOf(base), doubleOf(exponent)];
    if (first === undefined || second === undefined) throw new JqError("pow needs two numbers");
    return numeric(first ** second);
  }),
  "atan2/2": pure((_, __, y, x) => float(Math.atan2(doubleOf(y) ?? Number.NaN, doubleOf(x) ?? Number.NaN))),
  "nan/0": pure(() => Number.NaN),
  "infinite/0": pure(() => Number.POSITIVE_INFINITY),
  "isnan/0": pure((_, value) => Number.isNaN(doubleOf(value) ?? 0)),
  "isinfinite/0": pure((_, value) => Math.abs(doubleOf(value) ?? 0) === Number.POSITIVE_INFINITY),
  "isnormal/0": pure((_, value) => {
    const number = Math.abs(doubleOf(value) ?? 0);
    return Number.isFinite(number) && number >= 2.2250738585072014e-308;
  }),
  "now/0": pure(() => Date.now() / 1000),
  "_todate/0": pure(({ budget }, value) => {
    const seconds = doubleOf(value);
    const date = new Date(Math.trunc(seconds ?? Number.NaN) * 1000);
    if (Number.isNaN(date.getTime())) throw new JqError(`${shown(value, budget)} is no time`);
    return date.toISOString().replace(/\.\d+Z$/, "Z");
  }),
  "_fromdate/0": pure(({ budget }, value) => {
    const isDate = typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(value);
    const time = isDate ? Date.parse(value) : Number.NaN;
    if (Number.isNaN(time))
      throw new JqError(`date ${shown(value, budget)} does not match format "%Y-%m-%dT%H:%M:%SZ"`);
    return Math.floor(time / 1000);
  }),
};
