import type {} from "postgraphile";
import { type ConnectionStep, type FieldArgs, get, lambda } from "postgraphile/grafast";
import { RepriseError } from "../src/base/errors.ts";

/** How many entries a list gives when nobody says. */
export const usualPageSize = 100;
const most = 1000;

/** Every list is read in pages, from either end. */
export const PageSizePlugin: GraphileConfig.Plugin = {
  name: "PageSizePlugin",
  version: "0.0.0",
  description: "Lists are read in pages, from either end.",
  after: ["PgFirstLastBeforeAfterArgsPlugin"],
  schema: {
    hooks: {
      GraphQLObjectType_fields_field_args(args, build, { scope }) {
        if (scope.isPgFieldConnection !== true || args.first === undefined) return args;
        const { offset: _offset, ...others } = args;
        const size = (description: string) => ({ type: build.graphql.GraphQLInt, description });
        return {
          ...others,
          first: size(
            `How many at most, from the start or from \`after\` on: ${usualPageSize} unless told, never more than ${most}.`,
          ),
          last: size(
            `How many at most, back from the end or from \`before\`, still in the order of the list: never more than ${most}.`,
          ),
        };
      },
      GraphQLObjectType_fields_field(field, _build, { scope }) {
        const { plan } = field;
        if (scope.isPgFieldConnection !== true || plan === undefined) return field;
        return {
          ...field,
          plan($parent, args, info) {
            // biome-ignore lint/suspicious/noExplicitAny: Grafast types connections so.
            const $connection = plan($parent, args, info) as ConnectionStep<any>;
            setPageSize($connection, args);
            return $connection;
          },
        };
      },
    },
  },
};

// biome-ignore lint/suspicious/noExplicitAny: Grafast types connections so.
function setPageSize($connection: ConnectionStep<any>, args: FieldArgs): void {
  const $page = lambda(
    [args.getRaw("first"), args.getRaw("last"), args.getRaw("before")],
    ([first, last, before]) => pageOf(first, last, before),
  );
  $connection.setFirst(get($page, "first"));
  $connection.setLast(get($page, "last"));
}

/** Which end is meant, and how many. Whoever only says `before` reads backwards. */
function pageOf(first: unknown, last: unknown, before: unknown) {
  const size = { first: pageSize(first), last: pageSize(last) };
  if (size.first !== null || size.last !== null) return size;
  const isBackwards = before !== undefined && before !== null;
  return isBackwards ? { first: null, last: usualPageSize } : { first: usualPageSize, last: null };
}

function pageSize(asked: unknown): number | null {
  if (asked === undefined || asked === null) return null;
  const size = Number(asked);
  if (size >= 0 && size <= most) return size;
  const limit = size < 0 ? "A page cannot have less than no entries" : `A page has at most ${most} entries`;
  throw new RepriseError("RP400", "bad_page_size", `${limit}, and ${size} were asked for.`, {
    hint: "Read on with `after: endCursor`.",
  });
}
