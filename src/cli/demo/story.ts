import type { Pool } from "pg";
import type { Config } from "../../base/config.ts";
import type { Logger } from "../../base/log.ts";
import { callOne } from "../../db/call.ts";
import type { ReplayPlan } from "../../db/generated.ts";
import { createPostgresStorage } from "../../storage/postgres-storage.ts";
import type { SavedFlow } from "../flows/save-flow.ts";
import { hasWorkerFor } from "../read/has-worker.ts";
import { hasEnded, readProgress } from "../read/read-execution.ts";
import { superviseWorker } from "../start/supervise-worker.ts";
import { awaitExecution } from "../wait/await-execution.ts";
import { holdFirstTask } from "./hold-first-task.ts";
import type { RideFacts } from "./made-up-rides.ts";
import type { Look, Narrator } from "./narrator.ts";
import { type Picture, takePicture } from "./picture.ts";
import { type ParquetFindings, readParquet } from "./read-parquet.ts";
import { type RideServer, realOrigin, startRideServer } from "./ride-server.ts";
import { readStoryTexts, type StoryTexts, saveCorrected, saveFailing } from "./story-flow.ts";
import type { Story } from "./story-result.ts";
import { tellDiff, tellFailure, tellPlan } from "./tell.ts";

/** What the story is played with. */
export interface StoryOptions {
  db: Pool;
  connectionString: string;
  config: Config;
  log: Logger;
  rows: number;
  actor: string;
  narrator: Narrator;
  signal: AbortSignal;
}

const anchor = "to_parquet";

/** Plays the story: a flow fails in its last task, is corrected, and is replayed from there. */
export async function playStory(options: StoryOptions): Promise<Story> {
  const { db, narrator } = options;
  await using opened = new AsyncDisposableStack();
  const rides = opened.use(await startRideServer(options.rows));
  const texts = await readStoryTexts();
  const worker = await ensureWorker(opened, options, texts);

  narrator.chapter("A flow is saved");
  const saved = await saveFailing(db, texts);
  narrator.say(`${saved.namespace}.${saved.id}, revision ${saved.revision}: ${texts.failing.name}`);

  narrator.chapter(`It runs on ${options.rows.toLocaleString("en")} rides, and fails in its last task`);
  const original = await runOriginal(options, rides, saved);
  tellFailure(narrator, original);

  narrator.chapter("The flow is corrected");
  const corrected = await saveCorrected(db, texts);
  tellDiff(narrator, corrected, texts.diff);

  narrator.chapter(`The replay is planned: from ${anchor}, on the latest revision`);
  const what = { execution_id: original.execution.id, anchors: [`task:${anchor}`], revision: "latest" };
  const plan = await callOne(db, "reprise_api.replay_plan", what);
  tellPlan(narrator, plan);

  narrator.chapter("It is replayed");
  const replay = await runReplay(options, what, plan);
  const originalAfter = await takePicture(db, original.execution.id);
  const facts = rides.facts();
  if (facts === undefined) throw new Error("Nothing was downloaded.");
  const parquet = await readResult(db, replay, facts);
  const { rows } = options;
  return {
    rows,
    worker,
    saved,
    corrected,
    diff: texts.diff,
    original,
    plan,
    replay,
    originalAfter,
    facts,
    parquet,
  };
}

/** Takes the worker that runs, or starts one for as long as the story lasts. */
async function ensureWorker(
  opened: AsyncDisposableStack,
  { db, connectionString, log, narrator }: StoryOptions,
  { failing, corrected }: StoryTexts,
): Promise<Story["worker"]> {
  const types = [...failing.flow.tasks, ...corrected.flow.tasks].map(({ jobIdentifier }) => jobIdentifier);
  if (await hasWorkerFor(db, types)) return "running";
  opened.use(await narrator.during("Starting a worker", () => superviseWorker({ connectionString, log })));
  return "own";
}

async function runOriginal(options: StoryOptions, rides: RideServer, saved: SavedFlow): Promise<Picture> {
  await using held = await holdFirstTask({
    ...options,
    downloadOrigins: [{ from: realOrigin, to: rides.origin }],
    create: async (client) => {
      const created = await callOne(client, "reprise_api.create_execution", {
        namespace: saved.namespace,
        flow_id: saved.id,
        revision: saved.revision,
        note: "The demo.",
        actor: options.actor,
      });
      return created.id;
    },
  });
  await options.narrator.watch((look) => settle(options, held.executionId, look));
  return await takePicture(options.db, held.executionId);
}

async function runReplay(
  options: StoryOptions,
  what: { execution_id: string; anchors: string[]; revision: string },
  plan: ReplayPlan,
): Promise<Picture> {
  const created = await callOne(options.db, "reprise_api.replay_execution", {
    ...what,
    plan_hash: plan.plan_hash,
    note: "The demo: the date format is corrected.",
    actor: options.actor,
  });
  await options.narrator.watch((look) => settle(options, created.id, look));
  return await takePicture(options.db, created.id);
}

/** Waits until an execution has ended. Stopped before, it is killed, so that it does not go on alone. */
async function settle(options: StoryOptions, executionId: string, look: Look): Promise<void> {
  const { db } = options;
  try {
    await awaitExecution({
      ...options,
      executionId,
      pollMs: 1_000,
      onLook: async (execution) => look(execution, await readProgress(db, executionId)),
    });
  } catch (error) {
    await callOne(db, "reprise_api.kill_execution", { execution_id: executionId }).catch(() => undefined);
    throw error;
  }
}

async function readResult(db: Pool, replay: Picture, facts: RideFacts): Promise<ParquetFindings | undefined> {
  const uri = replay.taskRuns.find(({ taskId }) => taskId === anchor)?.outputs?.uri;
  if (!hasEnded(replay.execution) || typeof uri !== "string") return undefined;
  return await readParquet(createPostgresStorage(db), uri, facts.monthStartMs);
}
