import avro from "avsc";
import { mapOf } from "../../../base/key-order.ts";

/**
 * The property under which avsc has a field of a record. It writes programs that set `this.NAME`, and that of an object called
 * `__proto__` is none.
 */
export function avscField(name: string): string {
  return name === "__proto__" ? "__proto__field" : name;
}

/** A schema as avsc is to see it: with these properties. */
export function avscSchema(json: unknown): avro.Schema {
  if (!JSON.stringify(json).includes('"__proto__"')) return json as avro.Schema;
  return withFields(json) as avro.Schema;
}

function withFields(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(withFields);
  if (typeof json !== "object" || json === null) return json;
  const node = json as Record<string, unknown>;
  return mapOf(
    Object.entries(node).map(([key, part]) => {
      if (key === "fields" && Array.isArray(part)) return [key, part.map(withFieldName)];
      return [key, ["type", "items", "values"].includes(key) ? withFields(part) : part];
    }),
  );
}

function withFieldName(field: unknown): unknown {
  const { name, type, default: _, ...rest } = field as Record<string, unknown>;
  // Defaults are ours to fill in: one of a record would have to be renamed too.
  return { ...rest, name: avscField(String(name)), type: withFields(type) };
}

/** Maps as objects without a prototype: any text can be a key of them. */
export function ownMaps(schema: unknown, options: unknown): avro.Type | undefined {
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
