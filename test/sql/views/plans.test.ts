import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { testDatabase } from "../../support/database.ts";

const db = await testDatabase();

describe("the views of executions, task runs and attempts", () => {
  // A volatile function among its columns is enough for Postgres to work out the whole view before anything else.
  it("are read in the order of an index, a page at a time", () =>
    db.inTransaction(async (client) => {
      // Tables so small would be read as a whole otherwise, and sorted; where there is no other way, they still are.
      await client.query(
        "set local enable_seqscan = off; set local enable_hashjoin = off; set local enable_mergejoin = off; set local enable_sort = off",
      );
      for (const view of ["executions", "task_runs", "attempts"]) {
        const { rows } = await client.query<{ "QUERY PLAN": string }>(
          `explain (costs off) select * from reprise_api.${view} order by id desc limit 1`,
        );
        const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
        assert.match(plan, new RegExp(`Index Scan Backward using ${view}_pkey`), plan);
        // What is worked out for each row may sort the few that it looks at.
        const outer = plan.split(/^ *SubPlan/m, 1)[0] as string;
        assert.doesNotMatch(outer, /Subquery Scan|^ *-> {2}Sort/m, plan);
      }
    }));
});
