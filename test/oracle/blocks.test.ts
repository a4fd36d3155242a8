import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { ClientBase } from "pg";
import { callOne } from "../../src/db/call.ts";
import { aWrittenFlow } from "../support/a-flow.ts";
import { anExecution, aPlan, aReplay, executionOf, type ReadPlan } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { isLeftOut } from "../support/hand-steps.ts";
import { aHandWorker, type HandRun, type HandWorker, type Scripted } from "../support/hand-worker.ts";
import { hasDag, type MadeFlow, madeFlow } from "./block-flow.ts";
import { aReplayBothWays } from "./both-ways.ts";
import { type Exiting, exitFlow, exitIds, exiting, exitOf, hasRaces } from "./exit-flows.ts";
import { holdMarked } from "./marked.ts";
import { failsInChild, givenOf, type Starting, startFlows, starting } from "./start-flows.ts";
import {
  assertClosed,
  assertPlanned,
  aWholePlan,
  dispositionsOf,
  endOf,
  failsAnew,
  type Run,
  runsOf,
  someOf,
  warned,
} from "./what-happened.ts";
import { writeFlow } from "./write-flow.ts";

// `npm run test:nightly` asks for many more.
const CASES = Number(process.env.REPRISE_BLOCK_CASES ?? 40);
const given = process.env.REPRISE_BLOCK_SEED ?? process.env.REPRISE_ORACLE_SEED;
const seed = Number(given ?? Math.trunc(Math.random() * 2 ** 31));

// Making a case that fails small takes its time; after this it is shown as it is. All cases take a minute, or two where the machine is busy.
const TIME_LIMIT_MS = Number(process.env.REPRISE_BLOCK_MS ?? 360_000);

const db = await testDatabase();
const VACUUM_EVERY = 50;
let replays = 0;
let flows = 0;
let exited = 0;
let marked = 0;

/** Nothing fails, and all give more than before. */
const mend = (run: HandRun): Scripted => {
  const { taskId, begun } = run;
  if (isLeftOut(run)) return "SKIPPED";
  return (
    exitOf(run) ??
    givenOf(run) ?? { outputs: { value: `${taskId} ${begun.iteration_path ?? ""}`, more: "more" } }
  );
};

/** Where nothing fails any more, everything runs that is planned to. */
async function assertAllRuns(
  client: ClientBase,
  worker: HandWorker,
  plan: ReadPlan,
  from: Pick<Run, "id" | "name">,
): Promise<void> {
  const replay = await aReplay(client, plan.execution_id as string, { anchors: [from.id] });
  await worker.drain(mend);
  await assertClosed(client);
  const runs = await runsOf(client, replay.id);
  // At the end of a flow an Exit ends nothing but itself, and the list that it stands in when it ends as one that failed; and one that handles
  // a failure comes behind that.
  const { exited_by } = await executionOf(client, replay.id);
  const isBehind = exited_by === null || runs.some(({ id, in_handler }) => id === exited_by && in_handler);
  if (runs.some(failsAnew) && isBehind) return;
  const happened = new Set(runs.map(({ name }) => name));
  for (const [name, disposition] of dispositionsOf(plan)) {
    if (["RERUN", "NEW"].includes(disposition))
      assert.ok(happened.has(name), `${name} is ${disposition}, and runs in a replay from ${from.name}`);
    if (["NOT_REACHED", "REMOVED"].includes(disposition))
      assert.ok(
        !happened.has(name),
        `${name} is ${disposition}, and does not run in a replay from ${from.name}`,
      );
  }
}

/** From where the original had not come to, it does what is planned, too. */
async function holdUnreached(client: ClientBase, worker: HandWorker, id: string): Promise<void> {
  const { tasks } = await aPlan(client, id, { anchors: ["start"] });
  const unreached = tasks.filter(({ task_run_id }) => task_run_id === null);
  for (const [index, { task_id, iteration_path }] of unreached.entries()) {
    if (index % Math.ceil(unreached.length / MOST_UNREACHED) !== 0) continue;
    const values = (iteration_path as string[] | null)?.map((value) => JSON.stringify(value)).join(", ");
    const name = `task:${task_id}${values === undefined ? "" : `[${values}]`}`;
    const plan = await aWholePlan(client, id, [name]);
    if (!plan.is_runnable) continue;
    replays += 1;
    await assertAllRuns(client, worker, plan, { id: name, name });
  }
}

const MOST_UNREACHED = 3;
const MOST_MARKED = 2;

// As many replays again would take as long again.
const ONE_IN = 4;

/** Everything that must hold of one made-up flow. */
async function hold(
  client: ClientBase,
  made: MadeFlow,
  inWaves: boolean,
  starts: readonly Starting[],
  exits: readonly Exiting[],
): Promise<void> {
  // Then all that is wide begins lane by lane.
  if (inWaves) await client.query("select set_config('reprise.first_wave', '1', true)");
  const written = writeFlow(`flow-${randomUUID()}`, made);
  const { source: started, children } = startFlows(written.source, starts, made.failing);
  const source = exitFlow(started, exits);
  const isRaced = hasRaces(source);
  for (const child of children) await aWrittenFlow(client, child);
  const flow = await aWrittenFlow(client, source);
  const worker = await aHandWorker(client);
  const script = (run: HandRun): Scripted => {
    const { taskId, begun } = run;
    if (isLeftOut(run)) return "SKIPPED";
    const given = exitOf(run) ?? givenOf(run);
    if (given !== undefined) return given;
    return failsInChild(run) || written.fails(taskId, begun.iteration_path)
      ? "FAILED"
      : { outputs: { value: `${taskId} ${begun.iteration_path ?? ""}` } };
  };

  const id = await anExecution(client, flow);
  await worker.drain(script);
  const original = await endOf(client, id);
  assert.match(
    original.at(-1) ?? "",
    exits.length > 0 ? /SUCCESS|WARNING|FAILED|CANCELLED|KILLED/ : /SUCCESS|WARNING|FAILED/,
    "it ends",
  );
  if ((await executionOf(client, id)).exited_by !== null) exited += 1;
  await assertClosed(client);

  const runs = await runsOf(client, id);
  const replayFrom = async (originalId: string, from: Run[]) => {
    const said = from.map(({ name }) => name).join(" and ");
    const anchors = from.map((run) => run.id);
    const plan = await aWholePlan(client, originalId, anchors);
    assert.ok(plan.is_runnable, `${plan.codes} stands in the way of a replay from ${said}`);
    const replay = await aReplayBothWays(client, originalId, anchors, plan.plan_hash as string);
    replays += 1;
    await worker.drain(script);
    const ended = await endOf(client, replay.id);
    if (!isRaced) assert.deepEqual(ended, original, `a replay from ${said} ends as the original`);
    else if (exits.length === 1 && made.failing.length === 0)
      assert.equal(ended.at(-1), original.at(-1), `a replay from ${said} ends as the original`);
    await assertClosed(client);
    await assertPlanned(client, plan, said, replay.id);
    return { id: replay.id, plan };
  };
  const some = someOf(runs);
  for (const [index, run] of some.entries()) {
    const replay = await replayFrom(id, [run]);
    if (index % ONE_IN === 0) await assertAllRuns(client, worker, replay.plan, run);
    else if (index % ONE_IN === 1) {
      // From several at once, and from the replay of a replay.
      const other = some[(index * 7 + 3) % some.length] as Run;
      if (other !== run) await replayFrom(id, [run, other]);
      const next = await runsOf(client, replay.id);
      await replayFrom(replay.id, [next[(index * 5 + 2) % next.length] as Run]);
    }
  }

  if (!isRaced) await holdUnreached(client, worker, id);
  // How far another failure in a Dag lets anything come is a matter of time.
  const isTimed = isRaced || (made.failing.length > 1 && hasDag([...made.tasks, ...made.after]));
  // Whoever marks an Exit as done goes on where no run of it would.
  const ending = exitIds(source);
  const failed = runs.filter(
    ({ name, state, kind, in_handler }) =>
      state === "FAILED" && kind === "RUNNABLE" && !in_handler && !ending.has(name.replace(/\[.*/, "")),
  );
  for (const run of isTimed ? [] : failed.slice(0, MOST_MARKED))
    if (await holdMarked(client, worker, flow, id, run, script)) marked += 1;

  // What failed, mended: as if nothing had failed.
  const fresh = await anExecution(client, flow);
  await worker.drain(mend);
  const mended = await endOf(client, fresh);
  const state = original.at(-1)?.slice(2) ?? "";
  if (isRaced || !["FAILED", "CANCELLED", "KILLED"].includes(state)) return;
  // Outputs of iterations that want more than was given fail again, where what gives it does not run again.
  if (source.includes("'].more")) return;
  // Where an Exit has ended it in another state, nothing may have failed.
  if (state === "FAILED") {
    const again = await aReplay(client, id, { anchors: ["failed"] });
    await worker.drain(mend);
    assert.deepEqual(
      warned(await endOf(client, again.id)),
      warned(mended),
      "a replay from what failed ends as if nothing had",
    );
  }
  if (!isTimed) {
    await client.query("savepoint ended");
    await callOne(client, "reprise_api.restart_execution", { execution_id: id });
    await worker.drain(script);
    assert.deepEqual(await endOf(client, id), original, "a restart in which the same fails ends as before");
    await client.query("rollback to savepoint ended");
  }
  await callOne(client, "reprise_api.restart_execution", { execution_id: id });
  await worker.drain(mend);
  assert.deepEqual(
    warned(await endOf(client, id)),
    warned(mended),
    "a restart ends as if nothing had failed",
  );
  await assertClosed(client);
}

describe("the oracle of blocks", () => {
  it(`holds for ${CASES} made-up flows, from every task run of them`, async (context) => {
    context.diagnostic(`seed ${seed}: run again with REPRISE_ORACLE_SEED=${seed}`);
    const property = fc.asyncProperty(
      madeFlow,
      fc.boolean(),
      starting,
      exiting,
      async (made, inWaves, starts, exits) => {
        // What is rolled back stays in the tables as dead rows, and reading past them would take longer and longer.
        if (flows++ % VACUUM_EVERY === 0) await db.pool.query("vacuum");
        await db.inTransaction((client) => hold(client, made, inWaves, starts, exits));
      },
    );
    const result = await fc.check(property, {
      seed,
      numRuns: CASES,
      interruptAfterTimeLimit: TIME_LIMIT_MS,
    });
    context.diagnostic(
      `${result.numRuns} flows, ${exited} ended by an Exit, ${marked} marked, ${replays} replays`,
    );
    if (result.failed && result.counterexample !== null)
      throw new Error(fc.defaultReportMessage(result), { cause: result.errorInstance });
  });
});
