import type {} from "postgraphile";
import type { GraphQLInputType, GraphQLOutputType } from "postgraphile/graphql";

/** Fields and arguments whose lists hold no empty entries, and whether the list itself is always there. */
const lists: Readonly<Record<string, "always" | "sometimes">> = {
  "Execution.violatedSlas": "always",
  "ReplayPlan.tasks": "always",
  "ReplayPlan.problems": "always",
  "ReplayPlanTask.iterationPath": "sometimes",
  "ReplayPlanTask.changedKeys": "sometimes",
  "TaskRun.iterationPath": "sometimes",
  "Wait.iterationPath": "sometimes",
  "Worker.jobIdentifiers": "always",
  "Query.replayPlan.anchors": "sometimes",
  "Query.replayPlan.breakpoints": "sometimes",
};

/** Says of lists that they hold no empty entries; Postgres cannot say so of its arrays. */
export const ListsPlugin: GraphileConfig.Plugin = {
  name: "ListsPlugin",
  version: "0.0.0",
  description: "Says of lists that they hold no empty entries.",
  schema: {
    hooks: {
      GraphQLObjectType_fields_field(field, build, { Self, scope }) {
        const presence = lists[`${Self.name}.${scope.fieldName}`];
        return presence === undefined ? field : { ...field, type: fullList(build, field.type, presence) };
      },
      GraphQLObjectType_fields_field_args_arg(arg, build, { Self, scope }) {
        const presence = lists[`${Self.name}.${scope.fieldName}.${scope.argName}`];
        return presence === undefined ? arg : { ...arg, type: fullList(build, arg.type, presence) };
      },
    },
  },
};

function fullList<T extends GraphQLInputType | GraphQLOutputType>(
  { graphql }: GraphileBuild.Build,
  type: T,
  presence: "always" | "sometimes",
): T {
  const { GraphQLList, GraphQLNonNull } = graphql;
  const list = graphql.getNullableType(type);
  if (!graphql.isListType(list)) throw new Error(`${type} is no list.`);
  const full = new GraphQLList(new GraphQLNonNull(graphql.getNullableType(list.ofType)));
  return (presence === "always" ? new GraphQLNonNull(full) : full) as T;
}
