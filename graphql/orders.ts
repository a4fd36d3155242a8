import type {} from "postgraphile";
import type { PgSelectQueryBuilder } from "postgraphile/@dataplan/pg";

/** A column, or several with the same direction. Whatever is not unique is followed by the key. */
interface Order {
  columns: readonly string[];
  isNullable?: boolean;
}

/** What each view can be ordered by. The first, in its own direction, is the default. */
const orders: Readonly<Record<string, { default: string; by: Readonly<Record<string, Order>> }>> = {
  flows: {
    default: "ID_ASC",
    by: { ID: { columns: ["namespace", "id"] }, UPDATED_AT: { columns: ["updated_at", "namespace", "id"] } },
  },
  flowRevisions: { default: "REVISION_DESC", by: { REVISION: { columns: ["revision"] } } },
  executions: {
    default: "CREATED_AT_DESC",
    by: {
      // Ids begin with the time of creation, and the indexes end with the id.
      CREATED_AT: { columns: ["id"] },
      STARTED_AT: { columns: ["started_at", "id"], isNullable: true },
      ENDED_AT: { columns: ["ended_at", "id"], isNullable: true },
      DURATION: { columns: ["duration_ms", "id"], isNullable: true },
      STATE: { columns: ["state", "id"] },
      FLOW: { columns: ["namespace", "flow_id", "flow_revision", "id"] },
    },
  },
  taskRuns: { default: "CREATED_ASC", by: { CREATED: { columns: ["id"] } } },
  logs: { default: "TAKEN_ASC", by: { TAKEN: { columns: ["id"] } } },
  files: { default: "NAME_ASC", by: { NAME: { columns: ["name", "task_run_id", "id"] } } },
  workers: { default: "ID_DESC", by: { ID: { columns: ["id"] } } },
};

/** Orders that have an index or a reason, instead of one for each column. */
export const OrdersPlugin: GraphileConfig.Plugin = {
  name: "OrdersPlugin",
  version: "0.0.0",
  description: "Offers for each list the orders that make sense, the first of them by default.",
  schema: {
    hooks: {
      GraphQLEnumType_values(values, build, { scope }) {
        const offered = orders[scope.isPgRowSortEnum === true ? (scope.pgCodec?.name ?? "") : ""];
        if (offered === undefined) return values;
        const names = Object.entries(offered.by).flatMap(([name, order]) => [
          [`${name}_ASC`, orderValue(order, "ASC")] as const,
          [`${name}_DESC`, orderValue(order, "DESC")] as const,
        ]);
        // What is first becomes the default.
        names.sort(([a], [b]) => Number(b === offered.default) - Number(a === offered.default));
        return build.extend({}, Object.fromEntries(names), "OrdersPlugin");
      },
    },
  },
};

function orderValue({ columns, isNullable = false }: Order, direction: "ASC" | "DESC") {
  const description = `By ${columns[0] === "id" ? "creation" : columns[0]?.replace(/_(at|ms)$/, "").replaceAll("_", " ")}, ${
    direction === "ASC" ? "ascending" : "descending"
  }.`;
  const apply = (query: PgSelectQueryBuilder) => {
    for (const attribute of columns) {
      query.orderBy({
        attribute,
        direction,
        ...(isNullable ? { nullable: true, nulls: "LAST" as const } : {}),
      });
    }
    query.setOrderIsUnique();
  };
  return { description, extensions: { grafast: { apply } } };
}
