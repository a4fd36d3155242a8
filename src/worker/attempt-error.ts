import { RepriseError } from "../base/errors.ts";
import { ExpressionError } from "../expression/expression-error.ts";
import { TaskError } from "../tasks/task-type.ts";
import { storableMessage, storableTexts } from "./storable-message.ts";
import type { AttemptError } from "./transitions.ts";

/** What the row of a failed attempt says. What nobody foresaw keeps its stack, for whoever mends it. */
export function describeError(error: unknown): AttemptError {
  if (error instanceof TaskError) return described(error.reason, error.message, error.details);
  if (error instanceof RepriseError) return described(error.reason, error.message, error.details);
  if (error instanceof ExpressionError) {
    return described("expression_failed", error.message, { expression: error.expression });
  }
  if (error instanceof Error)
    return described("unexpected", error.message || error.name, { stack: error.stack });
  return described("unexpected", String(error));
}

function described(reason: string, message: string, details?: unknown): AttemptError {
  return {
    reason,
    message: storableMessage(message),
    ...(details === undefined ? {} : { details: storableTexts(details) }),
  };
}
