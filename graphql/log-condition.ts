import { sql } from "postgraphile/@dataplan/pg/pg-sql2";
import { bind, conditionPlugin, holdsText, isOneOf } from "./condition.ts";
import { typeNamed } from "./type-named.ts";

/** By what lists of log lines are narrowed. */
export const LogConditionPlugin = conditionPlugin("LogConditionPlugin", "logs", (build) => ({
  minLevel: {
    type: typeNamed(build, "LogLevel"),
    description: "As grave as this, or graver.",
    where: (value, { column }) => sql`${column("level")} >= ${bind(value, "text")}::reprise.log_level`,
  },
  taskIds: {
    type: typeNamed(build, "String", "list"),
    description: "Of these tasks.",
    where: (value, { column }) => isOneOf(column("task_id"), value, sql`text`),
  },
  taskRunId: {
    type: typeNamed(build, "BigInt"),
    description: "Of this task run.",
    where: (value, { column }) => sql`${column("task_run_id")} = ${bind(value, "bigint")}`,
  },
  attemptNumber: {
    type: build.graphql.GraphQLInt,
    description: "Of attempts with this number.",
    where: (value, { column }) => sql`${column("attempt_number")} = ${bind(value, "int")}`,
  },
  text: {
    type: build.graphql.GraphQLString,
    description: "With this text in their message, in capitals or not.",
    where: (value, { column }) => holdsText([column("message")], value),
  },
  isCarried: {
    type: build.graphql.GraphQLBoolean,
    description: "Only those of carried attempts, or only the execution's own.",
    where: (value, { column }) => sql`${column("is_carried")} = ${bind(value, "boolean")}`,
  },
  isSystemStep: {
    type: build.graphql.GraphQLBoolean,
    description: "Only those of system steps, or only what tasks said.",
    where: (value, { column }) => sql`(${column("system_step")} is not null) = ${bind(value, "boolean")}`,
  },
}));
