import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { aBlockFlow, log } from "../sql/blocks/block-flows.ts";
import { childrenOf, subflow } from "../sql/subflows/subflow-flows.ts";
import { anEndedExecution } from "../support/an-execution.ts";
import { anApi } from "./an-api.ts";

const api = await anApi();
let id: string;
let child: string;

before(async () => {
  id = await api.commit(async (db) => {
    const flow = await aBlockFlow(db, `tasks: [${log("x")}]`);
    const parent = await aBlockFlow(db, `tasks: [${subflow("s", flow)}, ${log("b")}]`);
    return await anEndedExecution(db, parent, {}, { rounds: 1 });
  });
  const [started] = await api.commit((db) => childrenOf(db, id));
  child = started?.id as string;
});

describe("executions that executions have started", () => {
  it("are shown with the task run that waits for them, which runs meanwhile", async () => {
    const { execution } = await api.read(
      `query ($id: UUID!) {
        execution(id: $id) {
          taskRuns { nodes { taskId state outputs attempts { state endedAt } childExecutions { nodes { id state } } } }
        }
      }`,
      { id },
    );
    assert.deepEqual(execution.taskRuns.nodes, [
      {
        taskId: "s",
        state: "RUNNING",
        outputs: null,
        attempts: [{ state: "RUNNING", endedAt: null }],
        childExecutions: { nodes: [{ id: child, state: "CREATED" }] },
      },
    ]);
  });

  it("name what started them", async () => {
    const { execution } = await api.read(
      "query ($id: UUID!) { execution(id: $id) { parentId parent { id parent { id } } parentTaskRun { taskId } } }",
      { id: child },
    );
    assert.deepEqual(execution, {
      parentId: id,
      parent: { id, parent: null },
      parentTaskRun: { taskId: "s" },
    });
  });

  it("are found by it", async () => {
    const { executions } = await api.read(
      "query ($id: UUID!) { executions(condition: { parentId: $id }) { totalCount nodes { id } } }",
      { id },
    );
    assert.deepEqual(executions, { totalCount: 1, nodes: [{ id: child }] });
  });
});
