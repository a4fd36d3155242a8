import { Instant, LocalDate, LocalDateTime, LocalTime, ZoneOffset } from "@js-joda/core";
import { Decimal } from "../ion/ion-value.ts";
import type { AvroRecord, AvroType } from "./avro-schema.ts";
import { branchName } from "./read-text.ts";

/** Turns a value as avsc reads it into one of `ion-value.ts`. */
type FromAvro = (value: unknown) => unknown;

/** Prepares the reading of records. A record `root` that has nothing but the list `value` stands for the list. */
export function recordReader(schema: AvroRecord): (record: Record<string, unknown>) => unknown {
  const read = readerOf(new Map(), schema) as (record: Record<string, unknown>) => Record<string, unknown>;
  const [only] = schema.fields;
  const isList =
    /(^|\.)root$/.test(schema.name) &&
    schema.fields.length === 1 &&
    only?.name === "value" &&
    only.type.kind === "array";
  return isList ? (record) => read(record).value : read;
}

function readerOf(made: Map<AvroType, FromAvro>, type: AvroType): FromAvro {
  const known = made.get(type);
  if (known) return known;
  // A type may contain itself.
  let read: FromAvro | undefined;
  made.set(type, (value) => (read as FromAvro)(value));
  read = make(made, type);
  made.set(type, read);
  return read;
}

function make(made: Map<AvroType, FromAvro>, type: AvroType): FromAvro {
  switch (type.kind) {
    case "int":
      return (value) => BigInt(value as number);
    case "date":
      return (value) => LocalDate.ofEpochDay(value as number);
    case "time-millis":
      return (value) => LocalTime.ofNanoOfDay((value as number) * 1e6);
    case "time-micros":
      return (value) => LocalTime.ofNanoOfDay(Number(value) * 1e3);
    case "timestamp-millis":
      return (value) => momentOf(value as bigint, 1000n);
    case "timestamp-micros":
      return (value) => momentOf(value as bigint, 1_000_000n);
    case "local-timestamp-millis":
      return (value) => localOf(value as bigint, 1000n);
    case "local-timestamp-micros":
      return (value) => localOf(value as bigint, 1_000_000n);
    case "decimal":
      return (value) => new Decimal(unscaledOf(value as Uint8Array), type.scale);
    case "array": {
      const item = readerOf(made, type.items);
      return (value) => (value as unknown[]).map(item);
    }
    case "map": {
      const item = readerOf(made, type.values);
      return (value) => mapped(Object.entries(value as object), () => item);
    }
    case "record": {
      const fields = type.fields.map(({ name, key, type }) => ({ name, key, read: readerOf(made, type) }));
      return (value) => {
        const struct: Record<string, unknown> = Object.create(null);
        for (const { name, key, read } of fields)
          struct[name] = read((value as Record<string, unknown>)[key]);
        return struct;
      };
    }
    case "union": {
      const branches = new Map(type.branches.map((branch) => [branchName(branch), readerOf(made, branch)]));
      return (value) => {
        if (value === null) return null;
        const [[name, item] = ["", null]] = Object.entries(value as object);
        return branches.get(name)?.(item) ?? null;
      };
    }
    default:
      return (value) => value;
  }
}

function mapped(entries: [string, unknown][], reader: (name: string) => FromAvro): Record<string, unknown> {
  const struct: Record<string, unknown> = Object.create(null);
  for (const [name, item] of entries) struct[name] = reader(name)(item);
  return struct;
}

/** A moment of so many units since 1970. */
export function momentOf(value: bigint, perSecond: bigint): Instant {
  const { second, nano } = split(value, perSecond);
  return Instant.ofEpochSecond(second, nano);
}

/** A date and time without a zone, of so many units since 1970. */
export function localOf(value: bigint, perSecond: bigint): LocalDateTime {
  const { second, nano } = split(value, perSecond);
  return LocalDateTime.ofEpochSecond(second, nano, ZoneOffset.UTC);
}

function split(value: bigint, perSecond: bigint): { second: number; nano: number } {
  const rest = ((value % perSecond) + perSecond) % perSecond;
  return { second: Number((value - rest) / perSecond), nano: Number(rest * (1_000_000_000n / perSecond)) };
}

function unscaledOf(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n;
  return BigInt.asIntN(8 * bytes.length, BigInt(`0x${Buffer.from(bytes).toString("hex")}`));
}
