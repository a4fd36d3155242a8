import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { ClientBase } from "pg";
import { aWrittenFlow } from "../support/a-flow.ts";
import { anExecution, aReplay, executionOf } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { isLeftOut } from "../support/hand-steps.ts";
import { aHandWorker, type HandRun, type Scripted } from "../support/hand-worker.ts";
import { type MadeFlow, madeWell } from "./block-flow.ts";
import { assertCounted } from "./counted.ts";
import { loadedDice } from "./dice.ts";
import { runDisturbed } from "./disturbed-run.ts";
import { type Exiting, exitCalmly, exitingOften, exitOf } from "./exit-flows.ts";
import { assertPlanned, aWholePlan, withoutKept } from "./what-happened.ts";
import { writeFlow } from "./write-flow.ts";

// `npm run test:nightly` asks for many more.
const CASES = Number(process.env.REPRISE_LOOP_CASES ?? 8);
const seed = Number(process.env.REPRISE_ORACLE_SEED ?? Math.trunc(Math.random() * 2 ** 31));
const TIME_LIMIT_MS = Number(process.env.REPRISE_LOOP_MS ?? 60_000);
const MOST_ANCHORS = 6;
const VACUUM_EVERY = 50;

const db = await testDatabase();
let flows = 0;
let replays = 0;
let exitings = 0;

const well = (run: HandRun): Scripted =>
  isLeftOut(run) ? "SKIPPED" : (exitOf(run) ?? { outputs: { value: 1, more: 1 } });

/** The first value goes, a new one comes first, and the others turn round. */
function otherValues(values: unknown): unknown {
  const others = (list: string[]) => ["w", ...list.slice(1).reverse()];
  if (Array.isArray(values)) return others(values);
  return Object.fromEntries(others(Object.keys(values as object)).map((key) => [key, "same"]));
}

/** The flow with other values for one of its loops, written down or as a template, whose values no plan knows. */
function revise(source: string, loopId: string, isAsked: boolean): string {
  return JSON.stringify(
    JSON.parse(source, (_, task) => {
      if (task?.id !== loopId) return task;
      const property = "values" in task ? "values" : "value";
      const others = otherValues(task[property]);
      return { ...task, [property]: isAsked ? `{{ ${JSON.stringify(others)} }}` : others };
    }),
  );
}

/** The task runs in loops, each with the outermost loop around it: that stands in no other, so there is one of it. */
async function findInLoops(client: ClientBase, executionId: string): Promise<{ id: string; loop: string }[]> {
  const { rows } = await client.query<{ id: string; loop: string }>(
    `with recursive line (id, parent_id, loop, depth) as (
      select r.id, r.parent_id, null::text, 0 from reprise.task_runs as r where r.execution_id = $1 and r.iteration_path is not null
      union all
      select line.id, r.parent_id, case when t.kind = 'FOR_EACH' then t.id else line.loop end, line.depth + 1
      from line
      join reprise.task_runs as r on r.id = line.parent_id
      join reprise.tasks as t on t.key = r.task_key
    )
    select distinct on (id) id, loop from line where loop is not null order by id, depth desc`,
    [executionId],
  );
  return rows;
}

async function endOf(client: ClientBase, executionId: string): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(
    `select t.id || coalesce('[' || array_to_string(r.iteration_path, ',') || ']', '') || ' ' || coalesce(r.iteration || ' ', '') || r.state as line
    from reprise.task_runs as r
    join reprise.tasks as t on t.key = r.task_key
    where r.execution_id = $1
    union all
    select '= ' || state from reprise.executions where id = $1
    order by 1`,
    [executionId],
  );
  return rows.map(({ line }) => line);
}

/** Everything that must hold of one made-up flow, from task runs in its loops. */
async function hold(
  client: ClientBase,
  made: MadeFlow,
  exits: readonly Exiting[],
  throws: readonly number[],
  isAsked: boolean,
): Promise<void> {
  const dice = loadedDice(throws);
  const written = writeFlow(`flow-${randomUUID()}`, { ...made, failing: [] }).source;
  const source = exitCalmly(written, exits);
  const worker = await aHandWorker(client);
  const id = await anExecution(client, await aWrittenFlow(client, source));
  await worker.drain(well);
  if ((await executionOf(client, id)).exited_by !== null) exitings += 1;

  const runs = await findInLoops(client, id);
  const every = Math.max(1, Math.ceil(runs.length / MOST_ANCHORS));
  for (const run of runs.filter((_, index) => index % every === 0)) {
    const flow = await aWrittenFlow(client, revise(source, run.loop, isAsked));
    const fresh = await anExecution(client, flow);
    await worker.drain(well);
    const plan = await aWholePlan(client, id, [run.id], "latest");
    const replay = await aReplay(client, id, { anchors: [run.id], revision: "latest" });
    replays += 1;
    await runDisturbed(client, dice, well);
    const [ended, wanted] = [await endOf(client, replay.id), await endOf(client, fresh)];
    const isExited = (await executionOf(client, replay.id)).exited_by !== null;
    assert.deepEqual(isExited ? withoutKept(ended, await endOf(client, id), wanted) : ended, wanted);
    await assertPlanned(client, plan, run.id, replay.id);
    await assertCounted(client);
  }
}

describe("a replay into a loop with other values", () => {
  it(`ends as a fresh run does, in ${CASES} made-up flows`, async (context) => {
    context.diagnostic(`seed ${seed}: run again with REPRISE_ORACLE_SEED=${seed}`);
    const throws = fc.array(fc.nat({ max: 5_039 }), { maxLength: 300, size: "max" });
    const property = fc.asyncProperty(
      madeWell,
      exitingOften,
      throws,
      fc.boolean(),
      async (made, exits, thrown, isAsked) => {
        if (flows++ % VACUUM_EVERY === 0) await db.pool.query("vacuum");
        await db.inTransaction((client) => hold(client, made, exits, thrown, isAsked));
      },
    );
    const result = await fc.check(property, {
      seed,
      numRuns: CASES,
      interruptAfterTimeLimit: TIME_LIMIT_MS,
    });
    context.diagnostic(`${result.numRuns} flows, ${exitings} ended by an Exit, ${replays} replays`);
    if (result.failed && result.counterexample !== null)
      throw new Error(fc.defaultReportMessage(result), { cause: result.errorInstance });
  });
});
