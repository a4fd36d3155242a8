import { sql } from "postgraphile/@dataplan/pg/pg-sql2";
import { bind, conditionPlugin, isOneOf } from "./condition.ts";
import { typeNamed } from "./type-named.ts";

/** By what lists of task runs are narrowed. */
export const TaskRunConditionPlugin = conditionPlugin("TaskRunConditionPlugin", "taskRuns", (build) => ({
  taskIds: {
    type: typeNamed(build, "String", "list"),
    description: "Of these tasks.",
    where: (value, { column }) => isOneOf(column("task_id"), value, sql`text`),
  },
  states: {
    type: typeNamed(build, "TaskRunState", "list"),
    description: "In one of these states.",
    where: (value, { column }) => isOneOf(column("state"), value, sql`reprise.task_run_state`),
  },
  isCarried: {
    type: build.graphql.GraphQLBoolean,
    description: "Only carried ones, or only others.",
    where: (value, { column }) => sql`${column("is_carried")} = ${bind(value, "boolean")}`,
  },
}));
