import { avscName } from "./avro-name.ts";
import type { AvroType } from "./avro-schema.ts";
import { ConversionFailure } from "./conversion-failure.ts";
import { javaText } from "./java-text.ts";
import { notA } from "./read-number.ts";

/** Bytes are taken as they are, everything else as its text in UTF-8. */
export function readBytes(data: unknown): Buffer {
  return data instanceof Uint8Array ? Buffer.from(data) : Buffer.from(javaText(data));
}

// As java.util.UUID.fromString: each group may leave out its zeros.
const UUID = /^([0-9a-f]{1,8})-([0-9a-f]{1,4})-([0-9a-f]{1,4})-([0-9a-f]{1,4})-([0-9a-f]{1,12})$/;

/** A UUID in its usual form. */
export function readUuid(data: unknown): string {
  if (typeof data !== "string") throw notA("java.util.UUID", data);
  const groups = UUID.exec(data.toLowerCase())?.slice(1);
  if (!groups) throw new ConversionFailure(`Invalid UUID string: ${data}`);
  return groups.map((group, index) => group.padStart([8, 4, 4, 4, 12][index] as number, "0")).join("-");
}

/** One of the symbols of an enum. */
export function enumReader(symbols: string[]): (data: unknown) => string {
  const known = new Set(symbols);
  return (data) => {
    const text = javaText(data);
    if (known.has(text)) return text;
    throw new ConversionFailure(`Invalid enum value, found ${text}, expected [${symbols.join(", ")}]`);
  };
}

/** Bytes of a fixed length. The misspelling is Kestra's. */
export function fixedReader(size: number): (data: unknown) => Buffer {
  return (data) => {
    const bytes = readBytes(data);
    if (bytes.length === size) return bytes;
    throw new ConversionFailure(`Invalid length for fixed size, found ${bytes.length}, expexted ${size}`);
  };
}

/** What avsc calls a branch of a union: its name, or the name of its plain type. */
export function branchName(type: AvroType): string {
  if ("name" in type) return avscName(type.name);
  if (type.kind === "decimal") return type.fixed ? avscName(type.fixed.name) : "bytes";
  if (type.kind === "uuid") return "string";
  if (type.kind === "date" || type.kind === "time-millis") return "int";
  return /^(time|local)/.test(type.kind) ? "long" : type.kind;
}
