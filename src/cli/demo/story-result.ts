import type { ReplayPlan } from "../../db/generated.ts";
import type { SavedFlow } from "../flows/save-flow.ts";
import type { RideFacts } from "./made-up-rides.ts";
import type { Picture } from "./picture.ts";
import type { ParquetFindings } from "./read-parquet.ts";

/** What came of the story. */
export interface Story {
  rows: number;
  worker: "running" | "own";
  saved: SavedFlow;
  corrected: SavedFlow;
  diff: string;
  original: Picture;
  plan: ReplayPlan;
  replay: Picture;
  /** The original, looked at again after the replay. */
  originalAfter: Picture;
  facts: RideFacts;
  /** Undefined when the replay gave no file. */
  parquet: ParquetFindings | undefined;
}
