import assert from "node:assert/strict";
import type { ClientBase } from "pg";
import { callMany, callOne } from "../../src/db/call.ts";
import type { Task } from "../../src/db/generated.ts";
import type { Begun } from "../../src/worker/begun.ts";
import type { Outcome } from "../../src/worker/transitions.ts";
import {
  aHandWorker,
  type HandRun,
  type HandWorker,
  look,
  type Script,
  tend,
} from "../support/hand-worker.ts";
import { assertCounted, assertLedByJobs } from "./counted.ts";
import { findWaiting, fingerprintOf, moveClock, passTime } from "./database-at-hand.ts";
import { type Dice, takeSome } from "./dice.ts";

/** An attempt in hand; of a WorkingDirectory how far it is. */
interface Held {
  worker: HandWorker;
  run: HandRun;
  directory?: { keys: number[]; child?: HandRun };
}

/** Results that were delivered, or that nobody waits for any more. */
interface Report {
  worker: HandWorker;
  outcomes: Outcome[];
}

interface Chaos {
  client: ClientBase;
  dice: Dice;
  script: Script;
  tasks: Map<number, Task>;
  workers: HandWorker[];
  held: Held[];
  old: Report[];
  lostWorkers: number;
  counts: Record<string, number>;
}

// A task that loses three workers one after the other is not tried again, which is another story.
const MOST_LOST_WORKERS = 2;

/**
 * Runs everything that waits to its end while the dice fall on all that may go wrong: workers die with what they hold, answers and jobs are
 * lost, results come twice, late, and in any company and order. Says how often each of these happened.
 */
export async function runDisturbed(
  client: ClientBase,
  dice: Dice,
  script: Script,
): Promise<Record<string, number>> {
  const chaos: Chaos = {
    ...{ client, dice, script, tasks: new Map(), held: [], old: [], lostWorkers: 0, counts: {} },
    workers: [await aHandWorker(client), await aHandWorker(client)],
  };
  for (;;) {
    await disturb(chaos);
    const waiting = await findWaiting(client);
    if (waiting.length === 0 && chaos.held.length === 0) {
      if ((await tend(client)) || (await passTime(client)) || (await giveUpForgotten(chaos))) continue;
      break;
    }
    await beginSome(chaos, waiting);
    await finishSome(chaos);
    await assertCounted(client);
  }
  return chaos.counts;
}

function count(chaos: Chaos, what: string): void {
  chaos.counts[what] = (chaos.counts[what] ?? 0) + 1;
}

async function disturb(chaos: Chaos): Promise<void> {
  const { client, dice } = chaos;
  switch (dice(9)) {
    case 1:
      return await loseWorker(chaos);
    case 2: {
      count(chaos, "attempts given up");
      const kept = takeSome(dice, chaos.held);
      for (const { worker, run } of chaos.held.filter((one) => !kept.includes(one)))
        chaos.old.push({ worker, outcomes: [await late(chaos, run)] });
      chaos.held = kept;
      await giveUpForgotten(chaos);
      return;
    }
    case 3:
      return await loseJobs(chaos);
    case 4: {
      const report = chaos.old[dice(Math.max(chaos.old.length, 1))];
      if (report === undefined) return;
      count(chaos, "results once more");
      const before = await fingerprintOf(client);
      assert.deepEqual(await finish(chaos, report.worker, report.outcomes, 5), [], "nothing begins by it");
      assert.equal(await fingerprintOf(client), before, "a result that comes late or twice changes nothing");
      return;
    }
    case 5:
      count(chaos, "time passes");
      await passTime(client);
      return;
    case 6:
      await tend(client);
      return;
  }
}

/** What an attempt would have said that was taken away: of a block that found out what to run, or of a task. */
async function late({ script, workers }: Chaos, run: HandRun): Promise<Outcome> {
  if (run.task.kind === "WORKING_DIRECTORY") return { attemptId: run.begun.attempt_id, state: "RUNNING" };
  return (workers[0] as HandWorker).outcome(run, script);
}

async function loseWorker(chaos: Chaos): Promise<void> {
  const { client, dice, workers } = chaos;
  if (chaos.lostWorkers >= MOST_LOST_WORKERS) return;
  chaos.lostWorkers += 1;
  count(chaos, "workers lost");
  const [dead] = workers.splice(dice(workers.length), 1) as [HandWorker];
  workers.push(await aHandWorker(client));
  for (const { worker, run } of chaos.held.filter((one) => one.worker === dead))
    chaos.old.push({ worker, outcomes: [await late(chaos, run)] });
  chaos.held = chaos.held.filter(({ worker }) => worker !== dead);
  await client.query("update reprise.workers set state = 'LOST', stopped_at = now() where id = $1", [
    dead.id,
  ]);
  await callOne(client, "reprise_engine.take_over", { worker_ids: [dead.id] });
}

/** Attempts that the tables give to a worker that knows nothing of them run anew. Says whether there were any. */
async function giveUpForgotten({ client, workers, held }: Chaos): Promise<boolean> {
  await moveClock(client, "4 seconds");
  const attempts = async () =>
    (
      await client.query<{ count: number }>(
        "select count(*)::integer as count from reprise.attempts where state = 'RUNNING'",
      )
    ).rows[0]?.count;
  const before = await attempts();
  for (const worker of workers) {
    const mine = held.filter((one) => one.worker === worker);
    await callOne(client, "reprise_engine.release_attempts", {
      worker_id: worker.id,
      held: mine.flatMap(({ run, directory }) => [
        run.begun.attempt_id,
        ...(directory?.child === undefined ? [] : [directory.child.begun.attempt_id]),
      ]),
    });
  }
  return (await attempts()) !== before;
}

async function loseJobs(chaos: Chaos): Promise<void> {
  const { client, dice } = chaos;
  count(chaos, "jobs lost");
  const { rows } = await client.query<{ id: string }>(
    "select id from graphile_worker._private_jobs order by id",
  );
  const lost = takeSome(dice, rows).map(({ id }) => id);
  await client.query("delete from graphile_worker._private_jobs where id = any ($1)", [lost]);
  // Ends of children are looked for a while after they came.
  await moveClock(client, "6 seconds");
  await callOne(client, "reprise_engine.reconcile_jobs", {});
  await assertLedByJobs(client);
}

async function beginSome(chaos: Chaos, waiting: string[]): Promise<void> {
  const { client, dice, workers } = chaos;
  const ids = takeSome(dice, waiting);
  if (ids.length === 0) return;
  const worker = workers[dice(workers.length)] as HandWorker;
  await take(chaos, worker, await worker.begin(...ids, ...ids));
  if (dice(4) !== 1) return;
  count(chaos, "jobs taken twice");
  const before = await fingerprintOf(client);
  for (const other of workers)
    assert.deepEqual(await other.begin(...ids), [], "a second job finds nothing to do");
  assert.equal(await fingerprintOf(client), before, "a second job changes nothing");
}

async function take(chaos: Chaos, worker: HandWorker, begun: Begun[]): Promise<void> {
  for (const run of await look(chaos.client, chaos.tasks, begun)) {
    if (run.task.kind !== "WORKING_DIRECTORY") {
      chaos.held.push({ worker, run });
      continue;
    }
    const tasks = await callMany(chaos.client, "reprise_engine.read_children", { task_key: run.task.key });
    chaos.held.push({ worker, run, directory: { keys: tasks.map(({ key }) => key) } });
  }
}

async function finishSome(chaos: Chaos): Promise<void> {
  const { dice, script } = chaos;
  const chosen = takeSome(dice, chaos.held);
  for (const [worker, some] of Map.groupBy(chosen, (one) => one.worker)) {
    const outcomes: Outcome[] = [];
    const done: Held[] = [];
    for (const one of some) {
      const outcome = one.directory ? await goOnInside(chaos, one) : await worker.outcome(one.run, script);
      if (outcome === undefined) continue;
      outcomes.push(outcome);
      done.push(one);
    }
    if (outcomes.length === 0) continue;
    chaos.held = chaos.held.filter((one) => !done.includes(one));
    const begun = await finish(chaos, worker, outcomes, dice(4));
    chaos.old.push({ worker, outcomes });
    // The answer may be lost, and with it all that the worker would have known of these.
    if (dice(8) === 1) count(chaos, "answers lost");
    else await take(chaos, worker, begun);
  }
}

async function finish(
  { client, tasks }: Chaos,
  worker: HandWorker,
  outcomes: Outcome[],
  room: number,
): Promise<Begun[]> {
  const identifiers = new Set([...tasks.values()].map((task) => task.job_identifier));
  return (await callMany(client, "reprise_engine.finish_attempts", {
    worker_id: worker.id,
    attempt_ids: outcomes.map(({ attemptId }) => attemptId),
    outcomes: outcomes.map(({ state }) => state),
    outputs: outcomes.map(({ outputs }) => outputs ?? null),
    errors: outcomes.map(({ error }) => error ?? null),
    room,
    accepted: [...identifiers],
  })) as Begun[];
}

/** A step inside of a WorkingDirectory: a task of it begins, or ends. Gives the end of the block when it has come to that. */
async function goOnInside(chaos: Chaos, { worker, run, directory }: Held): Promise<Outcome | undefined> {
  const { client, dice, script } = chaos;
  const attemptId = run.begun.attempt_id;
  if (directory === undefined) return undefined;
  const [key] = directory.keys;
  if (key === undefined) return { attemptId, state: "RUNNING" };
  const begin = async () =>
    (await callMany(client, "reprise_engine.begin_children", {
      ...{ worker_id: worker.id, attempt_ids: [attemptId], task_keys: [key] },
    })) as Begun[];
  if (directory.child === undefined) {
    const begun = await begin();
    if (dice(4) === 1) assert.deepEqual(await begin(), begun, "asked twice, it begins once");
    const [child] = await look(client, chaos.tasks, begun);
    assert.ok(child, "who holds the block may begin what is in it");
    directory.child = child;
    return undefined;
  }
  const outcome = await worker.outcome(directory.child, script);
  const report = async () =>
    await callMany(client, "reprise_engine.finish_children", {
      worker_id: worker.id,
      attempt_ids: [outcome.attemptId],
      outcomes: [outcome.state],
      outputs: [outcome.outputs ?? null],
      errors: [outcome.error ?? null],
    });
  const ends = await report();
  if (dice(4) === 1)
    assert.equal((await report())[0]?.state, ends[0]?.state, "told twice, it answers the same");
  delete directory.child;
  const state = ends[0]?.state;
  if (state !== "RETRYING") directory.keys.shift();
  if (state !== "FAILED") return undefined;
  await callOne(client, "reprise_engine.leave_children", { worker_id: worker.id, attempt_id: attemptId });
  return { attemptId, state: "RUNNING" };
}
