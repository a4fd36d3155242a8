import { Field } from "./fields.ts";
import {
  type FractionPart,
  type NumberPart,
  numberPart,
  type OffsetPart,
  type Part,
  partsOfPattern,
} from "./pattern-parts.ts";

/** A format that has a name, or the parts of a pattern. */
export interface Format {
  parts: Part[];
  /** The ISO formats take no 30th of February, and count weeks as ISO does. */
  isIso: boolean;
  /** The formats that have names read `t` and `z`, too; patterns do not. */
  ignoresCase: boolean;
  /** The language of its names, whatever is asked for. */
  locale?: string;
  /** The zone in which it always prints. */
  zone?: string;
}

/** Kestra's own names for patterns, and its styles as java.time reads them in English. */
const PATTERNS: Readonly<Record<string, string>> = {
  iso: "yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX",
  iso_milli: "yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
  iso_sec: "yyyy-MM-dd'T'HH:mm:ssXXX",
  sql: "yyyy-MM-dd HH:mm:ss.SSSSSS",
  sql_milli: "yyyy-MM-dd HH:mm:ss.SSS",
  sql_sec: "yyyy-MM-dd HH:mm:ss",
  // The name that Kestra had for sql_sec before it was corrected.
  sql_seq: "yyyy-MM-dd HH:mm:ss",
  full: "EEEE, MMMM d, yyyy, h:mm:ss\u202fa zzzz",
  long: "MMMM d, yyyy, h:mm:ss\u202fa z",
  medium: "MMM d, yyyy, h:mm:ss\u202fa",
  short: "M/d/yy, h:mm\u202fa",
};

const literal = (text: string): Part => ({ kind: "literal", text });
const optional = (...parts: Part[]): Part => ({ kind: "optional", parts });
const two = (field: (typeof Field)[keyof typeof Field]) => numberPart(field, 2, 2, "NOT_NEGATIVE");
const fraction: FractionPart = { kind: "fraction", least: 0, most: 9, hasPoint: true };

const year = numberPart(Field.YEAR, 4, 10, "EXCEEDS_PAD");
const offset: OffsetPart = { kind: "offset", pattern: 6, zero: "Z" };
const region = optional(literal("["), { kind: "zoneId", isRegionOnly: true }, literal("]"));
const date = [year, literal("-"), two(Field.MONTH), literal("-"), two(Field.DAY)];
const clock = (seconds: FractionPart) => [
  two(Field.HOUR),
  literal(":"),
  two(Field.MINUTE),
  optional(literal(":"), two(Field.SECOND), optional(seconds)),
];
const time = clock(fraction);
const dateTime = [...date, literal("T"), ...time];

const ISO_FORMATS: Readonly<Record<string, Part[]>> = {
  iso_local_date: date,
  iso_local_time: time,
  iso_local_date_time: dateTime,
  iso_date: [...date, optional(offset)],
  iso_time: [...time, optional(offset)],
  iso_date_time: [...dateTime, optional(offset, region)],
  iso_offset_time: [...time, offset],
  iso_zoned_date_time: [...dateTime, { ...offset, isLenient: true }, region],
  iso_instant: [
    ...date,
    literal("T"),
    ...clock({ ...fraction, isGrouped: true }),
    { kind: "offset", pattern: 6, zero: "Z" },
  ],
  iso_ordinal_date: [
    year,
    literal("-"),
    numberPart(Field.DAY_OF_YEAR, 3, 3, "NOT_NEGATIVE"),
    optional(offset),
  ],
  iso_week_date: [
    numberPart(Field.WEEK_BASED_YEAR, 4, 10, "EXCEEDS_PAD"),
    literal("-W"),
    two(Field.WEEK_OF_YEAR),
    literal("-"),
    numberPart(Field.DAY_OF_WEEK, 1, 1, "NOT_NEGATIVE"),
    optional(offset),
  ],
};

const lenient = (part: NumberPart): NumberPart => ({ ...part, isLenient: true });

/** What mails and HTTP say; java.time is lenient about its numbers. */
const RFC_1123: Part[] = [
  optional({ kind: "text", field: Field.DAY_OF_WEEK, style: "short" }, literal(", ")),
  lenient(numberPart(Field.DAY, 1, 2, "NOT_NEGATIVE")),
  literal(" "),
  { kind: "text", field: Field.MONTH, style: "short" },
  literal(" "),
  lenient(numberPart(Field.YEAR, 4, 4, "NOT_NEGATIVE")),
  literal(" "),
  lenient(two(Field.HOUR)),
  literal(":"),
  lenient(two(Field.MINUTE)),
  optional(literal(":"), lenient(two(Field.SECOND))),
  literal(" "),
  { kind: "offset", pattern: 3, zero: "GMT", isLenient: true },
];

/** The format of a name of flow-language (`iso`, `sql`, `iso_instant`, `short`, …), else of a pattern. */
export function formatOf(nameOrPattern: string): Format {
  const iso = Object.hasOwn(ISO_FORMATS, nameOrPattern) ? ISO_FORMATS[nameOrPattern] : undefined;
  if (iso !== undefined) {
    const zone = nameOrPattern === "iso_instant" ? { zone: "UTC" } : {};
    return { parts: iso, isIso: true, ignoresCase: true, ...zone };
  }
  if (nameOrPattern === "rfc_1123_date_time")
    return { parts: RFC_1123, isIso: false, ignoresCase: true, locale: "en-US" };
  const pattern = Object.hasOwn(PATTERNS, nameOrPattern)
    ? (PATTERNS[nameOrPattern] as string)
    : nameOrPattern;
  return { parts: partsOfPattern(pattern), isIso: false, ignoresCase: false };
}
