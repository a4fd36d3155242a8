import type { PgAttribute, PgType } from "postgraphile/graphile-build-pg/pg-introspection";

/** The schemas whose types and functions TypeScript knows. */
export const ourSchemas: readonly string[] = ["reprise", "reprise_engine", "reprise_api"];

const typescriptTypes: Readonly<Record<string, string>> = {
  bool: "boolean",
  int2: "number",
  int4: "number",
  float4: "number",
  float8: "number",
  int8: "string",
  numeric: "string",
  text: "string",
  varchar: "string",
  name: "string",
  uuid: "string",
  json: "unknown",
  jsonb: "unknown",
  timestamptz: "Date",
  bytea: "Buffer",
  void: "undefined",
};

/** What an argument may be beyond what a result is: node-postgres writes these in the same way. */
const wider: Readonly<Record<string, string>> = {
  int8: "string | number | bigint",
  timestamptz: "Date | string",
  bytea: "Uint8Array",
};

/** `task_runs` → `TaskRun`: a row is one of what its table holds. A view that shows the same is `TaskRunView`. */
export function rowName({ relname, relkind }: { relname: string; relkind: string }): string {
  if (relkind === "c") return pascalCase(relname);
  const one = pascalCase(relname.replace(/ies$/, "y").replace(/([^s])s$/, "$1"));
  return relkind === "v" ? `${one}View` : one;
}

/** `task_run_state` → `TaskRunState`. */
export function pascalCase(name: string): string {
  return name.replace(/(?:^|_)([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase());
}

/** Whether the type is an array, and of what. */
export function elementOf(type: PgType): PgType | undefined {
  return type.typcategory === "A" ? (type.getElemType() ?? undefined) : undefined;
}

/** Whether the type is one of ours and not of Postgres. */
export function isOurs(type: PgType): boolean {
  return ourSchemas.includes(type.getNamespace()?.nspname ?? "");
}

/** How TypeScript names the values of a type. */
export function typescriptType(type: PgType, isArgument = false): string {
  const element = elementOf(type);
  if (element !== undefined) {
    const inner = isArgument ? orNull(typescriptType(element, true)) : typescriptType(element);
    return /^\w+$/.test(inner) ? `${inner}[]` : `(${inner})[]`;
  }
  if (isOurs(type)) {
    const relation = type.typtype === "c" ? type.getClass() : undefined;
    return relation ? rowName(relation) : pascalCase(type.typname);
  }
  return (isArgument ? wider[type.typname] : undefined) ?? typescriptTypes[type.typname] ?? "unknown";
}

/** A column's type; what may be absent is also null. The smart tag `@notNull` promises that a composite's field is there. */
export function columnType(column: PgAttribute): string {
  const type = column.getType();
  if (type === undefined) throw new Error(`The type of ${column.attname} is unknown.`);
  const isSure = column.attnotnull === true || column.getTags().notNull !== undefined;
  return isSure ? typescriptType(type) : orNull(typescriptType(type));
}

/** `unknown` holds null already. */
export function orNull(type: string): string {
  return type === "unknown" || type === "undefined" ? type : `${type} | null`;
}

/** The name that the run-time tables of `generated.ts` use: `jsonb[]`, `reprise.replay_plan_task`. */
export function sqlName(type: PgType): string {
  const element = elementOf(type);
  if (element !== undefined) return `${sqlName(element)}[]`;
  return isOurs(type) ? `${type.getNamespace()?.nspname}.${type.typname}` : type.typname;
}
