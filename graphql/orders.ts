import type {} from "postgraphile";
import { type PgCodec, type PgSelectQueryBuilder, TYPES } from "postgraphile/@dataplan/pg";
import { type SQL, sql } from "postgraphile/@dataplan/pg/pg-sql2";

/** A column, or several with the same direction. Whatever is not unique is followed by the key. */
interface Order {
  columns: readonly string[];
  /** Of a first column that may be empty: what stands in for nothing, so that those rows come last both ways. */
  last?: { codec: PgCodec; ASC: SQL; DESC: SQL };
}

/** Not infinity, which a cursor cannot say; and no time of a day when clocks were not yet set by whole minutes. */
const lastTime = {
  codec: TYPES.timestamptz,
  ASC: sql`'9999-12-31T00:00:00Z'::timestamptz`,
  DESC: sql`'1980-01-01T00:00:00Z'::timestamptz`,
};
const lastDuration = { codec: TYPES.bigint, ASC: sql`9223372036854775807`, DESC: sql`-1` };

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
      STARTED_AT: { columns: ["started_at", "id"], last: lastTime },
      ENDED_AT: { columns: ["ended_at", "id"], last: lastTime },
      DURATION: { columns: ["duration_ms", "id"], last: lastDuration },
      STATE: { columns: ["state", "id"] },
      FLOW: { columns: ["namespace", "flow_id", "flow_revision", "id"] },
    },
  },
  taskRuns: { default: "CREATED_ASC", by: { CREATED: { columns: ["id"] } } },
  logs: { default: "TAKEN_ASC", by: { TAKEN: { columns: ["id"] } } },
  metrics: { default: "RECORDED_ASC", by: { RECORDED: { columns: ["recorded_at", "task_run_id", "id"] } } },
  inputFiles: { default: "NAME_ASC", by: { NAME: { columns: ["name", "execution_id", "id"] } } },
  files: { default: "NAME_ASC", by: { NAME: { columns: ["name", "task_run_id", "id"] } } },
  waits: { default: "KIND_ASC", by: { KIND: { columns: ["kind", "task_run_id", "id"] } } },
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

function orderValue({ columns, last }: Order, direction: "ASC" | "DESC") {
  const description = `By ${columns[0] === "id" ? "creation" : columns[0]?.replace(/_(at|ms)$/, "").replaceAll("_", " ")}, ${
    direction === "ASC" ? "ascending" : "descending"
  }.`;
  const apply = (query: PgSelectQueryBuilder) => {
    for (const [index, attribute] of columns.entries()) {
      if (index > 0 || last === undefined) query.orderBy({ attribute, direction });
      else {
        const fragment = sql`coalesce(${query.alias}.${sql.identifier(attribute)}, ${last[direction]})`;
        query.orderBy({ fragment, codec: last.codec, direction });
      }
    }
    query.setOrderIsUnique();
  };
  return { description, extensions: { grafast: { apply } } };
}
