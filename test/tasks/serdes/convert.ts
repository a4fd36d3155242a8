import type { z } from "zod";
import type { TaskType } from "../../../src/tasks/task-type.ts";
import { aTaskContext, runTask } from "../task-context.ts";

/** Runs a conversion of a file that holds the text, and gives what it stored as text. */
export async function converted<P extends z.ZodObject, O extends z.ZodObject>(
  type: TaskType<P, O>,
  content: string | Uint8Array,
  properties: Record<string, unknown> = {},
): Promise<{ text: string; bytes: Buffer; uri: string; size: unknown; lines: string[] }> {
  await using context = await aTaskContext();
  const from = await context.give("data.txt", typeof content === "string" ? Buffer.from(content) : content);
  const outputs: Record<string, unknown> = await runTask(type, { from, ...properties }, context);
  const bytes = await context.take(String(outputs.uri));
  return {
    text: bytes.toString(),
    bytes,
    uri: String(outputs.uri),
    size: outputs.size,
    lines: context.lines,
  };
}
