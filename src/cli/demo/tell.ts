import type { ReplayPlan } from "../../db/generated.ts";
import { paintDiff } from "../flows/diff-text.ts";
import type { SavedFlow } from "../flows/save-flow.ts";
import { asCalled } from "../present/as-called.ts";
import { errorsOf, executionLine } from "../present/execution-text.ts";
import { durationText } from "../present/figure-text.ts";
import { ganttText } from "../present/gantt.ts";
import { paint, paintState } from "../present/paint.ts";
import { planText } from "../present/plan-text.ts";
import { table } from "../present/table.ts";
import type { Outcome } from "./judge-story.ts";
import type { Narrator } from "./narrator.ts";
import type { Picture } from "./picture.ts";
import type { Story } from "./story-result.ts";

/** The story stands three characters to the right. */
const indented = 3;

/** The sentence that counts, without the data that the error quotes behind it. */
const longestError = 182;

/** Shows the execution that failed, and why. */
export function tellFailure(narrator: Narrator, { execution, taskRuns, gantt }: Picture): void {
  narrator.say(executionLine(execution));
  narrator.say(draw(execution, gantt));
  narrator.say(errorsOf(execution, taskRuns, longestError).join("\n"));
}

/** Shows what was corrected. */
export function tellDiff(narrator: Narrator, saved: SavedFlow, diff: string): void {
  const when = saved.isNew ? "saved as" : "known already as";
  narrator.say(`${saved.namespace}.${saved.id}, ${when} revision ${saved.revision}:`);
  narrator.say(paintDiff(diff));
}

/** Shows what the replay will do. */
export function tellPlan(narrator: Narrator, plan: ReplayPlan): void {
  narrator.say(planText(plan));
}

/** Shows what came out: the table, the Gantt chart, the file, and whether all is as it should be. */
export function storyText({ replay, original, parquet }: Story, outcome: Outcome): string {
  const { execution, taskRuns, attempts, gantt } = replay;
  const rows = taskRuns.map((run) => {
    const shown = attempts.findLast(({ shownByTaskRunId }) => shownByTaskRunId === run.id);
    const carried = run.isCarried ? paint("magenta", " carried") : "";
    return [
      run.taskId,
      paintState(run.state) + carried,
      run.attemptNumber,
      shown?.flowRevision,
      durationText(run.durationMs),
    ];
  });
  const lines = [
    table(["TASK", "STATE", "ATTEMPT", "REVISION", "TOOK"], rows),
    "",
    draw(execution, gantt),
    "",
    executionLine(execution),
    `execution attempt ${execution.attemptNumber}, revision ${execution.flowRevision}, replays ${execution.originalId}`,
    paint(
      "bold",
      `${durationText(execution.savedMs ?? 0)} saved: the original took ${durationText(original.execution.durationMs)}.`,
    ),
    "",
    ...(parquet === undefined
      ? []
      : [
          `Read back with DuckDB: ${parquet.rows.toLocaleString("en")} rows of ${parquet.columns.length} columns, ${parquet.nullEndLat.toLocaleString("en")} without an end, started ${parquet.firstStartedAt} to ${parquet.lastStartedAt}.`,
          "",
        ]),
    ...outcome.checks.map(({ isMet, name, found }) =>
      isMet
        ? `${paint("green", "✓")} ${name}`
        : `${paint("red", "✗")} ${name}: found ${JSON.stringify(found)}`,
    ),
  ];
  return lines.join("\n").replace(/^(?=.)/gm, " ".repeat(indented));
}

/** What to look at afterwards. */
export function afterwards({ replay, original }: Story): string {
  const commands = [
    `reprise execution show ${replay.execution.id}`,
    `reprise execution lineage ${original.execution.id}`,
    `reprise replay ${original.execution.id} --from task:convert --revision latest --plan`,
  ];
  return [
    "All of it is in the database. While Reprise runs (npm start), look at it with:",
    ...commands.map((it) => `  ${paint("cyan", asCalled(it))}`),
  ].join("\n");
}

function draw(execution: Picture["execution"], gantt: Picture["gantt"]): string {
  return ganttText(execution, gantt);
}
