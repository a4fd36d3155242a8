import { callOne, type Database } from "../src/db/call.ts";
import type { FlowRevision } from "../src/db/generated.ts";
import { readFlow } from "../src/flow/read-flow.ts";
import type { TaskType } from "../src/tasks/task-type.ts";

/** The YAML of a flow of `Return`s, one behind the other, each with a template that reads the one before. */
export function returnSequence(length: number): string {
  const tasks = Array.from({ length }, (_, index) => {
    const read = index === 0 ? "inputs.name" : `outputs.step_${index - 1}.value`;
    return [
      `  - id: step_${index}`,
      "    type: io.kestra.plugin.core.debug.Return",
      `    format: "{{ ${read} }}-${index % 10}"`,
    ].join("\n");
  });
  return [
    `id: sequence_${length}`,
    "namespace: bench",
    "inputs:",
    "  - id: name",
    "    type: STRING",
    "    defaults: a",
    "tasks:",
    ...tasks,
    "",
  ].join("\n");
}

/** Saves a flow as a person would, and gives its revision. */
export async function saveFlow(
  db: Database,
  source: string,
  taskTypes: ReadonlyMap<string, TaskType>,
): Promise<FlowRevision> {
  const { flow, issues } = readFlow(source, taskTypes);
  if (flow === undefined) throw new Error(issues.map(({ message }) => message).join("\n"));
  return await callOne(db, "reprise_engine.save_revision", {
    namespace: flow.namespace,
    flow_id: flow.id,
    source,
    is_disabled: flow.isDisabled,
    definition: flow.definition,
    tasks: flow.tasks,
    message: null,
    actor: "bench",
  });
}

/** Creates executions of the only flow there is by one call. */
export async function createExecutions(pool: Database, count: number): Promise<void> {
  await pool.query(
    `select reprise_engine.create_executions(r, array_fill('{}'::json, array[$1::integer]), '{}', 'bench')
     from reprise.flow_revisions as r`,
    [count],
  );
}
