import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { ClientBase } from "pg";
import { callOne } from "../../src/db/call.ts";
import { aWrittenFlow, type FlowReference } from "../support/a-flow.ts";
import { anExecution, aPlan, aReplay, executionOf } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { aHandWorker, type HandRun, type HandWorker, type Scripted } from "../support/hand-worker.ts";
import { type MadeFlow, madeFlow } from "./block-flow.ts";
import { type Exiting, exitCalmly, exiting } from "./exit-flows.ts";
import { failing } from "./scripts.ts";
import { type Starting, startFlows, starting } from "./start-flows.ts";
import { assertClosed, dispositionsOf, endOf, runsOf, someOf } from "./what-happened.ts";
import { writeFlow } from "./write-flow.ts";

// `npm run test:nightly` asks for many more.
const CASES = Number(process.env.REPRISE_BREAKPOINT_CASES ?? 12);
const seed = Number(process.env.REPRISE_ORACLE_SEED ?? Math.trunc(Math.random() * 2 ** 31));
const TIME_LIMIT_MS = Number(process.env.REPRISE_BREAKPOINT_MS ?? 60_000);
const VACUUM_EVERY = 50;
const MOST_REPLAYS = 6;

const db = await testDatabase();
let flows = 0;
let replays = 0;
let stops = 0;
let warnings = 0;

/** Task runs, by their names, that stand at a breakpoint. */
async function stoppedIn(client: ClientBase, executionId: string): Promise<string[]> {
  return (await runsOf(client, executionId))
    .filter(({ state }) => state === "BREAKPOINT")
    .map(({ name }) => name);
}

/** Where one may stop: tasks of the flow, and iterations of those that ran in one. */
async function breakable(client: ClientBase, flow: FlowReference, executionId: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `with possible as (
      select t.key, t.id
      from reprise.tasks as t
      left join reprise.tasks as around on around.key = t.parent_key
      where t.namespace = $1 and t.flow_id = $2 and t.revision = $3 and not t.is_after and t.kind not in ('DEFAULTS', 'OUTPUTS', 'LOOP_OUTPUTS')
        and not (around.kind is not distinct from 'WORKING_DIRECTORY' and t.branch = 'tasks')
    )
    select p.id as name from possible as p
    union
    select p.id || to_jsonb(r.iteration_path[cardinality(r.iteration_path) - n.steps + 1:])::text
    from possible as p
    join reprise.task_runs as r on r.task_key = p.key and r.execution_id = $4 and r.iteration_path is not null
    cross join lateral generate_series(1, cardinality(r.iteration_path)) as n (steps)
    order by 1`,
    [flow.namespace, flow.id, flow.revision, executionId],
  );
  return rows.map(({ name }) => name);
}

/** Whether a breakpoint names a task run: the values of the innermost loops are enough. */
function names(breakpoint: string, run: string): boolean {
  const [task, path] = breakpoint.split(/(?=\[)/);
  const [ofTask, inIteration] = run.split(/(?=\[)/);
  if (task !== ofTask) return false;
  if (path === undefined) return true;
  const values = (inIteration ?? "[]").slice(1, -1).split(",");
  const wanted = JSON.parse(path) as string[];
  return wanted.length <= values.length && String(values.slice(-wanted.length)) === String(wanted);
}

/** Goes on from each breakpoint, until it has ended; gives what it has stopped before, each time. */
async function resumeAll(
  client: ClientBase,
  worker: HandWorker,
  script: (run: HandRun) => Scripted,
  id: string,
  breakpoints: readonly string[],
): Promise<string[]> {
  const stopped: string[] = [];
  for (;;) {
    await worker.drain(script);
    if (!(await executionOf(client, id)).is_held) return stopped;
    const here = await stoppedIn(client, id);
    assert.notEqual(here.length, 0, "it is held at something");
    stopped.push(...here);
    await callOne(client, "reprise_api.resume_execution", {
      execution_id: id,
      breakpoints: [...breakpoints],
    });
  }
}

/** It stops where it says, nowhere else, and ends as if it had not. */
async function hold(
  client: ClientBase,
  made: MadeFlow,
  starts: readonly Starting[],
  exits: readonly Exiting[],
  picks: readonly number[],
  inWaves: boolean,
): Promise<void> {
  if (inWaves) await client.query("select set_config('reprise.first_wave', '1', true)");
  const written = writeFlow(`flow-${randomUUID()}`, made);
  const { source: started, children } = startFlows(written.source, starts, made.failing);
  for (const child of children) await aWrittenFlow(client, child);
  const flow = await aWrittenFlow(client, exitCalmly(started, exits));
  const script = failing(written);
  const worker = await aHandWorker(client);
  const id = await anExecution(client, flow);
  await worker.drain(script);
  const runs = await runsOf(client, id);
  const possible = await breakable(client, flow, id);
  if (possible.length === 0) return;
  const nameOf = new Map(runs.map((run) => [run.id, run.name]));
  const some = someOf(runs);
  const every = Math.max(1, Math.ceil(some.length / MOST_REPLAYS));
  const anchors = ["start", ...some.filter((_, index) => index % every === 0).map((run) => run.id)];
  for (const [index, anchor] of anchors.entries()) {
    const breakpoints = picks.map((pick) => possible[(pick + index * 7) % possible.length] as string);
    const plain = await aPlan(client, id, { anchors: [anchor] });
    if (!plain.is_runnable) continue;
    const calm = await aReplay(client, id, { anchors: [anchor] });
    await worker.drain(script);

    const plan = await aPlan(client, id, { anchors: [anchor], breakpoints });
    const replay = await aReplay(client, id, { anchors: [anchor], breakpoints });
    replays += 1;
    const stopped = await resumeAll(client, worker, script, replay.id, breakpoints);
    stops += stopped.length;
    const isWell = !/ (FAILED|KILLED|CANCELLED)\b/.test((await endOf(client, calm.id)).join(" "));
    const what = `a replay from ${nameOf.get(anchor) ?? anchor} with ${breakpoints}`;
    assert.deepEqual(await endOf(client, replay.id), await endOf(client, calm.id), `${what} ends as without`);
    await assertClosed(client);

    // What stands at one comes to its end before anything else of it, so that it is stopped before once, and what was not come to never.
    const ran = (await runsOf(client, replay.id)).filter(({ is_carried }) => !is_carried);
    const isNamed = (name: string) => breakpoints.some((breakpoint) => names(breakpoint, name));
    const planned = dispositionsOf(plan);
    // A loop that goes on in the middle has an attempt of its own at its end.
    const wanted = ran
      .map(({ name }) => name)
      .filter((name) => isNamed(name) && planned.get(name) !== "REOPENED");
    for (const name of stopped) assert.ok(isNamed(name), `${what} stops at none but those: ${name}`);
    for (const name of wanted) assert.ok(stopped.includes(name), `${what} stops before ${name}`);
    const idle = (plan.problems ?? []).filter((problem) => problem?.code === "breakpoint_not_reached");
    warnings += idle.length;
    for (const breakpoint of new Set(breakpoints)) {
      const isStopped = stopped.some((name) => names(breakpoint, name));
      // Of one task some iterations may be named that it does not come to, and others.
      const alike = breakpoints.filter((other) => other.split("[")[0] === breakpoint.split("[")[0]);
      const isWarned = idle.filter((problem) => problem?.task_id === breakpoint.split("[")[0]).length;
      if (isWarned === new Set(alike).size)
        assert.ok(!isStopped, `${what} does not stop at ${breakpoint}, as its plan warns`);
      // Where nothing is left open, what it is not warned of is come to.
      const rows = plan.tasks.filter(({ task_id }) => task_id === breakpoint.split("[")[0]);
      if (isWarned === 0 && isWell && !rows.some(({ disposition }) => disposition === "UNKNOWN"))
        assert.ok(isStopped, `${what} stops at ${breakpoint}, since its plan does not warn`);
    }
  }
}

describe("breakpoints of a replay", () => {
  it(`hold it where its plan says, and change nothing of its end, in ${CASES} made-up flows`, async (context) => {
    context.diagnostic(`seed ${seed}: run again with REPRISE_ORACLE_SEED=${seed}`);
    const picks = fc.array(fc.nat({ max: 5_039 }), { minLength: 1, maxLength: 4 });
    const property = fc.asyncProperty(
      madeFlow,
      starting,
      exiting,
      picks,
      fc.boolean(),
      async (made, starts, exits, places, inWaves) => {
        if (flows++ % VACUUM_EVERY === 0) await db.pool.query("vacuum");
        await db.inTransaction((client) => hold(client, made, starts, exits, places, inWaves));
      },
    );
    const result = await fc.check(property, { seed, numRuns: CASES, interruptAfterTimeLimit: TIME_LIMIT_MS });
    context.diagnostic(
      `${result.numRuns} flows, ${replays} replays, ${stops} stops, ${warnings} warnings of none`,
    );
    if (result.failed && result.counterexample !== null)
      throw new Error(fc.defaultReportMessage(result), { cause: result.errorInstance });
  });
});
