import { isAvroName } from "./avro-name.ts";

type Node = Readonly<Record<string, unknown>>;

/** What is missing in an Avro schema, and where; undefined where it is complete. Begins in lower case and has no full stop. */
export function schemaProblem(schema: unknown, place = "the schema"): string | undefined {
  if (typeof schema === "string") return undefined;
  if (Array.isArray(schema)) {
    if (schema.length === 0) return `${place} is a list of no types`;
    return first(schema, (branch, index) => schemaProblem(branch, `type ${index + 1} of ${place}`));
  }
  if (!isNode(schema)) return `${place} must be the name of a type, a map with \`type\`, or a list of types`;
  const { type } = schema;
  if (type === undefined) return `${place} has no \`type\``;
  if (typeof type !== "string") return schemaProblem(type, place);
  switch (type) {
    case "record":
    case "error":
      return nameProblem(schema, place) ?? fieldsProblem(schema);
    case "enum":
      return nameProblem(schema, place) ?? symbolsProblem(schema);
    case "fixed":
      return nameProblem(schema, place) ?? sizeProblem(schema);
    case "array":
      return partProblem(schema, "items", place);
    case "map":
      return partProblem(schema, "values", place);
    default:
      return undefined;
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function nameProblem({ name, type }: Node, place: string): string | undefined {
  if (typeof name !== "string" || name === "") return `${place} is of type ${type} and needs a \`name\``;
  return isAvroName(name.slice(name.lastIndexOf(".") + 1)) ? undefined : `${place} ${isNoName(name)}`;
}

function isNoName(name: string): string {
  return `is called ${JSON.stringify(name)}, and a name is made of letters, digits and \`_\`, and begins with no digit`;
}

function fieldsProblem({ name, fields }: Node): string | undefined {
  const record = `the record \`${name}\``;
  if (!Array.isArray(fields)) return `${record} needs \`fields\`, a list`;
  const names = new Set<string>();
  return first(fields, (field, index) => {
    if (!isNode(field) || typeof field.name !== "string")
      return `field ${index + 1} of ${record} has no \`name\``;
    const place = `field \`${field.name}\` of ${record}`;
    if (!isAvroName(field.name)) return `field ${index + 1} of ${record} ${isNoName(field.name)}`;
    if (names.has(field.name)) return `${place} is there twice`;
    names.add(field.name);
    return partProblem(field, "type", place);
  });
}

function symbolsProblem({ name, symbols }: Node): string | undefined {
  const isFit = Array.isArray(symbols) && symbols.every((symbol) => typeof symbol === "string");
  if (!isFit || symbols.length === 0) return `the enum \`${name}\` needs \`symbols\`, a list of texts`;
  const known = new Set<string>();
  return first(symbols as string[], (symbol, index) => {
    if (!isAvroName(symbol)) return `symbol ${index + 1} of the enum \`${name}\` ${isNoName(symbol)}`;
    if (known.has(symbol)) return `the enum \`${name}\` has the symbol \`${symbol}\` twice`;
    known.add(symbol);
    return undefined;
  });
}

function sizeProblem({ name, size }: Node): string | undefined {
  return Number.isInteger(size) && Number(size) > 0
    ? undefined
    : `the fixed \`${name}\` needs a \`size\` in bytes`;
}

function partProblem(node: Node, part: "items" | "values" | "type", place: string): string | undefined {
  if (node[part] === undefined) return `${place} has no \`${part}\``;
  return schemaProblem(node[part], part === "type" ? place : `\`${part}\` of ${place}`);
}

function first<T>(items: readonly T[], problemOf: (item: T, index: number) => string | undefined) {
  for (const [index, item] of items.entries()) {
    const problem = problemOf(item, index);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
