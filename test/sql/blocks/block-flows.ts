import { randomUUID } from "node:crypto";
import type { ClientBase } from "pg";
import { aWrittenFlow, type FlowReference } from "../../support/a-flow.ts";
import type { HandRun } from "../../support/hand-worker.ts";

/** A task that does nothing much, in YAML. */
export function log(id: string, rest = ""): string {
  return `{ id: ${id}, type: io.kestra.plugin.core.log.Log, message: hi${rest} }`;
}

/** A block of `io.kestra.plugin.core.flow`, in YAML. */
export function block(id: string, type: string, rest: string): string {
  return `{ id: ${id}, type: io.kestra.plugin.core.flow.${type}, ${rest} }`;
}

/** A WorkingDirectory, in YAML. */
export function directory(id: string, tasks: string[], rest = ""): string {
  return block(id, "WorkingDirectory", `tasks: [${tasks.join(", ")}]${rest}`);
}

/** A script in which tasks fail in the attempts that are named: `b 1`. */
export function failing(...which: string[]): (run: HandRun) => "FAILED" | "SUCCESS" {
  return ({ taskId, number }) => (which.includes(`${taskId} ${number}`) ? "FAILED" : "SUCCESS");
}

/** Saves a flow of its own name with these lists. */
export async function aBlockFlow(client: ClientBase, body: string): Promise<FlowReference> {
  return await aWrittenFlow(client, `id: flow-${randomUUID()}\nnamespace: company.team\n${body}`);
}

/**
 * The task runs of an execution in the order in which they came: `id[value,…] STATE`, and where it is asked for the number of the
 * last attempt; and behind them the state of the execution.
 */
export async function linesOf(
  client: ClientBase,
  executionId: string,
  withNumbers = false,
): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(
    `select t.id || coalesce('[' || array_to_string(r.iteration_path, ',') || ']', '') || ' ' || r.state
      || case when $2 and r.attempt_number > 0 then ' ' || r.attempt_number else '' end as line
    from reprise.task_runs as r
    join reprise.tasks as t on t.key = r.task_key
    where r.execution_id = $1
    order by r.id`,
    [executionId, withNumbers],
  );
  const { rows: executions } = await client.query("select state from reprise.executions where id = $1", [
    executionId,
  ]);
  return [...rows.map(({ line }) => line), `= ${executions[0].state}`];
}

/** The states that the task run of a task went through. */
export async function historyOf(client: ClientBase, executionId: string, taskId: string): Promise<string[]> {
  const { rows } = await client.query<{ state_history: { state: string }[] }>(
    "select state_history from reprise_api.task_runs where execution_id = $1 and task_id = $2",
    [executionId, taskId],
  );
  return (rows[0]?.state_history ?? []).map(({ state }) => state);
}
