import type {} from "postgraphile";
import type { GraphQLInputType } from "postgraphile/graphql";

/** An input type of the schema by its name, or a list of it. */
export function typeNamed(
  build: GraphileBuild.Build,
  name: string,
  shape: "single" | "list" = "single",
): GraphQLInputType {
  const type = build.getTypeByName(name);
  if (type === undefined || !build.graphql.isInputType(type))
    throw new Error(`There is no input type ${name}.`);
  if (shape === "single") return type;
  return new build.graphql.GraphQLList(new build.graphql.GraphQLNonNull(type));
}
