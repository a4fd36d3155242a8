import { DateTimeError } from "../../../expression/java-date/date-error.ts";
import type { Decimal } from "../ion/ion-value.ts";
import type { AvroOptions } from "./avro-options.ts";
import type { AvroField, AvroRecord, AvroType } from "./avro-schema.ts";
import { ConversionFailure } from "./conversion-failure.ts";
import { isStruct, javaClass, javaText } from "./java-text.ts";
import { notA, readDecimal, readDouble, readInt, readLong } from "./read-number.ts";
import { branchName, enumReader, fixedReader, readBytes, readUuid } from "./read-text.ts";
import { createTimeReader } from "./read-time.ts";

/**
 * Turns a value of Ion data into one of an Avro type, or throws a `ConversionFailure`. What comes out:
 *
 * | type | value |
 * | --- | --- |
 * | int, date, time-*, timestamp-millis | number |
 * | long, timestamp-micros | number, or bigint where it would lose digits |
 * | decimal | what `writeDecimal` makes of it |
 * | bytes, fixed | Buffer |
 * | record, map | object |
 * | union | null, or an object of one entry: the name of the branch and its value, as avsc wants it |
 */
export type Convert = (data: unknown) => unknown;

/** Called for a field that does not fit. It throws, or the field becomes null. */
export type OnBadField = (failure: ConversionFailure, field: AvroField) => void;

/** Puts a decimal of the scale of its type into the form that the file wants. */
export type WriteDecimal = (value: Decimal, type: Extract<AvroType, { kind: "decimal" }>) => unknown;

/** Prepares the conversion of rows to a record. */
export function createConvert(
  record: AvroRecord,
  options: AvroOptions,
  { onBadField, writeDecimal }: { onBadField: OnBadField; writeDecimal: WriteDecimal },
): Convert {
  const time = createTimeReader(options);
  const made = new Map<AvroType, Convert>();
  const words = {
    true: new Set(options.trueValues.map((word) => word.toLowerCase())),
    false: new Set(options.falseValues.map((word) => word.toLowerCase())),
    null: new Set(options.nullValues.map((word) => word.toLowerCase())),
  };
  return converterOf(record);

  function converterOf(type: AvroType): Convert {
    const known = made.get(type);
    if (known) return known;
    // A type may contain itself.
    let convert: Convert | undefined;
    made.set(type, (data) => (convert as Convert)(data));
    convert = make(type);
    made.set(type, convert);
    return convert;
  }

  function make(type: AvroType): Convert {
    switch (type.kind) {
      case "null":
        return readNull;
      case "boolean":
        return readBoolean;
      case "int":
        return readInt;
      case "long":
        return readLong;
      case "float":
        return (data) => Math.fround(readDouble(data, options.decimalSeparator));
      case "double":
        return (data) => readDouble(data, options.decimalSeparator);
      case "string":
        return javaText;
      case "bytes":
        return readBytes;
      case "uuid":
        return readUuid;
      case "decimal":
        return (data) => writeDecimal(readDecimal(data, type, options.decimalSeparator), type);
      case "date":
        return timed(time.date, options.dateFormat);
      case "time-millis":
        return timed((data) => Math.floor(time.time(data) / 1e6), options.timeFormat);
      case "time-micros":
        return timed((data) => Math.floor(time.time(data) / 1e3), options.timeFormat);
      case "timestamp-millis":
        return timed(time.millis, options.datetimeFormat);
      case "timestamp-micros":
        return timed(time.micros, options.datetimeFormat);
      case "local-timestamp-millis":
        return timed((data) => localMillis(time.millis(data)), options.datetimeFormat);
      case "local-timestamp-micros":
        return timed((data) => localMicros(time.micros(data)), options.datetimeFormat);
      case "enum":
        return enumReader(type.symbols);
      case "fixed":
        return fixedReader(type.size);
      case "record":
        return recordReader(type);
      case "array":
        return arrayReader(type.items);
      case "map":
        return mapReader(type.values);
      case "union":
        return unionReader(type.branches);
    }
  }

  function readNull(data: unknown): null {
    if (data === null || data === undefined || isWord(words.null, data)) return null;
    throw new ConversionFailure(`Unknown type for null values, found ${javaClass(data)}`);
  }

  function readBoolean(data: unknown): boolean {
    if (typeof data === "boolean") return data;
    if (isWord(words.true, data) || data === 1n) return true;
    if (isWord(words.false, data) || data === 0n) return false;
    throw notA("java.lang.Boolean", data);
  }

  function localMillis(epochMs: number): number {
    return epochMs + time.offsetAt(epochMs);
  }

  function localMicros(micros: number | bigint): number | bigint {
    const offset = time.offsetAt(Math.floor(Number(micros) / 1000)) * 1000;
    return typeof micros === "bigint" ? micros + BigInt(offset) : micros + offset;
  }

  function recordReader(type: AvroRecord): Convert {
    const fields = type.fields.map((field) => ({ field, convert: converterOf(field.type) }));
    return (data) => {
      if (!isStruct(data)) throw notA("java.util.Map", data);
      const record: Record<string, unknown> = {};
      for (const { field, convert } of fields) {
        const value = lookUp(data, field);
        try {
          record[field.key] = convert(value);
        } catch (error) {
          onBadField(asFailure(error).inCell(field.type, value).onField(field.name, data), field);
          record[field.key] = null;
        }
      }
      return record;
    };
  }

  function arrayReader(items: AvroType): Convert {
    const convert = converterOf(items);
    return (data) => {
      if (!Array.isArray(data)) throw notA("java.util.Collection", data);
      return data.map((item, index) => inside(convert, items, item, `[${index}]`));
    };
  }

  function mapReader(values: AvroType): Convert {
    const convert = converterOf(values);
    return (data) => {
      if (!isStruct(data)) throw notA("java.util.Map", data);
      const map: Record<string, unknown> = Object.create(null);
      for (const [key, item] of Object.entries(data)) map[key] = inside(convert, values, item, `[${key}]`);
      return map;
    };
  }

  /** The first branch that takes the value. With `inferAllFields` the words for null and booleans come first. */
  function unionReader(types: AvroType[]): Convert {
    const branches = types.map((type) => ({ name: branchName(type), type, convert: converterOf(type) }));
    const hasNull = options.inferAllFields && types.some(({ kind }) => kind === "null");
    const boolean = options.inferAllFields ? branches.find(({ type }) => type.kind === "boolean") : undefined;
    return (data) => {
      if (hasNull && isWord(words.null, data)) return null;
      if (boolean && (isWord(words.true, data) || isWord(words.false, data))) {
        return { [boolean.name]: readBoolean(data) };
      }
      for (const { name, type, convert } of branches) {
        if (type.kind === "null") {
          if (data === null || data === undefined || isWord(words.null, data)) return null;
          continue;
        }
        try {
          return { [name]: convert(data) };
        } catch (error) {
          asFailure(error);
        }
      }
      throw new ConversionFailure('Invalid data for schema "UNION"', patternOf(types));
    };
  }

  function patternOf(types: AvroType[]): string | undefined {
    for (const { kind } of types) {
      if (kind.includes("timestamp")) return options.datetimeFormat;
      if (kind === "date") return options.dateFormat;
      if (kind.startsWith("time-")) return options.timeFormat;
    }
    return undefined;
  }
}

/** Adds the pattern to what fails in it. */
function timed(read: (data: unknown) => number | bigint, pattern: string): Convert {
  return (data) => {
    try {
      return read(data);
    } catch (error) {
      const failure =
        error instanceof DateTimeError ? new ConversionFailure(error.message) : asFailure(error);
      // For what is no text the pattern does not matter.
      if (typeof data === "string") failure.pattern = pattern;
      throw failure;
    }
  };
}

function inside(convert: Convert, type: AvroType, item: unknown, step: string): unknown {
  try {
    return convert(item);
  } catch (error) {
    throw asFailure(error).inCell(type, item).at(step);
  }
}

function lookUp(data: Record<string, unknown>, { name, aliases }: AvroField): unknown {
  const value = Object.hasOwn(data, name) ? data[name] : null;
  if (value !== null || aliases.length === 0) return value;
  const alias = aliases.find((other) => Object.hasOwn(data, other) && data[other] !== null);
  return alias === undefined ? null : data[alias];
}

function isWord(words: ReadonlySet<string>, data: unknown): boolean {
  return typeof data === "string" && words.has(data.toLowerCase());
}

function asFailure(error: unknown): ConversionFailure {
  if (error instanceof ConversionFailure) return error;
  throw error;
}
