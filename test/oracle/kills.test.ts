import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { ClientBase } from "pg";
import { callOne } from "../../src/db/call.ts";
import { aWrittenFlow } from "../support/a-flow.ts";
import { anExecution, executionOf } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { isLeftOut } from "../support/hand-steps.ts";
import { aHandWorker, type HandRun, type HandWorker, type Scripted } from "../support/hand-worker.ts";
import { type MadeFlow, madeWell } from "./block-flow.ts";
import { aReplayBothWays } from "./both-ways.ts";
import { type Dice, loadedDice } from "./dice.ts";
import { type Exiting, exitFlow, exiting, exitOf, hasRaces } from "./exit-flows.ts";
import { givenOf, type Starting, startFlows, starting } from "./start-flows.ts";
import { assertPlanned, aWholePlan, endOf, runsOf, someOf } from "./what-happened.ts";
import { writeFlow } from "./write-flow.ts";

// `npm run test:nightly` asks for many more.
const CASES = Number(process.env.REPRISE_KILL_CASES ?? 25);
const seed = Number(process.env.REPRISE_ORACLE_SEED ?? Math.trunc(Math.random() * 2 ** 31));
const TIME_LIMIT_MS = Number(process.env.REPRISE_KILL_MS ?? 60_000);
const VACUUM_EVERY = 50;

const db = await testDatabase();
let flows = 0;
let kills = 0;
let killedAlone = 0;
let replays = 0;

const well = (run: HandRun): Scripted => {
  const { taskId, begun } = run;
  if (isLeftOut(run)) return "SKIPPED";
  return (
    exitOf(run) ??
    givenOf(run) ?? { outputs: { value: `${taskId} ${begun.iteration_path ?? ""}`, more: "more" } }
  );
};

/**
 * Kills an execution somewhere on its way, or one that it has started alone, while some of its attempts run: these end as the kill wants, or
 * come to their end. Gives the one that was killed.
 */
async function kill(
  client: ClientBase,
  worker: HandWorker,
  dice: Dice,
  id: string,
  isAlone: boolean,
): Promise<string | undefined> {
  const { rows } = await client.query<{ key: number }>(
    `select t.key from reprise.tasks as t join reprise.tasks as around on around.key = t.parent_key
    where around.kind = 'WORKING_DIRECTORY' and t.branch = 'tasks'`,
  );
  // What runs in a WorkingDirectory is its worker's, who ends it with that.
  const isOwn = ({ task }: HandRun) =>
    !rows.some(({ key }) => key === task.key) && !(isAlone && task.kind === "WORKING_DIRECTORY");
  await worker.drain(well, { rounds: dice(isAlone ? 3 : 8) });
  const held = await worker.drain(well, {
    rounds: isAlone ? Number.POSITIVE_INFINITY : 1 + dice(3),
    // Only who is held can be killed later.
    holds: (run) => isOwn(run) && (isAlone ? run.taskId === "c" || dice(8) === 1 : dice(2) === 1),
  });
  const started = await client.query<{ id: string }>(
    "select id from reprise.executions where parent_task_run_id is not null and ended_at is null order by id",
  );
  const children = isAlone ? started.rows : [];
  const killed = children[dice(Math.max(1, children.length))]?.id ?? id;
  const isOver = (await executionOf(client, killed)).ended_at !== null;
  if (!isOver) await callOne(client, "reprise_api.kill_execution", { execution_id: killed });
  const isKilled = ({ begun, task }: HandRun) =>
    (killed === id || begun.execution_id === killed) && (task.kind === "WORKING_DIRECTORY" || dice(2) === 0);
  await worker.finish(
    held.map((run) =>
      !isOver && isKilled(run)
        ? { attemptId: run.begun.attempt_id as string, state: "KILLED" as const }
        : worker.outcome(run, well),
    ),
  );
  await worker.drain(well);
  return isOver ? undefined : killed;
}

/** Whatever was killed, and wherever it goes on from: it ends as if nothing had happened. */
async function hold(
  client: ClientBase,
  made: MadeFlow,
  starts: readonly Starting[],
  exits: readonly Exiting[],
  isAlone: boolean,
  throws: readonly number[],
): Promise<void> {
  const written = writeFlow(`flow-${randomUUID()}`, { ...made, failing: [] });
  const { source: started, children } = startFlows(written.source, starts, []);
  // How far anything comes that runs beside an Exit is a matter of time.
  const exited = exitFlow(started, exits);
  const source = hasRaces(exited) ? started : exited;
  for (const child of children) await aWrittenFlow(client, child);
  const flow = await aWrittenFlow(client, source);
  const worker = await aHandWorker(client);
  const fresh = await anExecution(client, flow);
  await worker.drain(well);
  const wanted = await endOf(client, fresh);

  const id = await anExecution(client, flow);
  const killed = await kill(client, worker, loadedDice(throws), id, isAlone);
  if (killed === undefined) return;
  kills += 1;
  if (killed !== id) killedAlone += 1;
  const ended = await endOf(client, id);
  assert.equal((await executionOf(client, killed)).state, "KILLED");
  // A Loop may heed nothing of what becomes of its iterations, and has ended well then; and an Exit may have come behind a child that was killed.
  const { exited_by } = await executionOf(client, id);
  const isHeeded = killed === id || (exited_by === null && ended.at(-1) !== "= SUCCESS");
  if (isHeeded) assert.equal(ended.at(-1), "= KILLED");
  for (const line of ended) assert.doesNotMatch(line, /^\S+ (RUNNING|CREATED|RESTARTED|RETRYING)/, "is over");

  const runs = await runsOf(client, id);
  for (const [from, anchor] of [
    ["what failed", "failed"],
    ...someOf(runs).map((run) => [run.name, run.id]),
  ] as [string, string][]) {
    const plan = await aWholePlan(client, id, [anchor]);
    if (!plan.is_runnable) {
      assert.deepEqual(plan.codes, ["nothing_failed"], `a replay from ${from} of ${ended}`);
      continue;
    }
    const replay = await aReplayBothWays(client, id, [anchor], plan.plan_hash as string);
    replays += 1;
    await worker.drain(well);
    // What has ended well is carried with all that is in it.
    if (isHeeded || anchor === "failed")
      assert.deepEqual(await endOf(client, replay.id), wanted, `a replay from ${from} of ${ended}`);
    await assertPlanned(client, plan, from, replay.id);
  }

  if (!isHeeded) return;
  await callOne(client, "reprise_api.restart_execution", { execution_id: id });
  await worker.drain(well);
  assert.deepEqual(await endOf(client, id), wanted, `a restart of ${ended}`);
}

describe("what was killed", () => {
  it(`ends in a replay and a restart as if it had not been, in ${CASES} made-up flows`, async (context) => {
    context.diagnostic(`seed ${seed}: run again with REPRISE_ORACLE_SEED=${seed}`);
    const dice = fc.array(fc.nat({ max: 5_039 }), { maxLength: 40, size: "max" });
    const property = fc.asyncProperty(
      madeWell,
      starting,
      exiting,
      fc.boolean(),
      dice,
      async (made, starts, exits, isAlone, throws) => {
        if (flows++ % VACUUM_EVERY === 0) await db.pool.query("vacuum");
        await db.inTransaction((client) => hold(client, made, starts, exits, isAlone, throws));
      },
    );
    const result = await fc.check(property, { seed, numRuns: CASES, interruptAfterTimeLimit: TIME_LIMIT_MS });
    context.diagnostic(
      `${result.numRuns} flows, ${kills} kills, ${killedAlone} of a child alone, ${replays} replays`,
    );
    if (result.failed && result.counterexample !== null)
      throw new Error(fc.defaultReportMessage(result), { cause: result.errorInstance });
  });
});
