import avro from "avsc";
import { TaskError } from "../../task-type.ts";
import { avscName, withTrueNames } from "./avro-name.ts";
import { avscSchema } from "./avsc-schema.ts";
import { schemaProblem } from "./schema-problem.ts";

/** An Avro type, as the converters see it: names resolved, logical types checked. */
export type AvroType =
  | { kind: PrimitiveKind | LogicalKind; json: unknown }
  | {
      kind: "decimal";
      precision: number;
      scale: number;
      fixed?: { name: string; size: number };
      json: unknown;
    }
  | { kind: "record"; name: string; fields: AvroField[]; json: unknown }
  | { kind: "enum"; name: string; symbols: string[]; json: unknown }
  | { kind: "fixed"; name: string; size: number; json: unknown }
  | { kind: "array"; items: AvroType; json: unknown }
  | { kind: "map"; values: AvroType; json: unknown }
  | { kind: "union"; branches: AvroType[]; json: unknown };

/** A field of a record. */
export interface AvroField {
  name: string;
  /** The property under which records have it. */
  key: string;
  aliases: string[];
  type: AvroType;
}

/** The record that a file is made of. */
export type AvroRecord = Extract<AvroType, { kind: "record" }>;

/** Types that are only a name. */
export type PrimitiveKind = (typeof PRIMITIVES)[number];
/** Types that say what a number or a text means. */
export type LogicalKind = (typeof LOGICAL)[number][0];

const PRIMITIVES = ["null", "boolean", "int", "long", "float", "double", "bytes", "string"] as const;
const LOGICAL = [
  ["date", "int"],
  ["time-millis", "int"],
  ["time-micros", "long"],
  ["timestamp-millis", "long"],
  ["timestamp-micros", "long"],
  ["local-timestamp-millis", "long"],
  ["local-timestamp-micros", "long"],
  ["uuid", "string"],
] as const;

/** Reads a schema. It has to be a record, because each row of a file becomes one. */
export function parseAvroSchema(text: string): AvroRecord {
  const json = parsed(text);
  const problem = schemaProblem(json);
  if (problem !== undefined) throw invalid(problem);
  try {
    avro.Type.forSchema(avscSchema(json), { wrapUnions: "always" });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw invalid(withTrueNames(message).replace(/^undefined type name: (.*)$/, "there is no type `$1`"));
  }
  const type = resolve(json, "", new Map());
  if (type.kind !== "record") throw invalid(`it is of type ${type.kind}, and a file needs a record`);
  return type;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(`it is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

function invalid(problem: string): TaskError {
  return new TaskError("invalid_avro_schema", `Invalid Avro schema: ${problem.replace(/\.$/, "")}.`);
}

type Node = Record<string, unknown>;

function resolve(json: unknown, namespace: string, known: Map<string, AvroType>): AvroType {
  if (Array.isArray(json)) {
    return { kind: "union", branches: json.map((branch) => resolve(branch, namespace, known)), json };
  }
  if (typeof json === "string") {
    const primitive = PRIMITIVES.find((name) => name === json);
    if (primitive) return { kind: primitive, json };
    const named = known.get(fullName(json, namespace)) ?? known.get(json);
    if (named) return named;
    throw invalid(`there is no type ${json}`);
  }
  const node = json as Node;
  switch (node.type) {
    case "record":
    case "error":
      return resolveRecord(node, namespace, known);
    case "enum":
      return define(
        { kind: "enum", name: nameOf(node, namespace), symbols: node.symbols as string[], json },
        known,
      );
    case "fixed":
      return resolveFixed(node, namespace, known);
    case "array":
      return { kind: "array", items: resolve(node.items, namespace, known), json };
    case "map":
      return { kind: "map", values: resolve(node.values, namespace, known), json };
    default:
      return typeof node.type === "string"
        ? logical(node, namespace, known)
        : resolve(node.type, namespace, known);
  }
}

function resolveRecord(node: Node, outer: string, known: Map<string, AvroType>): AvroType {
  const name = nameOf(node, outer);
  const record: AvroRecord = { kind: "record", name, fields: [], json: node };
  define(record, known);
  const namespace = name.includes(".") ? name.slice(0, name.lastIndexOf(".")) : "";
  for (const field of node.fields as Node[]) {
    record.fields.push({
      name: String(field.name),
      key: avscName(String(field.name)),
      aliases: Array.isArray(field.aliases) ? field.aliases.map(String) : [],
      type: resolve(field.type, namespace, known),
    });
  }
  return record;
}

function resolveFixed(node: Node, namespace: string, known: Map<string, AvroType>): AvroType {
  const fixed = { name: nameOf(node, namespace), size: Number(node.size) };
  const type = decimal(node, fixed) ?? { kind: "fixed", ...fixed, json: node };
  known.set(fixed.name, type);
  return type;
}

/** A logical type counts only on the type it belongs to; elsewhere it is ignored, as Avro says. */
function logical(node: Node, namespace: string, known: Map<string, AvroType>): AvroType {
  const match = LOGICAL.find(([name, on]) => name === node.logicalType && on === node.type);
  if (match) return { kind: match[0], json: node };
  const isDecimal = node.type === "bytes" ? decimal(node) : undefined;
  return isDecimal ?? { ...resolve(node.type, namespace, known), json: node };
}

function decimal(node: Node, fixed?: { name: string; size: number }): AvroType | undefined {
  const { logicalType, precision, scale = 0 } = node;
  if (logicalType !== "decimal" || !Number.isInteger(precision) || !Number.isInteger(scale)) return undefined;
  if (Number(precision) < 1 || Number(scale) < 0 || Number(scale) > Number(precision)) return undefined;
  const type = { kind: "decimal" as const, precision: Number(precision), scale: Number(scale), json: node };
  return fixed ? { ...type, fixed } : type;
}

function define(type: Extract<AvroType, { name: string }>, known: Map<string, AvroType>): AvroType {
  known.set(type.name, type);
  return type;
}

function nameOf(node: Node, namespace: string): string {
  return fullName(String(node.name), typeof node.namespace === "string" ? node.namespace : namespace);
}

function fullName(name: string, namespace: string): string {
  return name.includes(".") || namespace === "" ? name : `${namespace}.${name}`;
}

/** Whether a field of this type may be null. */
export function isNullable(type: AvroType): boolean {
  return type.kind === "null" || (type.kind === "union" && type.branches.some(({ kind }) => kind === "null"));
}
