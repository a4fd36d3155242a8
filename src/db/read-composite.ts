import { compositeFields } from "./generated.ts";
import { valueTypes } from "./value-types.ts";

/** How to read a value: Postgres's number of a type, or the name of one of our composite types, with `[]` for a list. */
export type Reader = string | number;

/** Reads what node-postgres leaves as text: composite values, also nested ones and lists of them. */
export function readValue(value: unknown, reader: Reader): unknown {
  if (typeof value !== "string") return value;
  if (typeof reader === "number") return readBuiltin(value, reader);
  if (reader.endsWith("[]")) return readTexts(value).map((text) => readValue(text, reader.slice(0, -2)));
  const fields = Object.entries(compositeFields[reader] ?? {});
  const parts = splitComposite(value);
  return Object.fromEntries(
    fields.map(([name, field], index) => [name, readValue(parts[index] ?? null, field)]),
  );
}

function readBuiltin(value: string, type: number): unknown {
  const parse: (text: string) => unknown = valueTypes.getTypeParser(type, "text");
  return parse(value);
}

/** Any array's text is also that of an array of texts. */
function readTexts(value: string): unknown[] {
  const texts = readBuiltin(value, 1009);
  return Array.isArray(texts) ? texts : [];
}

/** `(1,"a ""b""",)` → `["1", 'a "b"', null]`: nothing between the commas is null, `""` is an empty text. */
function splitComposite(value: string): (string | null)[] {
  const parts: (string | null)[] = [];
  let part: string | null = null;
  let isQuoted = false;
  for (let index = 1; index < value.length; index += 1) {
    const character = value.charAt(index);
    if (character === '"' && !(isQuoted && value.charAt(index + 1) === '"')) {
      isQuoted = !isQuoted;
      part ??= "";
    } else if (!isQuoted && (character === "," || character === ")")) {
      parts.push(part);
      part = null;
    } else {
      // A doubled quote, or a backslash and what follows: the second of the two is meant.
      if (character === '"' || character === "\\") index += 1;
      part = (part ?? "") + value.charAt(index);
    }
  }
  return parts;
}
