import type {} from "postgraphile";
import { type ConnectionStep, type FieldArg, lambda } from "postgraphile/grafast";
import { RepriseError } from "../src/base/errors.ts";

const usual = 100;
const most = 1000;

/** Every list has a page size, and pages go one way: turn the order round to go the other. */
export const PageSizePlugin: GraphileConfig.Plugin = {
  name: "PageSizePlugin",
  version: "0.0.0",
  description: "Lists have a page size, and pages go one way.",
  after: ["PgFirstLastBeforeAfterArgsPlugin"],
  schema: {
    hooks: {
      GraphQLObjectType_fields_field_args(args, build, { scope }) {
        if (scope.isPgFieldConnection !== true || args.first === undefined) return args;
        const { last: _last, before: _before, offset: _offset, first, ...others } = args;
        return {
          ...others,
          first: {
            ...first,
            description: `How many at most: ${usual} unless told, never more than ${most}.`,
            type: build.graphql.GraphQLInt,
            defaultValue: usual,
            // biome-ignore lint/suspicious/noExplicitAny: Grafast types this argument so.
            applyPlan(_parent: unknown, $connection: ConnectionStep<any>, arg: FieldArg) {
              $connection.setFirst(lambda(arg.getRaw(), pageSize));
            },
          },
        };
      },
    },
  },
};

function pageSize(first: unknown): number {
  if (first === undefined || first === null) return usual;
  const size = Number(first);
  if (size >= 0 && size <= most) return size;
  throw new RepriseError(
    "RP400",
    "page_too_large",
    `A page has at most ${most} entries, and ${size} were asked for.`,
    {
      hint: "Read on with `after: endCursor`.",
    },
  );
}
