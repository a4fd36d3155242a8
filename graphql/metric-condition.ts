import { sql } from "postgraphile/@dataplan/pg/pg-sql2";
import { bind, conditionPlugin, isOneOf } from "./condition.ts";
import { typeNamed } from "./type-named.ts";

/** By what lists of metrics are narrowed. */
export const MetricConditionPlugin = conditionPlugin("MetricConditionPlugin", "metrics", (build) => ({
  names: {
    type: typeNamed(build, "String", "list"),
    description: "With one of these names.",
    where: (value, { column }) => isOneOf(column("name"), value, sql`text`),
  },
  taskIds: {
    type: typeNamed(build, "String", "list"),
    description: "Of these tasks.",
    where: (value, { column }) => isOneOf(column("task_id"), value, sql`text`),
  },
  isCarried: {
    type: build.graphql.GraphQLBoolean,
    description: "Only those of carried attempts, or only the execution's own.",
    where: (value, { column }) => sql`${column("is_carried")} = ${bind(value, "boolean")}`,
  },
}));
