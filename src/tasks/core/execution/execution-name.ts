import { text } from "../../property.ts";
import type { ExecutionName } from "../../task-engine.ts";
import { type TaskContext, TaskError } from "../../task-type.ts";

/** The properties by which a task names an execution. */
export const executionName = {
  executionId: text()
    .optional()
    .meta({ description: "The execution; the one in which the task runs where it is left out." }),
  namespace: text()
    .optional()
    .meta({ description: "The namespace of its flow, where that is another; given together with `flowId`." }),
  flowId: text()
    .optional()
    .meta({ description: "The id of its flow, where that is another; given together with `namespace`." }),
};

interface Given {
  executionId?: string | undefined;
  namespace?: string | undefined;
  flowId?: string | undefined;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Finds the execution that a task names. */
export async function namedExecution(given: Given, context: TaskContext): Promise<ExecutionName> {
  const { executionId, namespace, flowId } = given;
  const { flow, execution, engine } = context;
  if (executionId === undefined) {
    if (namespace !== undefined || flowId !== undefined)
      throw wrong("`namespace` and `flowId` should only be set when `executionId` is set.");
    return { executionId: execution.id, namespace: flow.namespace, flowId: flow.id };
  }
  if ((namespace === undefined) !== (flowId === undefined))
    throw wrong("Both `namespace` and `flowId` must be set when `executionId` is set.");

  const named = { executionId, namespace: namespace ?? flow.namespace, flowId: flowId ?? flow.id };
  if (UUID.test(executionId) && (await engine.isExecution(named))) return named;
  throw new TaskError("execution_not_found", `No execution found for execution id ${executionId}`);
}

function wrong(message: string): TaskError {
  return new TaskError("invalid_properties", message);
}
