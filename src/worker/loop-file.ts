import type { Task } from "../db/generated.ts";
import { renderInTurn } from "../expression/render-in-turn.ts";
import type { Context } from "../expression/template.ts";
import type { Storage } from "../storage/storage.ts";
import { ionRows } from "../tasks/serdes/ion/ion-rows.ts";
import { Decimal } from "../tasks/serdes/ion/ion-value.ts";

/** The values that a file of the storage holds, one on each line. */
export interface LoopFile {
  uri: string;
  values: unknown[];
}

/** Reads what a Loop goes through, where its `values` are the URI of a file. */
export async function readLoopFile(
  task: Pick<Task, "definition" | "type">,
  context: Context,
  storage: Storage,
  signal: AbortSignal,
): Promise<LoopFile | undefined> {
  if (!task.type.endsWith(".flow.Loop")) return undefined;
  const { values: written } = task.definition as { values: unknown };
  if (typeof written !== "string") return undefined;
  const rendered = await renderInTurn(written, context);
  const uri = typeof rendered === "string" ? rendered.trim() : "";
  if (!uri.startsWith("kestra://")) return undefined;

  const values: unknown[] = [];
  for await (const rows of ionRows(storage.get(uri, signal)))
    for (const { value } of rows) values.push(typeof value === "string" ? value : asJson(value));
  return { uri, values };
}

/** Lists and maps stay what they are, and all else becomes what JSON has for it; the digits of numbers are kept. */
function asJson(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return typeof value === "bigint" ? String(value) : value;
  const text = JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "bigint" || inner instanceof Decimal ? rawJson(String(inner)) : inner,
  );
  return text.startsWith('"') ? JSON.parse(text) : text;
}

// TypeScript does not know it yet.
const { rawJSON: rawJson } = JSON as typeof JSON & { rawJSON(text: string): unknown };
