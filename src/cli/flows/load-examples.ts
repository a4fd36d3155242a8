import { join } from "node:path";
import type { Pool } from "pg";
import { packageRoot } from "../../base/version.ts";
import { hasNoFlows } from "../read/read-flows.ts";
import { checkFlows } from "./check-flows.ts";
import { readFlowSources } from "./flow-sources.ts";
import { type SavedFlow, saveFlow } from "./save-flow.ts";

/** The flows that come with the program. */
export const examplesFolder: string = join(packageRoot, "examples");

/**
 * Saves the example flows in a database that never had a flow. Of texts of one flow only the first is saved: the second is
 * for the reader to apply.
 */
export async function loadExamples(db: Pool): Promise<SavedFlow[]> {
  if (!(await hasNoFlows(db))) return [];
  const saved: SavedFlow[] = [];
  for (const { from, flow, issues } of checkFlows(await readFlowSources([examplesFolder]))) {
    if (flow === undefined) throw new Error(`${from.name}: ${issues[0]?.message}`);
    if (saved.some(({ namespace, id }) => namespace === flow.namespace && id === flow.id)) continue;
    saved.push(await saveFlow(db, from.source, flow, { message: "Comes with Reprise." }));
  }
  return saved;
}
