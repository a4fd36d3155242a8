import { randomUUID } from "node:crypto";
import type { ClientBase } from "pg";
import { callOne, type Database } from "../../../src/db/call.ts";
import { aWrittenFlow, type FlowReference } from "../../support/a-flow.ts";
import { anExecution, executionOf } from "../../support/an-execution.ts";
import { log } from "../blocks/block-flows.ts";

/** Saves a flow of its own name, or the next revision of one, with a task that does nothing much. */
export async function aGatedFlow(
  db: Database,
  top: string,
  { id = `flow-${randomUUID()}`, tasks = log("a") }: { id?: string; tasks?: string } = {},
): Promise<FlowReference> {
  return await aWrittenFlow(db, `id: ${id}\nnamespace: company.team\n${top}\ntasks: [${tasks}]`);
}

/** Starts so many executions one after the other. */
export async function someExecutions(db: Database, flow: FlowReference, count: number): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) ids.push(await anExecution(db, flow));
  return ids;
}

/** The states of executions, in this order. */
export async function statesOfAll(db: Database, ids: readonly string[]): Promise<string[]> {
  const states: string[] = [];
  for (const id of ids) states.push((await executionOf(db, id)).state);
  return states;
}

/** The states that an execution went through. */
export async function historyOf(db: Database, id: string): Promise<string[]> {
  const { rows } = await db.query("select state_history from reprise_api.executions where id = $1", [id]);
  return rows[0].state_history.map(({ state }: { state: string }) => state);
}

/** What a worker does when the queue of a flow may move on. */
export async function openGate(client: ClientBase, { namespace, id }: FlowReference): Promise<number> {
  return (await callOne(client, "reprise_engine.open_gate", { namespace, flow_id: id })) as number;
}

/** The jobs that wait, by what they are for, without those of task runs. */
export async function wakeUpsOf(db: Database): Promise<string[]> {
  const { rows } = await db.query<{ task_identifier: string }>(
    "select task_identifier from graphile_worker.jobs where task_identifier like 'reprise.%' order by 1",
  );
  return rows.map(({ task_identifier }) => task_identifier);
}

/** What was logged for an execution, the oldest first. */
export async function logOf(db: Database, id: string): Promise<string[]> {
  const { rows } = await db.query<{ line: string }>(
    "select level || ' ' || message as line from reprise.logs where execution_id = $1 order by logged_at, id",
    [id],
  );
  return rows.map(({ line }) => line);
}
