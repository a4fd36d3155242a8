import type { Database } from "../../src/db/call.ts";
import { block } from "../sql/blocks/block-flows.ts";
import type { FlowReference } from "../support/a-flow.ts";

/** A task that stores rows 0 to count - 1. */
export const file = (count: number) =>
  `{ id: file, type: test.Store, text: "${Array.from({ length: count }, (_, row) => `row ${row}\\n`).join("")}" }`;
/** A ForEachItem of them. */
export const item = (child: FlowReference, rest = "") =>
  block(
    "each",
    "ForEachItem",
    `namespace: ${child.namespace}, flowId: ${child.id}, items: "{{ outputs.file.uri }}"${rest}`,
  );
/** What it gives to its executions, and what these ask for. */
export const inputs = ', inputs: { items: "{{ taskrun.items }}", number: "{{ taskrun.iteration }}" }';
export const childInputs = "inputs: [{ id: items, type: STRING }, { id: number, type: INT }]";
/** A task that says the number of its batch. */
export const say = '{ id: say, type: test.Say, text: "{{ inputs.number }}" }';

/** An execution that a ForEachItem has started. */
export interface StartedItem {
  id: string;
  state: string;
  inputs: { items: string; number: number };
  iteration: number;
  task: string;
}

/** The executions that the ForEachItem of an execution has started, in the order of the batches. */
export async function itemsOf(db: Database, executionId: string): Promise<StartedItem[]> {
  const { rows } = await db.query<StartedItem>(
    `select c.id, c.state, c.inputs, (c.trigger #>> '{variables,taskRunIteration}')::integer as iteration, c.trigger ->> 'id' as task
    from reprise.executions as c
    join reprise.task_runs as r on r.id = c.parent_task_run_id
    where r.execution_id = $1
    order by iteration`,
    [executionId],
  );
  return rows;
}
