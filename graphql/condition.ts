import { type PgCondition, sqlValueWithCodec, TYPES } from "postgraphile/@dataplan/pg";
import { type SQL, sql } from "postgraphile/@dataplan/pg/pg-sql2";
import type { GraphQLInputType } from "postgraphile/graphql";

/** A way to narrow a list. */
export interface Condition {
  type: GraphQLInputType;
  description: string;
  /** The clause for a value that is not null. */
  where(value: unknown, row: Row): SQL;
}

/** The row that a clause speaks of. */
export interface Row {
  column(name: string): SQL;
}

/** Makes a plugin that gives the lists of a view their conditions; all that are given hold together. */
export function conditionPlugin(
  name: string,
  codecName: string,
  conditionsOf: (build: GraphileBuild.Build) => Record<string, Condition>,
): GraphileConfig.Plugin {
  return {
    name,
    version: "0.0.0",
    description: `Narrows lists of ${codecName}.`,
    schema: {
      hooks: {
        GraphQLInputObjectType_fields(fields, build, { scope, fieldWithHooks }) {
          if (scope.isPgCondition !== true || scope.pgCodec?.name !== codecName) return fields;
          const conditions = Object.entries(conditionsOf(build)).map(([fieldName, condition]) => [
            fieldName,
            fieldWithHooks({ fieldName }, inputField(condition)),
          ]);
          return build.extend(fields, Object.fromEntries(conditions), name);
        },
      },
    },
  };
}

function inputField({ type, description, where }: Condition) {
  return {
    type,
    description,
    apply(condition: PgCondition, value: unknown) {
      if (value === undefined || value === null) return;
      condition.where(where(value, { column: (name) => sql`${condition.alias}.${sql.identifier(name)}` }));
    },
  };
}

/** A value as a parameter of the statement. */
export function bind(
  value: unknown,
  type: "text" | "int" | "bigint" | "boolean" | "uuid" | "timestamptz" | "jsonb",
): SQL {
  return sqlValueWithCodec(value, TYPES[type]);
}

/** Whether a column is one of the values of a list. The list comes as the column's own type, so that Postgres can estimate. */
export function isOneOf(column: SQL, values: unknown, type: SQL): SQL {
  const texts = Array.isArray(values) ? values.map(String) : [];
  return sql`${column} = any (${sql.value(texts)}::${type}[])`;
}

/** Whether any of the columns holds a text, whatever its case. */
export function holdsText(columns: readonly SQL[], text: unknown): SQL {
  const found = columns.map(
    (column) => sql`strpos(lower((${column})::text), lower(${bind(text, "text")})) > 0`,
  );
  return sql`(${sql.join(found, " or ")})`;
}
