import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { ClientBase } from "pg";
import { callOne } from "../../src/db/call.ts";
import { aWrittenFlow, type FlowReference } from "../support/a-flow.ts";
import { anExecution, aPlan, aReplay, executionOf } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { aHandWorker, type HandRun } from "../support/hand-worker.ts";
import { type MadeFlow, madeWell } from "./block-flow.ts";
import { assertCounted } from "./counted.ts";
import { type Exiting, exitCalmly, exitingOften, hasRaces } from "./exit-flows.ts";
import { type Edit, edits, reviseFlow } from "./revise-flow.ts";
import { well } from "./scripts.ts";
import { type Starting, startFlows, starting } from "./start-flows.ts";
import { assertPlanned, aWholePlan, withoutKept } from "./what-happened.ts";
import { writeFlow } from "./write-flow.ts";

// `npm run test:nightly` asks for many more.
const CASES = Number(process.env.REPRISE_REVISION_CASES ?? 15);
const seed = Number(process.env.REPRISE_ORACLE_SEED ?? Math.trunc(Math.random() * 2 ** 31));
const TIME_LIMIT_MS = Number(process.env.REPRISE_REVISION_MS ?? 60_000);
const VACUUM_EVERY = 50;

const db = await testDatabase();
let flows = 0;
let replays = 0;
let exitings = 0;

async function endOf(client: ClientBase, executionId: string): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(
    `select t.id || coalesce('[' || array_to_string(r.iteration_path, ',') || ']', '') || ' ' || r.state as line
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

/** What ran and is not the same in another revision, or not in it at all; what only holds others has nothing to run. */
async function newRunsOf(client: ClientBase, executionId: string, other: FlowReference): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `select distinct t.id
    from reprise.task_runs as r
    join reprise.tasks as t on t.key = r.task_key
    where r.execution_id = $1 and r.state <> 'SKIPPED' and not reprise_engine.needs_no_worker(t.kind) and not exists (
      select from reprise.tasks as was
      where was.namespace = t.namespace and was.flow_id = t.flow_id and was.revision = $2 and was.id = t.id and was.fingerprint = t.fingerprint
    )
    order by 1`,
    [executionId, other.revision],
  );
  return rows.map(({ id }) => id);
}

/** Everything that must hold of one made-up flow and one revision of it. */
async function hold(
  client: ClientBase,
  made: MadeFlow,
  starts: readonly Starting[],
  exits: readonly Exiting[],
  changes: readonly Edit[],
): Promise<void> {
  const written = writeFlow(`flow-${randomUUID()}`, made);
  const { fails } = written;
  const exited = exitCalmly(written.source, exits);
  // How far anything comes that runs beside an Exit is a matter of time.
  const text = hasRaces(reviseFlow(exited, changes).source) ? written.source : exited;
  const revised = reviseFlow(text, changes);
  const { source, children } = startFlows(text, starts, []);
  for (const child of children) await aWrittenFlow(client, child);
  // An Exit may end it in any state.
  const ends = text.includes(".execution.Exit")
    ? /SUCCESS|WARNING|FAILED|CANCELLED|KILLED/
    : /SUCCESS|WARNING/;
  const worker = await aHandWorker(client);
  const first = await aWrittenFlow(client, source);
  const good = await anExecution(client, first);
  await worker.drain(well);
  if ((await executionOf(client, good)).exited_by !== null) exitings += 1;
  const bad = await anExecution(client, first);
  // What a handler has failed in is carried, and none to mend.
  const isBad = ({ taskId, begun }: HandRun) => taskId.startsWith("t") && fails(taskId, begun.iteration_path);
  await worker.drain((run) => (isBad(run) ? "FAILED" : well(run)));

  const latest = await aWrittenFlow(client, startFlows(revised.source, starts, [], written.source).source);
  if (latest.revision === first.revision) return;
  const fresh = await anExecution(client, latest);
  await worker.drain(well);
  const wanted = await endOf(client, fresh);

  for (const id of [good, bad]) {
    const plan = await aPlan(client, id, { anchors: ["auto"], revision: "latest" });
    if (!plan.is_runnable) {
      // What is new may stand where nothing comes to.
      if (plan.codes.includes("nothing_reached")) continue;
      assert.ok(plan.codes.includes("nothing_to_replay"), `${plan.codes} stands in its way`);
      if (!revised.changesHandlers)
        assert.deepEqual(await newRunsOf(client, fresh, first), [], "is to be done");
      const { state, exited_by } = await executionOf(client, id);
      assert.ok(state !== "FAILED" || exited_by !== null, "a failure is something to do");
      continue;
    }
    const replay = await aReplay(client, id, {
      anchors: ["auto"],
      revision: "latest",
      plan_hash: plan.plan_hash as string,
    });
    replays += 1;
    await worker.drain(well);
    await assertCounted(client);
    if (!revised.changesHandlers) {
      const ended = await endOf(client, replay.id);
      // A failure that was allowed is none to mend, and carried.
      const seen = (lines: string[]) =>
        id === bad ? lines.map((line) => line.replace(/ WARNING$/, " SUCCESS")) : lines;
      const isExited = (await executionOf(client, replay.id)).exited_by !== null;
      const comparable = isExited ? withoutKept(ended, await endOf(client, id), wanted) : ended;
      assert.deepEqual(seen(comparable), seen(wanted), "it ends as a fresh run of the revision");
    } else assert.match((await executionOf(client, replay.id)).state, ends, "it ends well");
  }

  // From anywhere it comes to an end, and from there on again.
  const { rows } = await client.query<{ id: string }>(
    "select id from reprise.task_runs where execution_id = $1 order by id",
    [bad],
  );
  if (rows.length === 0) return;
  const anchor = rows[changes[0] === undefined ? 0 : changes[0].list % rows.length]?.id as string;
  const plan = await aWholePlan(client, bad, [anchor], "latest");
  if (!plan.is_runnable) return;
  const replay = await aReplay(client, bad, { anchors: [anchor], revision: "latest" });
  await worker.drain(well);
  await assertCounted(client);
  await assertPlanned(client, plan, anchor, replay.id);
  const { state } = await executionOf(client, replay.id);
  assert.match(state, /SUCCESS|WARNING|FAILED|CANCELLED|KILLED/, "it ends");
  if (state !== "FAILED") return;
  const again = await aReplay(client, replay.id, { anchors: ["failed"] });
  await worker.drain(well);
  assert.match((await executionOf(client, again.id)).state, ends, "mended, it ends well");
  await callOne(client, "reprise_api.restart_execution", { execution_id: replay.id });
  await worker.drain(well);
  assert.deepEqual(
    await endOf(client, replay.id),
    await endOf(client, again.id),
    "a restart ends as a replay of what failed",
  );
  await assertCounted(client);
}

describe("a replay on another revision", () => {
  it(`ends as a fresh run does, in ${CASES} made-up flows`, async (context) => {
    context.diagnostic(`seed ${seed}: run again with REPRISE_ORACLE_SEED=${seed}`);
    const property = fc.asyncProperty(
      madeWell,
      starting,
      exitingOften,
      edits,
      async (made, starts, exits, changes) => {
        if (flows++ % VACUUM_EVERY === 0) await db.pool.query("vacuum");
        await db.inTransaction((client) => hold(client, made, starts, exits, changes));
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
