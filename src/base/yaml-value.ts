import { isAlias, isMap, isPair, isScalar, isSeq, type ParsedNode, Scalar } from "yaml";

// One reading of YAML for flows, inputs, templates and files: what stands there without quotes means what it means to Kestra's parser,
// which is YAML 1.1 without its dates. `yes` and `off` are booleans, `012` is octal, `1_000` a number, and `NaN` a text.

/** How the library is to parse: nothing is resolved yet, so that every scalar is a text. */
export const yamlOptions = {
  schema: "failsafe",
  version: "1.2",
  merge: false,
  uniqueKeys: false,
  prettyErrors: false,
  resolveKnownTags: false,
} as const;

/** What a scalar without quotes stands for. */
export type PlainScalar =
  | { kind: "text" }
  | { kind: "null" }
  | { kind: "boolean"; value: boolean }
  | { kind: "integer"; value: bigint }
  | { kind: "float"; value: number };

const NULL = /^(?:~|null|Null|NULL|)$/;
const TRUE = /^(?:true|True|TRUE|yes|Yes|YES|on|On|ON)$/;
const FALSE = /^(?:false|False|FALSE|no|No|NO|off|Off|OFF)$/;
const INTEGER = /^([-+]?)(0x[\da-fA-F_]+|0b[01_]+|0[0-7_]+|0|[1-9][\d_]*)$/;
const FLOAT = /^[-+]?(?:\d[\d_]*\.[\d_]*(?:[eE][-+]?\d+)?|\.\d[\d_]*(?:[eE][-+]?\d+)?|\d[\d_]*[eE][-+]?\d+)$/;
/** Java's parser takes these for numbers, and fails to read them. */
const NO_NUMBER = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
/** Converting digits takes quadratic time; nobody means a number by so many. */
const MOST_DIGITS = 1_000;

/** Reads a scalar that stands without quotes. */
export function plainScalar(text: string): PlainScalar {
  if (NULL.test(text)) return { kind: "null" };
  if (TRUE.test(text)) return { kind: "boolean", value: true };
  if (FALSE.test(text)) return { kind: "boolean", value: false };
  if (NO_NUMBER.test(text)) return { kind: "float", value: Number.NaN };
  if (text.length > MOST_DIGITS) return { kind: "text" };
  const [, sign, digits] = INTEGER.exec(text) ?? [];
  if (digits !== undefined && /\d/.test(digits.replace(/^0[xb]/, "")))
    return { kind: "integer", value: integerOf(sign, digits) };
  return FLOAT.test(text) ? { kind: "float", value: Number(text.replaceAll("_", "")) } : { kind: "text" };
}

function integerOf(sign: string | undefined, digits: string): bigint {
  const plain = digits.replaceAll("_", "");
  const value = BigInt(/^0\d/.test(plain) ? `0o${plain.slice(1)}` : plain);
  return sign === "-" ? -value : value;
}

/** Whether a scalar stands there without quotes, and without a tag that says what it is. */
export function isPlain(scalar: Scalar): boolean {
  return scalar.type === Scalar.PLAIN && scalar.tag === undefined;
}

/** What values are made of: numbers are kept in different ways. */
export interface YamlMaking {
  integer(value: bigint): unknown;
  float(value: number): unknown;
  map(entries: [key: string, value: unknown][]): unknown;
  /** Whether a number or boolean that is written in an unusual way stays what is written: who reads it may want a text. */
  keepsWritten?: boolean;
  /** What stands for nothing at all, as behind a name without a value; null, if it is left out. */
  empty?: unknown;
}

/** Deeper than any document that somebody means. */
const DEEPEST = 200;

/** A value that YAML cannot have. The message begins in lower case and has no full stop. */
export class YamlFault extends Error {}

/** A parsed node as a value. Aliases stay what they are called, as in Kestra, so that nothing can grow by them; so does `<<`. */
export function yamlValue(node: ParsedNode | unknown, making: YamlMaking, depth = 0): unknown {
  if (depth > DEEPEST) throw new YamlFault("it is nested too deeply");
  if (isAlias(node)) return node.source;
  if (isScalar(node)) return isPlain(node) ? plainValue(node, making) : String(node.value ?? "");
  if (isSeq(node)) return node.items.map((item) => yamlValue(item, making, depth + 1));
  if (isMap(node))
    return making.map(
      node.items.map((pair) => [yamlKey(pair.key), yamlValue(pair.value, making, depth + 1)]),
    );
  return isPair(node) ? yamlValue(node.value, making, depth + 1) : (making.empty ?? null);
}

function plainValue(scalar: Scalar, making: YamlMaking): unknown {
  return writtenValue(scalar.source ?? String(scalar.value ?? ""), making, () => String(scalar.value ?? ""));
}

/** The value of what stands without quotes. Over several lines a text is not what is written. */
export function writtenValue(written: string, making: YamlMaking, text = () => written): unknown {
  const found = plainScalar(written);
  if (found.kind === "null") return written === "" ? (making.empty ?? null) : null;
  if (found.kind === "text") return text();
  if (found.kind === "float" && !Number.isFinite(found.value))
    throw new YamlFault(`Malformed numeric value '${written}'`);
  if (making.keepsWritten === true && String(found.value) !== written) return written;
  if (found.kind === "boolean") return found.value;
  return found.kind === "integer" ? making.integer(found.value) : making.float(found.value);
}

/** Keys are texts, as they are written; lists and maps are none. */
function yamlKey(key: unknown): string {
  if (isAlias(key)) return key.source;
  if (isSeq(key) || isMap(key)) throw new YamlFault("a key is a text, no list and no map");
  if (!isScalar(key)) return String(key ?? "");
  return String((isPlain(key) ? key.source : undefined) ?? key.value ?? "");
}
