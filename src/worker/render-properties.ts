import type { z } from "zod";
import { renderInTurn } from "../expression/render-in-turn.ts";
import type { Context } from "../expression/template.ts";
import { jsonParts } from "../flow/json-parts.ts";
import { takesStructures, takesTextOnly } from "../flow/schema-keys.ts";
import { holdsTemplate } from "../flow/words.ts";
import type { TaskType } from "../tasks/task-type.ts";

/** The properties of a task, rendered. What it renders itself comes as it is written. */
export async function renderProperties(
  { rendersItself = {}, isText = false, properties }: TaskType,
  written: Readonly<Record<string, unknown>>,
  context: Context,
): Promise<Record<string, unknown>> {
  const kept: Record<string, unknown> = {};
  const values: Record<string, unknown> = {};
  const texts: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(written)) {
    const parts = textParts(properties.shape[name] as z.ZodType | undefined, value);
    if (Object.hasOwn(rendersItself, name)) kept[name] = value;
    else if (parts !== undefined) texts[name] = parts;
    else values[name] = value;
  }
  const rendered = (await renderInTurn(values, context, { isText })) as Record<string, unknown>;
  for (const [name, value] of Object.entries(rendered))
    if (value === null && isEmptied(properties.shape[name] as z.ZodType | undefined, written[name]))
      rendered[name] = "";
  const all = { ...rendered, ...kept };
  if (Object.keys(texts).length === 0) return all;
  return { ...all, ...((await renderInTurn(texts, context, { isText: true })) as Record<string, unknown>) };
}

/** A template that gives nothing gives an empty text, as Kestra does: only a property that is not written has its default. */
function isEmptied(schema: z.ZodType | undefined, written: unknown): boolean {
  return typeof written === "string" && schema !== undefined && !takesStructures(schema);
}

/**
 * JSON of which each part is rendered by itself, as text, as Kestra does: JSON that is written where a list or map is wanted, so that what
 * comes into it needs no escapes, and a list or map that is written where text is wanted.
 */
function textParts(schema: z.ZodType | undefined, value: unknown): unknown {
  if (schema === undefined) return undefined;
  if (typeof value === "object" && value !== null)
    return takesTextOnly(schema) && holdsTemplate(value) ? value : undefined;
  return jsonParts(schema, value);
}
