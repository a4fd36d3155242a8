import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callOne } from "../../src/db/call.ts";
import { aFlow } from "../support/a-flow.ts";
import { anEndedExecution, aReplay, taskRunsOf } from "../support/an-execution.ts";
import { anApi } from "./an-api.ts";

const api = await anApi();

const query = `query ($id: UUID!) { execution(id: $id) {
  metrics { nodes { name type value description tags isCarried taskId attemptNumber attempt { execution { id } } } totalCount }
  taskRuns { nodes { taskId metrics(first: 1, orderBy: RECORDED_DESC) { nodes { name } } } }
} }`;

describe("Execution.metrics", () => {
  it("are what tasks measured, of the execution and of each task run, with those that a replay carries", async () => {
    const flow = await aFlow(api.db.pool, { tasks: ["a", "b"] });
    const id = await api.commit((db) => anEndedExecution(db, flow));
    const { a } = await taskRunsOf(api.db.pool, id);
    const { rows } = await api.db.pool.query<{ id: string }>(
      "select id from reprise.attempts where task_run_id = $1",
      [a?.id],
    );
    for (const _ of ["once", "twice"])
      await callOne(api.db.pool, "reprise_engine.append_metrics", {
        execution_ids: [id, id],
        task_run_ids: [a?.id ?? null, a?.id ?? null],
        attempt_ids: [rows[0]?.id ?? null, rows[0]?.id ?? null],
        names: ["rows", "waited"],
        types: ["COUNTER", "TIMER"],
        metric_values: [3, 1500.5],
        descriptions: ["Read", null],
        tags: [{ table: "t" }, {}],
      });
    const replay = await api.commit(async (db) => (await aReplay(db, id, { anchors: ["task:b"] })).id);

    for (const [shown, isCarried] of [
      [id, false],
      [replay, true],
    ] as const) {
      const { execution } = await api.read(query, { id: shown });
      const common = { isCarried, taskId: "a", attemptNumber: 1, attempt: { execution: { id } } };
      assert.deepEqual(execution.metrics, {
        nodes: [
          { name: "rows", type: "COUNTER", value: 3, description: "Read", tags: { table: "t" }, ...common },
          { name: "waited", type: "TIMER", value: 1500.5, description: null, tags: {}, ...common },
        ],
        totalCount: 2,
      });
      const { execution: narrowed } = await api.read(
        `query ($id: UUID!, $condition: MetricCondition) {
          execution(id: $id) { metrics(condition: $condition) { nodes { name } } }
        }`,
        { id: shown, condition: { names: ["waited", "gone"], taskIds: ["a"], isCarried } },
      );
      assert.deepEqual(narrowed.metrics.nodes, [{ name: "waited" }]);
      const of = execution.taskRuns.nodes.find((run: { taskId: string }) => run.taskId === "a");
      assert.deepEqual(of.metrics.nodes, [{ name: "waited" }]);
    }
  });
});
