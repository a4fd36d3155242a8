import type { Command } from "commander";
import { z } from "zod";
import { createLogger } from "../../base/log.ts";
import { openDatabase } from "../../db/connection.ts";
import { migrate } from "../../db/migrate.ts";
import { createPool } from "../../db/pool.ts";
import { act, leaf } from "../command.ts";
import { judgeStory, type Outcome } from "../demo/judge-story.ts";
import { openNarrator } from "../demo/narrator.ts";
import { playStory } from "../demo/story.ts";
import type { Story } from "../demo/story-result.ts";
import { afterwards, storyText } from "../demo/tell.ts";
import { exitCodes } from "../exit-code.ts";
import { loadExamples } from "../flows/load-examples.ts";
import { positive } from "../option.ts";
import { planDocument } from "../present/plan-text.ts";
import type { Session } from "../session.ts";
import { openStopSignal } from "../start/stop-signal.ts";

const options = z.object({ rows: z.number().default(700_000) });

/** `reprise demo` */
export function demo(): Command {
  return leaf(
    "demo",
    "Show replay on a real case: a flow fails in its last task, is corrected, and only that task runs again.",
  )
    .option("--rows <number>", "how many rides to make up (700000)", positive)
    .action(
      act(options, async (session, { rows }) => {
        using stop = openStopSignal();
        const story = await play(session, rows, stop.signal);
        const outcome = judgeStory(story);
        session.print(
          storyDocument(story, outcome),
          () => `\n${storyText(story, outcome)}\n\n${afterwards(story)}`,
        );
        return outcome.isAsItShouldBe ? exitCodes.ok : exitCodes.failed;
      }),
    );
}

/** In the database that runs, or in the embedded one, started for as long as it takes. */
async function play(session: Session, rows: number, signal: AbortSignal): Promise<Story> {
  const { config, actor } = session;
  const log = createLogger({ logLevel: config.logLevel === "info" ? "error" : config.logLevel });
  const narrator = openNarrator(session);
  await using opened = new AsyncDisposableStack();
  const { connectionString } = opened.use(
    await narrator.during("Starting Postgres", () => openDatabase(config, log)),
  );
  await narrator.during("Bringing the database up to date", () => migrate(connectionString, log));
  const db = opened.adopt(
    createPool({ connectionString, size: 8, applicationName: "reprise demo" }, log),
    (pool) => pool.end(),
  );
  await loadExamples(db);
  signal.throwIfAborted();
  return await playStory({ db, connectionString, config, log, rows, actor, signal, narrator });
}

function storyDocument(story: Story, outcome: Outcome) {
  const { saved, corrected, diff, original, replay, plan } = story;
  return {
    ...outcome,
    rows: story.rows,
    worker: story.worker,
    revisions: { failing: saved, corrected, diff },
    original: { ...original.execution, taskRuns: original.taskRuns, gantt: original.gantt },
    plan: planDocument(plan),
    replay: {
      ...replay.execution,
      taskRuns: replay.taskRuns,
      attempts: replay.attempts,
      gantt: replay.gantt,
    },
    savedMs: replay.execution.savedMs,
    parquet: story.parquet ?? null,
  };
}
