import { shorten } from "../../base/shorten.ts";
import { type Budget, charge, chargeText } from "../budget.ts";
import { parseJson } from "../json-text.ts";
import { doubleOf, floatOf, numberKind } from "../numbers.ts";
import { isList } from "../values.ts";
import { JqError } from "./jq-error.ts";
import type { Native } from "./jq-items.ts";
import { pure } from "./jq-pure.ts";
import { jqValue, numeric, shown, splitPlain, toJson, toText, typeOf } from "./jq-values.ts";

/** Functions of texts. */
export const textNatives: Readonly<Record<string, Native>> = {
  "type/0": pure((_, value) => typeOf(value)),
  "tostring/0": pure(({ budget }, value) => toText(value, budget)),
  "tojson/0": pure(({ budget }, value) => toJson(value, budget)),
  "tonumber/0": pure(({ budget }, value) => {
    if (numberKind(value) !== undefined) return value;
    if (typeof value !== "string") throw new JqError(`${shown(value, budget)} cannot be parsed as a number`);
    if (!/^-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(value))
      throw new JqError(`For input string: ${JSON.stringify(shorten(value, 100))}`);
    return /[.eE]/.test(value) ? floatOf(Number(value)) : numeric(Number(value));
  }),
  "fromjson/0": pure(({ budget }, value) => {
    if (typeof value !== "string") throw new JqError(`${shown(value, budget)} only strings can be parsed`);
    try {
      return jqValue(parseJson(value, budget), budget);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new JqError(`failed to parse ${shown(value, budget)} as json`);
    }
  }),
  "ascii_downcase/0": ofText("ascii_downcase", (text) =>
    text.replace(/[A-Z]+/g, (part) => part.toLowerCase()),
  ),
  "ascii_upcase/0": ofText("ascii_upcase", (text) => text.replace(/[a-z]+/g, (part) => part.toUpperCase())),
  "explode/0": ofText("explode", (text, budget) => {
    charge(budget, text.length);
    return [...text].map((one) => one.codePointAt(0));
  }),
  "implode/0": pure(({ budget }, value) => {
    if (!isList(value)) throw new JqError("implode input must be an array");
    charge(budget, value.length);
    return value
      .map((code) => {
        const point = doubleOf(code) ?? -1;
        if (!Number.isInteger(point) || point < 0 || point > 0x10ffff) throw new JqError("Invalid codepoint");
        return String.fromCodePoint(point);
      })
      .join("");
  }),
  "utf8bytelength/0": ofText("utf8bytelength", (text) => Buffer.byteLength(text)),
  "startswith/1": pure((_, value, start) =>
    both("startswith", value, start, (text, part) => text.startsWith(part)),
  ),
  "endswith/1": pure((_, value, end) => both("endswith", value, end, (text, part) => text.endsWith(part))),
  "ltrimstr/1": pure((_, value, start) =>
    typeof value === "string" && typeof start === "string" && value.startsWith(start)
      ? value.slice(start.length)
      : value,
  ),
  "rtrimstr/1": pure((_, value, end) =>
    typeof value === "string" && typeof end === "string" && end !== "" && value.endsWith(end)
      ? value.slice(0, -end.length)
      : value,
  ),
  "split/1": pure(({ budget }, value, separator) =>
    both("split", value, separator, (text, part) => splitPlain(text, part, budget)),
  ),
};

function ofText(name: string, apply: (text: string, budget: Budget) => unknown): Native {
  return pure(({ budget }, value) => {
    if (typeof value !== "string")
      throw new JqError(
        `${name} is not applicable to ${typeOf(value).toUpperCase()}; expected one of [STRING]`,
      );
    chargeText(budget, value.length);
    return apply(value, budget);
  });
}

function both<T>(name: string, value: unknown, other: unknown, apply: (text: string, other: string) => T): T {
  if (typeof value !== "string" || typeof other !== "string")
    throw new JqError(`${name}() requires string inputs`);
  return apply(value, other);
}
