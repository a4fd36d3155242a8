import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { anEndedExecution, executionOf, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aBlockFlow, linesOf, log } from "../blocks/block-flows.ts";
import { childrenOf, subflow } from "./subflow-flows.ts";

const db = await testDatabase();

describe("a Subflow", () => {
  it("starts an execution of another flow, waits for it, and shows what came of it", () =>
    db.inTransaction(async (client) => {
      const child = await aBlockFlow(
        client,
        `tasks: [${log("x")}]\noutputs: [{ id: said, type: STRING, value: yes }]`,
      );
      const parent = await aBlockFlow(client, `tasks: [${subflow("s", child)}, ${log("b")}]`);
      const id = await anEndedExecution(client, parent, ({ taskId }) =>
        taskId === "$outputs" ? { outputs: { said: "yes" } } : {},
      );
      assert.deepEqual(await linesOf(client, id, true), ["s SUCCESS 1", "b SUCCESS 1", "= SUCCESS"]);
      const [started] = await childrenOf(client, id);
      const runs = await taskRunsOf(client, id);
      assert.deepEqual(runs.s?.outputs, {
        executionId: started?.id,
        state: "SUCCESS",
        outputs: { said: "yes" },
      });
      const { trigger, labels, parent_task_run_id } = await executionOf(client, started?.id as string);
      assert.equal(parent_task_run_id, runs.s?.id);
      assert.deepEqual(labels, { "system.correlationId": id });
      assert.deepEqual(trigger, {
        id: "s",
        type: "io.kestra.plugin.core.flow.Subflow",
        variables: {
          executionId: id,
          namespace: "company.team",
          flowId: parent.id,
          flowRevision: 1,
          taskRunId: runs.s?.id,
          taskId: "s",
        },
      });
    }));
});
