import type { ZonedDateTime } from "@js-joda/core";
import { integerArgument, optionalText, textArgument } from "../arguments.ts";
import { charge } from "../budget.ts";
import type { Callable, Filter, Filters } from "../callable.ts";
import { ExpressionError } from "../expression-error.ts";
import { DateTimeError } from "../java-date/date-error.ts";
import { addToDate, dateOf, formatDate } from "../java-date/date-value.ts";
import { doubleOf } from "../numbers.ts";
import type { Run } from "../run.ts";
import { kindOf } from "../values.ts";

/** A date costs microseconds where a step costs nanoseconds. */
const DATE_STEPS = 20;
const DEFAULT_FORMAT = "iso";

export const dateFilters: Filters = {
  date: {
    parameters: ["format", "timeZone", "existingFormat", "locale"],
    apply(input, [format, timeZone, existingFormat, locale], run) {
      if (input === null || input === undefined) return null;
      if (format === null) throw new ExpressionError("The argument `format` is null.");
      return print(read(input, timeZone, existingFormat, run), format, timeZone, locale, run);
    },
  },
  dateAdd: {
    parameters: ["amount", "unit", "format", "timeZone", "existingFormat", "locale"],
    required: 2,
    apply(input, [amount, unit, format, timeZone, existingFormat, locale], run) {
      if (input === null || input === undefined) return null;
      const date = read(input, timeZone, existingFormat, run);
      const moved = worded(() =>
        addToDate(
          date,
          integerArgument(amount, "amount", { takesText: true }),
          textArgument(unit, "unit", run),
        ),
      );
      return print(moved, format, timeZone, locale, run);
    },
  },
  timestamp: timestamp((date) => BigInt(date.toEpochSecond())),
  timestampMilli: timestamp((date) => countOf(date, 1000n)),
  // Kestra makes texts of what is finer, of nanoseconds those that a Java long has room for.
  timestampMicro: timestamp((date) => String(countOf(date, 1_000_000n))),
  timestampNano: timestamp((date) => {
    const seconds = clamped(BigInt(date.toEpochSecond()) * NANOS_PER_SECOND);
    return String(BigInt.asIntN(64, seconds + BigInt(date.nano())));
  }),
};

/** `now()`: the time of this machine, as text. */
export const now: Callable = {
  parameters: ["format", "timeZone", "existingFormat", "locale"],
  call: ([format, timeZone, , locale], run) =>
    print(read(new Date(), timeZone, undefined, run), format, timeZone, locale, run),
};

function timestamp(convert: (date: ZonedDateTime) => bigint | string): Filter {
  return {
    parameters: ["timeZone", "existingFormat"],
    apply(input, [timeZone, existingFormat], run) {
      if (input === null || input === undefined) return null;
      return convert(read(input, timeZone, existingFormat, run));
    },
  };
}

const NANOS_PER_SECOND = 1_000_000_000n;

/** How many whole parts of a second there are between 1970 and a date. */
function countOf(date: ZonedDateTime, perSecond: bigint): bigint {
  return BigInt(date.toEpochSecond()) * perSecond + (BigInt(date.nano()) * perSecond) / NANOS_PER_SECOND;
}

function clamped(nanos: bigint): bigint {
  const within = BigInt.asIntN(64, nanos);
  return within === nanos ? nanos : nanos < 0n ? -(2n ** 63n) : 2n ** 63n - 1n;
}

function read(input: unknown, timeZone: unknown, existingFormat: unknown, run: Run): ZonedDateTime {
  charge(run.budget, DATE_STEPS);
  const value = typeof input === "bigint" ? input : (doubleOf(input) ?? input);
  const isWhole = typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value));
  if (typeof value !== "string" && !isWhole && !(value instanceof Date)) {
    throw new ExpressionError(`${kindOf(input)} is not a date.`);
  }
  const reading = {
    timeZone: optionalText(timeZone, "timeZone", run),
    existingFormat: optionalText(existingFormat, "existingFormat", run),
  };
  return worded(() => dateOf(value, reading));
}

function print(date: ZonedDateTime, format: unknown, timeZone: unknown, locale: unknown, run: Run): string {
  const wanted = optionalText(format, "format", run) ?? DEFAULT_FORMAT;
  const language = optionalText(locale, "locale", run);
  return worded(() => formatDate(date, wanted, optionalText(timeZone, "timeZone", run), language));
}

function worded<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof DateTimeError)) throw error;
    throw new ExpressionError(error.message, "", undefined, { cause: error });
  }
}
