import { sql } from "postgraphile/@dataplan/pg/pg-sql2";
import { RepriseError } from "../src/base/errors.ts";
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
      where(value, { column }) {
        const labels = labelsOf(value);
        return sql`${column("system.replayed" in labels ? "labels" : "own_labels")} @> ${bind(labels, "jsonb")}`;
      },
    },
    text: {
      type: GraphQLString,
      description:
        "With this text in their id, flow (company.team.hello), labels or note, in capitals or not.",
      where: (value, { column }) =>
        holdsText(
          [
            sql`${column("namespace")} || '.' || ${column("flow_id")}`,
            ...["id", "own_labels", "note"].map(column),
          ],
          value,
        ),
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
    parentId: {
      type: UUID,
      description: "Started by this execution, with a Subflow or a ForEachItem.",
      // Not by the column, which is no index to anything.
      where: (value, { column }) =>
        sql`${column("parent_task_run_id")} in (select r.id from reprise_api.task_runs as r where r.execution_id = ${bind(value, "uuid")})`,
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

/** Labels are text; numbers and booleans are taken as such, as they are when an execution is created. */
function labelsOf(value: unknown): Record<string, string> {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  const labels = isObject ? Object.entries(value) : [];
  const isText = labels.every(([, text]) => ["string", "number", "boolean"].includes(typeof text));
  if (isObject && isText) return Object.fromEntries(labels.map(([name, text]) => [name, String(text)]));
  throw new RepriseError("RP400", "malformed_labels", "Labels are a JSON object of text.", {
    hint: 'Give them as {"KEY": "VALUE", …}.',
  });
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
