import { sql } from "postgraphile/@dataplan/pg/pg-sql2";
import { bind, conditionPlugin, holdsText } from "./condition.ts";

/** By what lists of flows are narrowed. */
export const FlowConditionPlugin = conditionPlugin("FlowConditionPlugin", "flows", (build) => ({
  namespace: {
    type: build.graphql.GraphQLString,
    description: "Of this namespace and those below it.",
    where: (value, { column }) =>
      sql`(${column("namespace")} = ${bind(value, "text")} or ${column("namespace")} ^@ (${bind(value, "text")} || '.'))`,
  },
  text: {
    type: build.graphql.GraphQLString,
    description: "With this text in their name (company.team.hello) or description, in capitals or not.",
    where: (value, { column }) =>
      holdsText([sql`${column("namespace")} || '.' || ${column("id")}`, column("description")], value),
  },
  isDisabled: {
    type: build.graphql.GraphQLBoolean,
    description: "Only disabled ones, or only others.",
    where: (value, { column }) => sql`${column("is_disabled")} = ${bind(value, "boolean")}`,
  },
}));
