import type { PgSelectSingleStep } from "postgraphile/@dataplan/pg";
import { TYPES } from "postgraphile/@dataplan/pg";
import { sql } from "postgraphile/@dataplan/pg/pg-sql2";
import { extendSchema } from "postgraphile/utils";
import { resourceNamed } from "./resource-named.ts";

/** Where an execution stands among its replays. */
export const LineagePlugin = extendSchema((build) => {
  const executions = resourceNamed(build, "executions");
  return {
    typeDefs: /* GraphQL */ `
      extend type Execution {
        "The whole line it belongs to: the first original and every replay of it or of its replays, oldest first."
        lineage: [Execution!]!
        "Where the replay starts; empty when it is no replay."
        anchors: [ReplayAnchor!]
      }

      extend type ReplayPlan {
        "Where the replay starts."
        startsAt: [ReplayAnchor!]!
      }

      "Where a replay starts."
      type ReplayAnchor {
        "What was asked for: start, failed, auto, the id of a task run, or a task."
        anchor: String!
        "The task; empty when the replay starts at the beginning."
        taskId: String
        "The values of the loops around it, outermost first."
        path: [String!]
        "The task run of the original."
        taskRunId: BigInt
      }
    `,
    objects: {
      Execution: {
        plans: {
          lineage($execution: PgSelectSingleStep) {
            const $line = executions.find();
            const root = $line.placeholder($execution.get("root_id"), TYPES.uuid);
            $line.where(sql`(${$line.alias}.root_key = ${root} or ${$line.alias}.id = ${root})`);
            $line.orderBy({ attribute: "id", direction: "ASC" });
            $line.setOrderIsUnique();
            return $line;
          },
          anchors: ($execution: PgSelectSingleStep) => $execution.get("anchors"),
        },
      },
      ReplayPlan: { plans: { startsAt: ($plan: PgSelectSingleStep) => $plan.get("anchors") } },
    },
  };
});
