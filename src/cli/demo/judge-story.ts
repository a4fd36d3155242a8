import { isDeepStrictEqual } from "node:util";
import type { Picture } from "./picture.ts";
import type { Story } from "./story-result.ts";

/** One thing that has to be so, and whether it is. */
export interface Verdict {
  name: string;
  isMet: boolean;
  /** What was found instead. */
  found?: unknown;
}

/** Whether the story went as it should. */
export interface Outcome {
  isAsItShouldBe: boolean;
  checks: Verdict[];
}

const carried = ["get_zipfile", "unzip", "convert"];

/** The columns of the flow's schema as DuckDB names their types. */
const schema: readonly [string, string][] = [
  ["ride_id", "VARCHAR"],
  ["rideable_type", "VARCHAR"],
  ["started_at", "TIMESTAMP"],
  ["ended_at", "TIMESTAMP"],
  ["start_station_name", "VARCHAR"],
  ["start_station_id", "VARCHAR"],
  ["end_station_name", "VARCHAR"],
  ["end_station_id", "VARCHAR"],
  ["start_lat", "DOUBLE"],
  ["start_lng", "DOUBLE"],
  ["end_lat", "DOUBLE"],
  ["end_lng", "DOUBLE"],
  ["member_casual", "VARCHAR"],
];

/** Compares what came of the story with what should have. */
export function judgeStory(story: Story): Outcome {
  const checks = [...judgeReplay(story), ...judgeParquet(story)];
  return { isAsItShouldBe: checks.every(({ isMet }) => isMet), checks };
}

function judgeReplay({ original, replay, originalAfter, corrected }: Story): Verdict[] {
  const { execution } = replay;
  const toParquet = replay.taskRuns.find(({ taskId }) => taskId === "to_parquet");
  const ran = replay.attempts.filter(({ executionId }) => executionId === execution.id);
  return [
    same("The original failed in to_parquet alone.", statesOf(original), {
      get_zipfile: "SUCCESS",
      unzip: "SUCCESS",
      convert: "SUCCESS",
      to_parquet: "FAILED",
    }),
    same("The replay succeeded.", execution.state, "SUCCESS"),
    same(`Three tasks were carried: ${carried.join(", ")}.`, carriedOf(replay), carried),
    same(
      "Only to_parquet ran again, as attempt 2.",
      ran.map(({ taskId, number, state }) => [taskId, number, state]),
      [["to_parquet", 2, "SUCCESS"]],
    ),
    same("to_parquet shows attempt 2.", [toParquet?.attemptNumber, toParquet?.state], [2, "SUCCESS"]),
    same("The replay is execution attempt 2.", execution.attemptNumber, 2),
    same(`It ran on revision ${corrected.revision}.`, execution.flowRevision, corrected.revision),
    same("It names its original.", execution.originalId, original.execution.id),
    check("It saved time.", (execution.savedMs ?? 0) > 0, execution.savedMs),
    same("Nothing of the original changed.", unchanging(originalAfter), unchanging(original)),
  ];
}

function judgeParquet({ parquet, facts, rows }: Story): Verdict[] {
  if (parquet === undefined) return [check("The replay made a Parquet file.", false, null)];
  const columns = parquet.columns.map(({ name, type }): [string, string] => [
    name,
    type.replace(/^TIMESTAMP.*/, "TIMESTAMP"),
  ]);
  return [
    same(`The Parquet file has ${rows.toLocaleString("en")} rows.`, parquet.rows, rows),
    same("Its schema is the flow's.", columns, schema),
    same(
      `${facts.emptyEnds.toLocaleString("en")} rides have no end coordinates, and nothing else is null.`,
      [parquet.nullEndLat, parquet.nullEndLng, parquet.otherNulls],
      [facts.emptyEnds, facts.emptyEnds, 0],
    ),
    same("Station names kept their commas.", parquet.commaNames, facts.commaNames),
    same("Every timestamp is right to the millisecond.", parquet.startOffsetSum, facts.startOffsetSum),
  ];
}

function statesOf({ taskRuns }: Picture): Record<string, string> {
  return Object.fromEntries(taskRuns.map(({ taskId, state }) => [taskId, state]));
}

function carriedOf({ taskRuns }: Picture): string[] {
  return taskRuns.filter(({ isCarried }) => isCarried).map(({ taskId }) => taskId);
}

/** All of an execution but what is derived from its replays. */
function unchanging({ execution, taskRuns, attempts }: Picture) {
  const {
    labels: _labels,
    replayCount: _count,
    ...rest
  } = execution as Picture["execution"] & { replayCount?: number };
  return { execution: rest, taskRuns, attempts };
}

function same(name: string, found: unknown, expected: unknown): Verdict {
  return check(name, isDeepStrictEqual(found, expected), found);
}

function check(name: string, isMet: boolean, found: unknown): Verdict {
  return isMet ? { name, isMet } : { name, isMet, found };
}
