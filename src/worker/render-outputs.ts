import { callOne, type Database } from "../db/call.ts";
import { ExpressionError } from "../expression/expression-error.ts";
import { renderDeep } from "../expression/render-deep.ts";
import type { Context } from "../expression/template.ts";
import type { CompiledOutput } from "../flow/compiled-flow.ts";
import type { TaskLog } from "../tasks/task-type.ts";

/** Renders the outputs of a flow, or of an iteration of a Loop. One that is not required is left out when it cannot be rendered. */
export async function renderOutputs(
  db: Database,
  definitions: CompiledOutput[],
  context: Context,
  log: TaskLog,
): Promise<Record<string, unknown>> {
  const outputs: Record<string, unknown> = {};
  for (const { id, type, value, required } of definitions) {
    try {
      outputs[id] = renderDeep(value, context, { isText: type === "STRING" }) ?? null;
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      if (required) {
        log.error(`Failed to render output values: ${error.message}`);
        throw error;
      }
      log.warn(`Failed to render optional flow output '${id}'. Output is ignored.`);
    }
  }

  const typed = definitions.filter(({ id, type }) => type !== undefined && id in outputs);
  const checked = (await callOne(db, "reprise_engine.check_inputs", {
    definitions: typed,
    given: Object.fromEntries(typed.map(({ id }) => [id, outputs[id]])),
    noun: "output",
  })) as Record<string, unknown>;
  return { ...outputs, ...checked };
}
