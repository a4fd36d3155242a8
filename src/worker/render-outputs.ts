import type { SecretBox } from "../base/secret-box.ts";
import type { Database } from "../db/call.ts";
import { ExpressionError } from "../expression/expression-error.ts";
import { renderInTurn } from "../expression/render-in-turn.ts";
import type { Context } from "../expression/template.ts";
import { readYamlText } from "../expression/yaml-text.ts";
import type { CompiledOutput } from "../flow/compiled-flow.ts";
import type { TaskLog } from "../tasks/task-type.ts";
import { examineInputs } from "./given-inputs.ts";
import { refusedInputs } from "./resolve-inputs.ts";
import { sealInput } from "./secrets.ts";

/** What SQL cannot read by itself: a secret is encrypted before, and YAML read. */
function readable(
  definition: CompiledOutput,
  { [definition.id]: value }: Record<string, unknown>,
  secretBox: SecretBox,
): unknown {
  // JSON has nothing for these, and they are no missing values.
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (definition.type === "SECRET") return sealInput(secretBox, definition, value);
  return definition.type === "YAML" && typeof value === "string" ? readYamlText(value) : value;
}

/** Renders the outputs of a flow, or of an iteration of a Loop. One that is not required is left out when it cannot be rendered. */
export async function renderOutputs(
  db: Database,
  definitions: CompiledOutput[],
  context: Context,
  log: TaskLog,
  secretBox: SecretBox,
): Promise<Record<string, unknown>> {
  const outputs: Record<string, unknown> = {};
  for (const { id, type, value, required } of definitions) {
    try {
      const isText = type === undefined || type === "STRING";
      outputs[id] = (await renderInTurn(value, context, { isText })) ?? null;
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      if (required) throw failedOutput(id, error);
      log.warn(`Failed to render optional flow output '${id}'. Output is ignored.`);
    }
  }

  const typed = definitions.filter(({ id, type }) => type !== undefined && id in outputs);
  const given = typed.map((definition) => [definition.id, readable(definition, outputs, secretBox)]);
  const checked = await examineInputs(db, typed, Object.fromEntries(given), "output");
  if (checked.problems.length > 0) throw refusedInputs(checked.problems, "outputs");
  return { ...outputs, ...checked.inputs };
}

/** The log says it when the attempt ends, and the execution has it as its error. */
function failedOutput(id: string, { message, expression, line }: ExpressionError): ExpressionError {
  return new ExpressionError(`Failed to render output \`${id}\`: ${message}`, expression, line);
}
