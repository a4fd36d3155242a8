import type {} from "postgraphile";
import type { GraphQLSchema } from "postgraphile/graphql";

/** Arguments mean the same wherever they stand. Those of SQL functions cannot be commented on in SQL. */
const argumentsByName: Readonly<Record<string, string>> = {
  id: "The id.",
  namespace: "The namespace of the flow.",
  flowId: "The id of the flow.",
  revision: "The number of the revision.",
  executionId: "The execution to replay.",
  anchors:
    'Where to start: start, failed, auto, the id of a task run, task:ID, or task:ID["VALUE", …] inside loops; several at once.',
  mode: "Whether everything behind the anchors runs again (the default), or only what can come out different.",
  inputs: "Inputs to change, laid over the original's.",
  overrides: 'Outputs to give to carried tasks: {"TASK": {outputs}}.',
};

const argumentsByField: Readonly<Record<string, string>> = {
  "Query.replayPlan.revision":
    "The revision to run on: original, latest, or a number. The original's unless told.",
  "Query.flow.id": "The id of the flow.",
};

const types: Readonly<Record<string, string>> = {
  Query: "What can be read.",
  Mutation: "What can be done.",
  Subscription: "What can be followed.",
};

/** Documents what neither SQL nor PostGraphile does. */
export const DocumentationPlugin: GraphileConfig.Plugin = {
  name: "DocumentationPlugin",
  version: "0.0.0",
  description: "Documents what neither SQL nor PostGraphile does.",
  schema: {
    hooks: {
      finalize(schema, build) {
        document(schema, build.graphql);
        return schema;
      },
    },
  },
};

function document(schema: GraphQLSchema, graphql: GraphileBuild.Build["graphql"]): void {
  for (const type of Object.values(schema.getTypeMap())) {
    type.description = types[type.name] ?? type.description;
    if (!graphql.isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      for (const arg of field.args) {
        arg.description ||=
          argumentsByField[`${type.name}.${field.name}.${arg.name}`] ?? argumentsByName[arg.name];
      }
    }
  }
}
