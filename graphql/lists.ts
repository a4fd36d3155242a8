import type {} from "postgraphile";
import { changeNullability } from "postgraphile/utils";

/** Lists hold no empty entries; Postgres cannot say so of its arrays. */
export const ListsPlugin = changeNullability({
  ReplayPlan: { tasks: "[!]!", problems: "[!]!" },
  ReplayPlanTask: { iterationPath: "[!]", changedKeys: "[!]" },
  TaskRun: { iterationPath: "[!]" },
  Worker: { jobIdentifiers: "[!]!" },
  Query: { replayPlan: { args: { anchors: "[!]" } } },
});
