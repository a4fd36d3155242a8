import { sql } from "postgraphile/@dataplan/pg/pg-sql2";
import { bind, type Condition, conditionPlugin, holdsText, isOneOf } from "./condition.ts";
import { typeNamed } from "./type-named.ts";

/** By what lists of executions are narrowed. */
export const ExecutionConditionPlugin = conditionPlugin("ExecutionConditionPlugin", "executions", (build) => {
  const { GraphQLString, GraphQLInt, GraphQLBoolean } = build.graphql;
  const Datetime = typeNamed(build, "Datetime");
  const UUID = typeNamed(build, "UUID");
  return {
    ids: {
      type: typeNamed(build, "UUID", "list"),
      description: "Only these executions.",
      where: (value, { column }) => isOneOf(column("id"), value, sql`uuid`),
    },
    namespace: {
      type: GraphQLString,
      description: "Of this namespace and those below it.",
      where: (value, { column }) =>
        sql`(${column("namespace")} = ${bind(value, "text")} or ${column("namespace")} ^@ (${bind(value, "text")} || '.'))`,
    },
    flowId: {
      type: GraphQLString,
      description: "Of flows with this id.",
      where: (value, { column }) => sql`${column("flow_id")} = ${bind(value, "text")}`,
    },
    flowRevision: {
      type: GraphQLInt,
      description: "On this revision of their flow.",
      where: (value, { column }) => sql`${column("flow_revision")} = ${bind(value, "int")}`,
    },
    states: {
      type: typeNamed(build, "ExecutionState", "list"),
      description: "In one of these states.",
      where: (value, { column }) => isOneOf(column("state"), value, sql`reprise.execution_state`),
    },
    labels: {
      type: typeNamed(build, "JSON"),
      description: 'With all of these labels, each with its value: {"team": "rides"}.',
      // Only the stored labels have an index; system.replayed is derived.
      where: (value, { column }) =>
        sql`${column(isDerived(value) ? "labels" : "own_labels")} @> ${bind(value, "jsonb")}`,
    },
    text: {
      type: GraphQLString,
      description: "With this text in their id, flow, labels or note, in capitals or not.",
      where: (value, { column }) =>
        holdsText(["id", "namespace", "flow_id", "own_labels", "note"].map(column), value),
    },
    isReplay: {
      type: GraphQLBoolean,
      description: "Only replays, or only others.",
      where: (value, { column }) => sql`(${column("original_id")} is not null) = ${bind(value, "boolean")}`,
    },
    originalId: {
      type: UUID,
      description: "Replays of this execution.",
      where: (value, { column }) => sql`${column("original_id")} = ${bind(value, "uuid")}`,
    },
    rootId: {
      type: UUID,
      description: "Replays in the line of this first original, however far down.",
      where: (value, { column }) => sql`${column("root_key")} = ${bind(value, "uuid")}`,
    },
    ...timeRange("created", Datetime),
    ...timeRange("started", Datetime),
    ...timeRange("ended", Datetime),
  };
});

function isDerived(labels: unknown): boolean {
  return typeof labels === "object" && labels !== null && "system.replayed" in labels;
}

function timeRange(verb: string, type: Condition["type"]): Record<string, Condition> {
  return {
    [`${verb}After`]: {
      type,
      description: `That were ${verb} at this time or later.`
        .replace("were ended", "ended")
        .replace("were started", "started"),
      where: (value, { column }) => sql`${column(`${verb}_at`)} >= ${bind(value, "timestamptz")}`,
    },
    [`${verb}Before`]: {
      type,
      description: `That were ${verb} before this time.`
        .replace("were ended", "ended")
        .replace("were started", "started"),
      where: (value, { column }) => sql`${column(`${verb}_at`)} < ${bind(value, "timestamptz")}`,
    },
  };
}
