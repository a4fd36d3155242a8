import { optionalText } from "../arguments.ts";
import type { Filters } from "../callable.ts";
import { ExpressionError } from "../expression-error.ts";
import { floatOf, numberOf } from "../operators.ts";
import { kindOf, type WholeFloat } from "../values.ts";
import { formatDecimal } from "./decimal-format.ts";

const INTEGER_TYPES = ["INT", "LONG", "BIGINTEGER"];
const FLOAT_TYPES = ["FLOAT", "DOUBLE", "BIGDECIMAL"];

export const numberFilters: Filters = {
  abs: {
    parameters: [],
    apply(input) {
      if (input === null || input === undefined) return null;
      const { value, isFloat } = needed(input, "abs");
      return isFloat ? floatOf(Math.abs(value)) : Math.abs(value);
    },
  },
  number: {
    parameters: ["type"],
    apply(input, [type], run) {
      if (input === null || input === undefined) return null;
      return convert(input, optionalText(type, "type", run) ?? "");
    },
  },
  numberformat: {
    parameters: ["format"],
    apply(input, [format], run) {
      if (input === null || input === undefined) return null;
      return formatDecimal(needed(input, "numberformat").value, optionalText(format, "format", run));
    },
  },
};

function needed(input: unknown, filter: string) {
  const number = numberOf(input);
  if (number === undefined)
    throw new ExpressionError(`The filter \`${filter}\` needs a number, not ${kindOf(input)}.`);
  return number;
}

function convert(input: unknown, type: string): number | WholeFloat {
  const number = numberOf(typeof input === "string" ? input.trim() : input);
  const isKnown = type === "" || INTEGER_TYPES.includes(type) || FLOAT_TYPES.includes(type);
  if (!isKnown)
    throw new ExpressionError(
      `The argument \`type\` must be one of ${[...INTEGER_TYPES, ...FLOAT_TYPES].join(", ")}.`,
    );
  if (number === undefined || (INTEGER_TYPES.includes(type) && number.isFloat)) {
    throw new ExpressionError(
      `${typeof input === "string" ? `\`${input.slice(0, 100)}\`` : kindOf(input)} is not a valid number.`,
    );
  }
  return number.isFloat || FLOAT_TYPES.includes(type) ? floatOf(number.value) : number.value;
}
