import type {} from "postgraphile";
import type { GraphQLObjectType, GraphQLSchema } from "postgraphile/graphql";
import {
  argumentDescriptions,
  fieldDescriptions,
  listArgumentDescriptions,
  ownArgumentDescriptions,
  typeDescriptions,
} from "./descriptions.ts";
import { valueDescriptions } from "./value-descriptions.ts";

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
    type.description = typeDescriptions[type.name] ?? type.description;
    if (graphql.isObjectType(type)) documentFields(type);
    if (!graphql.isEnumType(type)) continue;
    for (const value of type.getValues()) value.description ??= valueDescriptions[type.name]?.[value.name];
  }
}

function documentFields(type: GraphQLObjectType): void {
  for (const field of Object.values(type.getFields())) {
    const place = `${type.name}.${field.name}`;
    field.description = fieldDescriptions[place] ?? field.description;
    for (const arg of field.args) {
      arg.description =
        ownArgumentDescriptions[`${place}.${arg.name}`] ??
        listArgumentDescriptions[arg.name] ??
        arg.description ??
        argumentDescriptions[arg.name];
    }
  }
}
