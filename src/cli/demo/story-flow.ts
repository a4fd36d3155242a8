import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Pool } from "pg";
import type { CompiledFlow } from "../../flow/compiled-flow.ts";
import { readFlow } from "../../flow/read-flow.ts";
import { taskTypes } from "../../tasks/registry.ts";
import { unifiedDiff } from "../flows/diff-text.ts";
import { examplesFolder } from "../flows/load-examples.ts";
import { type SavedFlow, saveFlow } from "../flows/save-flow.ts";

/** One of the two texts of the story, read. */
export interface StoryText {
  name: string;
  source: string;
  flow: CompiledFlow;
}

/** The flow as it is at first, and corrected. */
export interface StoryTexts {
  failing: StoryText;
  corrected: StoryText;
  diff: string;
}

/** Reads the two texts. */
export async function readStoryTexts(): Promise<StoryTexts> {
  const failing = await readText("divvy_tripdata-1.yaml");
  const corrected = await readText("divvy_tripdata-2.yaml");
  return { failing, corrected, diff: unifiedDiff(failing, corrected) };
}

async function readText(name: string): Promise<StoryText> {
  const source = await readFile(join(examplesFolder, name), "utf8");
  const { flow, issues } = readFlow(source, taskTypes);
  if (flow === undefined) throw new Error(`examples/${name}: ${issues[0]?.message}`);
  return { name, source, flow };
}

/**
 * Saves the text that fails. Where the story was played before, its two revisions are there already and are used again;
 * otherwise each time would add two.
 */
export async function saveFailing(db: Pool, { failing, corrected }: StoryTexts): Promise<SavedFlow> {
  const { namespace, id } = failing.flow;
  const { rows } = await db.query<{ revision: number; source: string }>(
    "select revision, source from reprise_api.flow_revisions where namespace = $1 and flow_id = $2 order by revision desc limit 2",
    [namespace, id],
  );
  const [latest, before] = rows;
  const wasPlayed = latest?.source === corrected.source && before?.source === failing.source;
  // Saving the latest text again changes nothing, except that it brings back a flow that was deleted.
  if (wasPlayed) {
    await saveFlow(db, corrected.source, corrected.flow);
    return { namespace, id, revision: before.revision, isNew: false };
  }
  return await saveFlow(db, failing.source, failing.flow, {
    message: "The date format has a year of two digits.",
  });
}

/** Saves the correction. */
export async function saveCorrected(db: Pool, { corrected }: StoryTexts): Promise<SavedFlow> {
  return await saveFlow(db, corrected.source, corrected.flow, {
    message: "A year of four digits, and Parquet.",
  });
}
