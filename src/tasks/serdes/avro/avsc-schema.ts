import { isDeepStrictEqual } from "node:util";
import avro from "avsc";
import { mapOf } from "../../../base/key-order.ts";
import { avscName, trueName } from "./avro-name.ts";

/** A schema as avsc is to see it: with names that it takes. */
export function avscSchema(json: unknown): avro.Schema {
  const renamed = renamedSchema(json, avscName);
  // Where all names are plain it stays whole, and avsc looks at its defaults.
  const isSame = isDeepStrictEqual(
    renamed,
    renamedSchema(json, (name) => name),
  );
  return (isSame ? json : renamed) as avro.Schema;
}

type Rename = (name: string) => string;

function renamedSchema(json: unknown, rename: Rename): unknown {
  if (typeof json === "string") return rename(json);
  if (Array.isArray(json)) return json.map((branch) => renamedSchema(branch, rename));
  if (typeof json !== "object" || json === null) return json;
  return mapOf(Object.entries(json).map(([key, part]) => [key, renamedPart(key, part, rename)]));
}

function renamedPart(key: string, part: unknown, rename: Rename): unknown {
  switch (key) {
    case "type":
    case "items":
    case "values":
      return renamedSchema(part, rename);
    case "fields":
      return Array.isArray(part) ? part.map((field) => renamedSchema(field, rename)) : part;
    case "name":
    case "namespace":
      return typeof part === "string" ? rename(part) : part;
    case "symbols":
    case "aliases":
      return Array.isArray(part) ? part.map((name) => rename(String(name))) : part;
    // Defaults are ours to fill in: those of records and enums would have to be renamed too.
    case "default":
      return typeof part === "object" || typeof part === "string" ? undefined : part;
    default:
      return part;
  }
}

/** Types of our own in the place of avsc's: maps that take any key, and enums that take any name. */
export function ownTypes(schema: unknown, options: unknown): avro.Type | undefined {
  return ownMaps(schema, options) ?? ownEnums(schema, options);
}

/** Enums with their true symbols. */
export function ownEnums(schema: unknown, options: unknown): avro.Type | undefined {
  const { type, symbols } = schema as { type?: unknown; symbols?: string[] };
  const isOurs = type === "enum" && symbols?.some((symbol) => trueName(symbol) !== symbol);
  return isOurs ? (new OwnEnum(schema as never, options as never) as avro.Type) : undefined;
}

// The types of avsc do not tell of these two.
interface EnumMethods {
  _read(tap: Tap): string;
  _write(tap: Tap, symbol: string): void;
}
const plainEnum = avro.types.EnumType.prototype as unknown as EnumMethods;

class OwnEnum extends avro.types.EnumType {
  _read(tap: Tap): string {
    return trueName(plainEnum._read.call(this, tap));
  }

  _write(tap: Tap, symbol: string): void {
    plainEnum._write.call(this, tap, avscName(symbol));
  }
}

/** Maps as objects without a prototype: any text can be a key of them. */
function ownMaps(schema: unknown, options: unknown): avro.Type | undefined {
  const isMap = (schema as { type?: unknown }).type === "map";
  return isMap ? (new OwnMap(schema as never, options as never) as avro.Type) : undefined;
}

class OwnMap extends avro.types.MapType {
  _read(tap: Tap): Record<string, unknown> {
    const values = this.valuesType as unknown as { _read(tap: Tap): unknown };
    const map: Record<string, unknown> = Object.create(null);
    for (let count = tap.readLong(); count !== 0; count = tap.readLong()) {
      // A count below zero has the size of the block behind it.
      if (count < 0) tap.skipLong();
      for (let left = Math.abs(count); left > 0; left--) {
        const key = tap.readString();
        map[key] = values._read(tap);
      }
    }
    return map;
  }
}

interface Tap {
  readLong(): number;
  skipLong(): void;
  readString(): string;
}
