import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { ClientBase } from "pg";
import { callOne } from "../../src/db/call.ts";
import { aWrittenFlow } from "../support/a-flow.ts";
import { anExecution, executionOf } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { aHandWorker, type HandRun, type HandWorker, type Scripted } from "../support/hand-worker.ts";
import { hasDag, type MadeFlow, madeWell } from "./block-flow.ts";
import { aReplayBothWays } from "./both-ways.ts";
import { moveClock } from "./database-at-hand.ts";
import { type Dice, loadedDice } from "./dice.ts";
import { type Exiting, exitCalmly, exiting } from "./exit-flows.ts";
import { holdMarked } from "./marked.ts";
import { failing, well } from "./scripts.ts";
import { type Starting, startFlows, starting } from "./start-flows.ts";
import {
  assertClosed,
  assertPlanned,
  aWholePlan,
  endOf,
  runsOf,
  someOf,
  warned,
  withoutLeft,
} from "./what-happened.ts";
import { failRound, writeFlow } from "./write-flow.ts";

// `npm run test:nightly` asks for many more.
const CASES = Number(process.env.REPRISE_KILL_CASES ?? 25);
const seed = Number(process.env.REPRISE_ORACLE_SEED ?? Math.trunc(Math.random() * 2 ** 31));
const TIME_LIMIT_MS = Number(process.env.REPRISE_KILL_MS ?? 60_000);
const VACUUM_EVERY = 50;

const db = await testDatabase();
let flows = 0;
let kills = 0;
let killedAlone = 0;
let besideFailures = 0;
let marked = 0;
let byAnSla = 0;
let inHandlers = 0;
let replays = 0;

/** How an execution is ended: killed, or by the SLA on its duration that its flow has. */
const ways = ["KILLED", "FAILED", "CANCELLED"] as const;
type Way = (typeof ways)[number];

async function stop(client: ClientBase, id: string, way: Way): Promise<void> {
  if (way === "KILLED") await callOne(client, "reprise_api.kill_execution", { execution_id: id });
  else {
    await moveClock(client, "1 day");
    await callOne(client, "reprise_engine.enforce_deadline", { execution_id: id });
  }
}

/**
 * Ends an execution somewhere on its way, or one that it has started alone, while some of its attempts run: these end as that wants, or
 * come to their end. Gives the one that was ended.
 */
async function end(
  client: ClientBase,
  worker: HandWorker,
  dice: Dice,
  script: (run: HandRun) => Scripted,
  id: string,
  isAlone: boolean,
  way: Way,
): Promise<string | undefined> {
  const { rows } = await client.query<{ key: number }>(
    `select t.key from reprise.tasks as t join reprise.tasks as around on around.key = t.parent_key
    where around.kind = 'WORKING_DIRECTORY' and t.branch = 'tasks'`,
  );
  // What runs in a WorkingDirectory is its worker's, who ends it with that.
  const isOwn = ({ task }: HandRun) =>
    !rows.some(({ key }) => key === task.key) && !(isAlone && task.kind === "WORKING_DIRECTORY");
  // Now and then not before something handles an end.
  const waitsForHandler = !isAlone && dice(3) === 1;
  const rounds = waitsForHandler ? Number.POSITIVE_INFINITY : dice(isAlone || dice(2) === 1 ? 3 : 8);
  const handled = await worker.drain(script, {
    rounds,
    holds: (run) => waitsForHandler && isOwn(run) && run.taskId.startsWith("h"),
  });
  if (handled.length > 0) inHandlers += 1;
  const more = await worker.drain(script, {
    rounds: isAlone ? Number.POSITIVE_INFINITY : 1 + dice(3),
    // Only who is held can be killed later.
    holds: (run) => isOwn(run) && (isAlone ? run.taskId === "c" || dice(8) === 1 : dice(2) === 1),
  });
  const held = [...handled, ...more];
  const started = await client.query<{ id: string }>(
    "select id from reprise.executions where parent_task_run_id is not null and ended_at is null order by id",
  );
  const children = isAlone ? started.rows : [];
  const killed = children[dice(Math.max(1, children.length))]?.id ?? id;
  const isOver = (await executionOf(client, killed)).ended_at !== null;
  if (!isOver) await stop(client, killed, killed === id ? way : "KILLED");
  const isKilled = ({ begun, task }: HandRun) =>
    (killed === id || begun.execution_id === killed) && (task.kind === "WORKING_DIRECTORY" || dice(2) === 0);
  await worker.finish(
    held.map((run) =>
      !isOver && isKilled(run)
        ? { attemptId: run.begun.attempt_id as string, state: "KILLED" as const }
        : worker.outcome(run, script),
    ),
  );
  await worker.drain(script);
  return isOver ? undefined : killed;
}

/**
 * Whatever was killed, and wherever it goes on from: it ends as if it had not been; and where what failed beside it is mended, as if nothing
 * had happened at all.
 */
async function hold(
  client: ClientBase,
  made: MadeFlow,
  starts: readonly Starting[],
  exits: readonly Exiting[],
  isAlone: boolean,
  way: Way,
  throws: readonly number[],
): Promise<void> {
  const { flow, script, mayRace } = await write(client, made, starts, exits, way);
  const worker = await aHandWorker(client);
  const run = async (how: (run: HandRun) => Scripted) => {
    const id = await anExecution(client, flow);
    await worker.drain(how);
    return await endOf(client, id);
  };
  const calm = await run(script);
  const mended = await run(well);

  const id = await anExecution(client, flow);
  const killed = await end(client, worker, loadedDice(throws), script, id, isAlone, way);
  if (killed === undefined) return;
  kills += 1;
  if (killed !== id) killedAlone += 1;
  else if (way !== "KILLED") byAnSla += 1;
  const ended = await endOf(client, id);
  const wantedState = killed === id ? way : "KILLED";
  assert.equal((await executionOf(client, killed)).state, wantedState);
  // A Loop may heed nothing of what becomes of its iterations, and has ended well then; and an Exit may have come behind a child that was killed.
  const { exited_by } = await executionOf(client, id);
  const isHeeded = killed === id || (exited_by === null && /KILLED/.test(ended.at(-1) ?? ""));
  if (killed !== id && exited_by === null) assert.match(ended.at(-1) ?? "", /KILLED|SUCCESS|WARNING|FAILED/);
  for (const line of ended) assert.doesNotMatch(line, /^\S+ (RUNNING|CREATED|RESTARTED|RETRYING)/, "is over");
  await assertClosed(client);

  const withoutRest = (lines: string[], wanted: string[]) =>
    killed === id ? lines : withoutLeft(lines, ended, wanted);

  const runs = await runsOf(client, id);
  if (runs.some(({ state }) => state === "FAILED")) besideFailures += 1;
  const replay = async (from: string, anchor: string, how: (run: HandRun) => Scripted) => {
    const plan = await aWholePlan(client, id, [anchor]);
    if (!plan.is_runnable) {
      const codes = anchor === "failed" ? ["nothing_failed"] : [];
      assert.deepEqual(plan.codes, codes, `a replay from ${from} of ${ended}`);
      return undefined;
    }
    const made = await aReplayBothWays(client, id, [anchor], plan.plan_hash as string);
    replays += 1;
    await worker.drain(how);
    await assertClosed(client);
    await assertPlanned(client, plan, from, made.id);
    return await endOf(client, made.id);
  };
  for (const one of someOf(runs)) {
    const replayed = await replay(one.name, one.id, script);
    // What has ended well is carried with all that is in it; and from what runs behind the end of an SLA, that end is.
    if (isHeeded && !mayRace && !(one.in_handler && way !== "KILLED"))
      assert.deepEqual(
        replayed && withoutRest(replayed, calm),
        calm,
        `a replay from ${one.name} of ${ended}`,
      );
  }
  const again = await replay("what failed", "failed", well);
  if (again !== undefined)
    assert.deepEqual(
      warned(withoutRest(again, mended)),
      warned(mended),
      `a replay from what failed of ${ended}`,
    );

  if (!isHeeded) return;
  for (const [how, wanted] of [
    [script, calm],
    [well, warned(mended)],
  ] as const) {
    await client.query("savepoint killed");
    await callOne(client, "reprise_api.restart_execution", { execution_id: id });
    await worker.drain(how);
    await assertClosed(client);
    const restarted = withoutRest(await endOf(client, id), wanted);
    if (how === well) assert.deepEqual(warned(restarted), wanted, `a restart of ${ended}`);
    else if (!mayRace) assert.deepEqual(restarted, wanted, `a restart of ${ended} that fails again`);
    await client.query("rollback to savepoint killed");
  }
  // Who marks the Subflow in place of its child, which does not fail, goes on as well.
  const lost = runs.find(
    ({ kind, state, name }) => kind === "SUBFLOW" && state === "KILLED" && calm.includes(`${name} SUCCESS`),
  );
  if (
    killed !== id &&
    lost !== undefined &&
    !mayRace &&
    exits.length === 0 &&
    (await holdMarked(client, worker, flow, id, lost, script, withoutRest))
  )
    marked += 1;
}

/** A flow, with those that it starts, how its tasks end, and whether it is a matter of chance how far it comes. */
async function write(
  client: ClientBase,
  made: MadeFlow,
  starts: readonly Starting[],
  exits: readonly Exiting[],
  way: Way,
) {
  const rounded = failRound(made);
  const written = writeFlow(`flow-${randomUUID()}`, rounded);
  const { source: started, children } = startFlows(written.source, starts, rounded.failing);
  for (const child of children) await aWrittenFlow(client, child);
  const sla = {
    id: "sla",
    type: "MAX_DURATION",
    duration: "PT12H",
    behavior: way === "FAILED" ? "FAIL" : "CANCEL",
  };
  const source = JSON.parse(exitCalmly(started, exits));
  const flow = await aWrittenFlow(
    client,
    JSON.stringify(way === "KILLED" ? source : { ...source, sla: [sla] }),
  );
  return {
    flow,
    script: failing(written),
    mayRace: made.failing.length > 0 && hasDag([...made.tasks, ...made.after]),
  };
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
      fc.constantFrom(...ways),
      dice,
      async (made, starts, exits, isAlone, anyWay, throws) => {
        const way = isAlone ? "KILLED" : anyWay;
        if (flows++ % VACUUM_EVERY === 0) await db.pool.query("vacuum");
        await db.inTransaction((client) => hold(client, made, starts, exits, isAlone, way, throws));
      },
    );
    const result = await fc.check(property, { seed, numRuns: CASES, interruptAfterTimeLimit: TIME_LIMIT_MS });
    context.diagnostic(
      `${result.numRuns} flows, ${kills} kills, ${killedAlone} of a child alone, ${marked} marked, ${byAnSla} by an SLA, ${inHandlers} in handlers, ${besideFailures} beside failures, ${replays} replays`,
    );
    if (result.failed && result.counterexample !== null)
      throw new Error(fc.defaultReportMessage(result), { cause: result.errorInstance });
  });
});
