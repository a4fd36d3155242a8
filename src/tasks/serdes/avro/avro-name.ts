// Java looks at each half of a pair of surrogates by itself, and neither is a letter.
const NAME = /^(?!.*[\u{10000}-\u{10ffff}])[\p{L}_][\p{L}\p{Nd}_]*$/u;

/** Whether Avro for Java takes this as the name of a type or a field, or as a symbol: letters of any script, digits and `_`. */
export function isAvroName(name: string): boolean {
  return NAME.test(name);
}

// avsc takes ASCII only, and writes programs that set `this.NAME`: that of an object called `__proto__` is none.
const PLAIN = /^(?!__)[A-Za-z_][A-Za-z0-9_]*$/;

/** The name under which avsc has a type, a field or a symbol: no two names have the same. */
export function avscName(name: string): string {
  const parts = name.split(".");
  return parts.map((part) => (part === "" || PLAIN.test(part) ? part : hidden(part))).join(".");
}

function hidden(part: string): string {
  return `__${Buffer.from(part).toString("hex")}`;
}

/** The name that avsc has under this one. */
export function trueName(name: string): string {
  return name.startsWith("__") ? Buffer.from(name.slice(2), "hex").toString() : name;
}

/** A text of avsc, with the true names in it. */
export function withTrueNames(text: string): string {
  return text.replace(/\b__(?:[0-9a-f]{2})+\b/g, trueName);
}
