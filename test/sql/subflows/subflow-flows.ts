import type { ClientBase } from "pg";
import type { FlowReference } from "../../support/a-flow.ts";
import { anEndedExecution } from "../../support/an-execution.ts";
import type { Script } from "../../support/hand-worker.ts";
import { aBlockFlow, block, log } from "../blocks/block-flows.ts";

/** A Subflow that starts this flow, in YAML. */
export function subflow(id: string, flow: Pick<FlowReference, "namespace" | "id">, rest = ""): string {
  return block(id, "Subflow", `namespace: ${flow.namespace}, flowId: ${flow.id}${rest}`);
}

/** The executions that an execution has started, in their order. */
export async function childrenOf(
  client: ClientBase,
  executionId: string,
): Promise<{ id: string; state: string }[]> {
  const { rows } = await client.query<{ id: string; state: string }>(
    `select c.id, c.state
    from reprise.executions as c
    join reprise.task_runs as r on r.id = c.parent_task_run_id
    where r.execution_id = $1
    order by r.id, c.id`,
    [executionId],
  );
  return rows;
}

/** The first attempt of `x` fails, in each execution. */
export const failsFirst: Script = ({ taskId, number }) => (taskId === "x" && number === 1 ? "FAILED" : {});

/** A parent `s`, `b` that has failed by its child, or its children, whose second task is `x`. */
export async function aFailed(client: ClientBase, rest = "", wrap = (task: string) => task) {
  const child = await aBlockFlow(client, `tasks: [${log("a")}, ${log("x")}]`);
  const parent = await aBlockFlow(client, `tasks: [${wrap(subflow("s", child, rest))}, ${log("b")}]`);
  const id = await anEndedExecution(client, parent, failsFirst);
  return { id, children: await childrenOf(client, id), child };
}
