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
let replays = 0;

const well = (run: HandRun): Scripted => {
  const { taskId, begun } = run;
  if (isLeftOut(run)) return "SKIPPED";
  return { outputs: { value: `${taskId} ${begun.iteration_path ?? ""}`, more: "more" } };
};

/** Kills an execution somewhere on its way, while some of its attempts run: these end as the kill wants, or come to their end. */
async function kill(client: ClientBase, worker: HandWorker, dice: Dice, id: string): Promise<boolean> {
  const { rows } = await client.query<{ key: number }>(
    `select t.key from reprise.tasks as t join reprise.tasks as around on around.key = t.parent_key
    where around.kind = 'WORKING_DIRECTORY' and t.branch = 'tasks'`,
  );
  // What runs in a WorkingDirectory is its worker's, who ends it with that.
  const isOwn = ({ task }: HandRun) => !rows.some(({ key }) => key === task.key);
  await worker.drain(well, { rounds: dice(8) });
  const held = await worker.drain(well, { rounds: 1 + dice(3), holds: (run) => isOwn(run) && dice(2) === 1 });
  if ((await executionOf(client, id)).ended_at !== null) return false;
  await callOne(client, "reprise_api.kill_execution", { execution_id: id });
  await worker.finish(
    held.map((run) =>
      run.task.kind === "WORKING_DIRECTORY" || dice(2) === 0
        ? { attemptId: run.begun.attempt_id as string, state: "KILLED" as const }
        : worker.outcome(run, well),
    ),
  );
  await worker.drain(well);
  return true;
}

/** Whatever was killed, and wherever it goes on from: it ends as if nothing had happened. */
async function hold(client: ClientBase, made: MadeFlow, throws: readonly number[]): Promise<void> {
  const { source } = writeFlow(`flow-${randomUUID()}`, { ...made, failing: [] });
  const flow = await aWrittenFlow(client, source);
  const worker = await aHandWorker(client);
  const fresh = await anExecution(client, flow);
  await worker.drain(well);
  const wanted = await endOf(client, fresh);

  const id = await anExecution(client, flow);
  if (!(await kill(client, worker, loadedDice(throws), id))) return;
  kills += 1;
  const ended = await endOf(client, id);
  assert.equal(ended.at(-1), "= KILLED");
  for (const line of ended) assert.doesNotMatch(line, /RUNNING|CREATED|RESTARTED|RETRYING/, "is over");

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
    assert.deepEqual(await endOf(client, replay.id), wanted, `a replay from ${from} of ${ended}`);
    await assertPlanned(client, plan, from, replay.id);
  }

  await callOne(client, "reprise_api.restart_execution", { execution_id: id });
  await worker.drain(well);
  assert.deepEqual(await endOf(client, id), wanted, `a restart of ${ended}`);
}

describe("what was killed", () => {
  it(`ends in a replay and a restart as if it had not been, in ${CASES} made-up flows`, async (context) => {
    context.diagnostic(`seed ${seed}: run again with REPRISE_ORACLE_SEED=${seed}`);
    const dice = fc.array(fc.nat({ max: 5_039 }), { maxLength: 40, size: "max" });
    const property = fc.asyncProperty(madeWell, dice, async (made, throws) => {
      if (flows++ % VACUUM_EVERY === 0) await db.pool.query("vacuum");
      await db.inTransaction((client) => hold(client, made, throws));
    });
    const result = await fc.check(property, { seed, numRuns: CASES, interruptAfterTimeLimit: TIME_LIMIT_MS });
    context.diagnostic(`${result.numRuns} flows, ${kills} kills, ${replays} replays`);
    if (result.failed && result.counterexample !== null)
      throw new Error(fc.defaultReportMessage(result), { cause: result.errorInstance });
  });
});
