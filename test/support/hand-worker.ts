import type { ClientBase } from "pg";
import { callMany, callOne } from "../../src/db/call.ts";
import type { Task } from "../../src/db/generated.ts";
import { attemptContext } from "../../src/worker/attempt-context.ts";
import { describeError } from "../../src/worker/attempt-error.ts";
import type { Begun } from "../../src/worker/begun.ts";
import { blockSteps } from "../../src/worker/block-steps.ts";
import { SUBFLOW_JOB, tendSubflows } from "../../src/worker/tend-subflows.ts";
import type { Outcome } from "../../src/worker/transitions.ts";
import { runDirectory } from "./hand-directory.ts";
import { type HandStep, handSteps, isLeftOut } from "./hand-steps.ts";

/** An attempt in the hands of a test. */
export interface HandRun {
  begun: Begun;
  task: Task;
  taskId: string;
  number: number;
  try: number;
  /** What the outputs of other tasks look like from here, by task id. */
  outputs: Record<string, unknown>;
}

type State = Outcome["state"];

/** How an attempt ends: its state, or that with what it made. */
export type Scripted = State | { state?: State; outputs?: Record<string, unknown>; error?: Outcome["error"] };

/** How attempts end, by task; of a list, the nth try takes the nth, and later ones the last. What is not named succeeds. */
export type Script = Readonly<Record<string, Scripted | readonly Scripted[]>> | ((run: HandRun) => Scripted);

/** How far to go. */
export interface DrainOptions {
  /** How many attempts it takes over at once from what it finishes, as a worker with room does. */
  room?: number;
  /** At most so many rounds; without it, until nothing waits any more. */
  rounds?: number;
  /** Which executions are left waiting. */
  waits?: (executionId: string) => boolean;
  /** Which attempts are begun and not finished. */
  holds?: (run: HandRun) => boolean;
}

/** A worker that a test moves by hand: no queue, no timers, no processes. It works inside the caller's transaction. */
export interface HandWorker {
  readonly id: number;
  begin(...taskRunIds: string[]): Promise<Begun[]>;
  finish(results: (Partial<Outcome> | Promise<Partial<Outcome>>)[], room?: number): Promise<Begun[]>;
  /**
   * Runs everything that waits, and what follows from it. Time moves on to the next retry when nothing else is left. Gives the
   * attempts that it holds.
   */
  drain(script?: Script, options?: DrainOptions): Promise<HandRun[]>;
  /** How an attempt in hand ends by a script. */
  outcome(run: HandRun, script: Script): Promise<Outcome>;
}

/** Registers a worker that a test moves by hand. */
export async function aHandWorker(
  db: ClientBase,
  { beatMs = 500, fetchesOutputs = false } = {},
): Promise<HandWorker> {
  const id = (await callOne(db, "reprise_engine.register_worker", {
    pool_ids: ["hand"],
    host: "test",
    pid: process.pid,
    version: "0",
    worker_group: null,
    job_identifiers: [],
    concurrency: 1,
    beat_ms: beatMs,
    fetches_outputs: fetchesOutputs,
  })) as number;

  const begin = async (...task_run_ids: string[]) =>
    (await callMany(db, "reprise_engine.begin_attempts", { worker_id: id, task_run_ids })) as Begun[];
  const finish: HandWorker["finish"] = async (given, room = 0) => {
    const results = await Promise.all(given);
    return (await callMany(db, "reprise_engine.finish_attempts", {
      worker_id: id,
      attempt_ids: results.map(({ attemptId }) => attemptId as string),
      outcomes: results.map(({ state }) => state ?? "SUCCESS"),
      outputs: results.map(({ outputs }) => outputs ?? null),
      errors: results.map(({ error }) => error ?? null),
      room,
      accepted: ["test.Task"],
    })) as Begun[];
  };

  const tasks = new Map<number, Task>();
  /** The outcome of an attempt; a WorkingDirectory runs its tasks for that. Undefined where one of these is held. */
  const end = async (run: HandRun, script: Script, holds: (run: HandRun) => boolean, held: HandRun[]) => {
    if (run.task.kind !== "WORKING_DIRECTORY") return outcomeOf(run, script);
    const outcome = await runDirectory({
      db,
      workerId: id,
      block: run.begun,
      async outcomeOf(begun) {
        const [child] = await look(db, tasks, [begun]);
        if (child === undefined || !holds(child)) return child && outcomeOf(child, script);
        held.push(child);
        return undefined;
      },
    });
    if (outcome === undefined) held.push(run);
    return outcome;
  };
  return {
    id,
    begin,
    finish,
    outcome: outcomeOf,
    async drain(
      script = {},
      { room = 0, rounds = Number.POSITIVE_INFINITY, waits, holds = () => false } = {},
    ) {
      const held: HandRun[] = [];
      let begun: Begun[] = [];
      for (let round = 0; round < rounds; round += 1) {
        begun = [...begun, ...(await begin(...(await findDue(db, waits))))];
        if (begun.length === 0) {
          if ((await tend(db)) || (await wakeNext(db))) continue;
          break;
        }
        const runs = Map.groupBy(await look(db, tasks, begun), holds);
        held.push(...(runs.get(true) ?? []));
        const results: Outcome[] = [];
        for (const run of runs.get(false) ?? []) {
          const outcome = await end(run, script, holds, held);
          if (outcome !== undefined) results.push(outcome);
        }
        begun = await finish(results, room);
      }
      return held;
    },
  };
}

/** Takes the jobs between parents and children; false when there are none. */
export async function tend(db: ClientBase): Promise<boolean> {
  const parents = await takeJobs(db, SUBFLOW_JOB, "id");
  if (parents.length > 0) await tendSubflows(db, parents, { envs: {} });
  const orphaning = await takeJobs(db, "reprise.Orphans", "executionId");
  for (const execution_id of orphaning) await callOne(db, "reprise_engine.kill_orphans", { execution_id });
  return parents.length + orphaning.length > 0;
}

/** Takes the jobs of one kind, and gives what they name. */
async function takeJobs(db: ClientBase, identifier: string, names: string): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `with taken as (
      delete from graphile_worker._private_jobs as j
      using graphile_worker._private_tasks as t
      where t.id = j.task_id and t.identifier = $1
      returning j.payload ->> $2 as id
    )
    select distinct id from taken order by id`,
    [identifier, names],
  );
  return rows.map(({ id }) => id);
}

/** What may begin now. When only retries are left, the clock of the session moves on to the next of them. */
async function findDue(
  db: ClientBase,
  waits: (executionId: string) => boolean = () => false,
): Promise<string[]> {
  const { rows } = await db.query<{
    id: string;
    execution_id: string;
    has_job: boolean;
    wait_ms: number;
    retry_at: string;
  }>(
    `select r.id, r.execution_id, j.id is not null as has_job,
      coalesce(extract(epoch from r.retry_at - reprise_engine.clock())::float * 1000, 0) as wait_ms,
      r.retry_at::text
    from reprise.executions as e
    join reprise.task_runs as r on r.execution_id = e.id
    left join graphile_worker.jobs as j
      on j.key = 'task_run:' || r.id and j.run_at <= coalesce(r.retry_at, now())
    join reprise.tasks as t on t.key = r.task_key
    left join reprise.tasks as around on around.key = t.parent_key
    where (e.state in ('CREATED', 'RUNNING', 'PAUSED', 'BREAKPOINT', 'RESTARTED') and not e.is_held or e.is_finishing)
      and r.state in ('CREATED', 'RESTARTED', 'RETRYING') and r.is_put_off is null
      -- What stands in a WorkingDirectory is begun by whoever runs that.
      and (around.kind is distinct from 'WORKING_DIRECTORY' or t.branch <> 'tasks')
    order by r.id`,
  );
  const forgotten = rows.filter(({ has_job }) => !has_job).map(({ id }) => id);
  if (forgotten.length > 0) throw new Error(`No job for the waiting task runs ${forgotten}.`);

  const waiting = rows.filter(({ execution_id }) => !waits(execution_id));
  const next = waiting.toSorted((a, b) => a.wait_ms - b.wait_ms)[0];
  if (next !== undefined && next.wait_ms > 0) {
    await db.query("select set_config('reprise.now', $1, true)", [next.retry_at]);
    return await findDue(db, waits);
  }
  return waiting.filter(({ wait_ms }) => wait_ms <= 0).map(({ id }) => id);
}

/** The clock of the session moves on to the next thing that waits for its time, and that goes on. Says whether there was any. */
async function wakeNext(db: ClientBase): Promise<boolean> {
  const { rows } = await db.query<{ due_at: string | null }>(
    `select greatest(min(due_at), reprise_engine.clock())::text as due_at
    from (
      select due_at from reprise.loops
      union all select due_at from reprise.pauses
      union all select schedule_date from reprise.executions where is_scheduled and parent_task_run_id is not null
      union all select retry_at from reprise.executions where retry_at is not null
    ) as waiting
    having min(due_at) is not null`,
  );
  const dueAt = rows[0]?.due_at;
  if (dueAt === undefined) return false;
  await db.query("select set_config('reprise.now', $1, true)", [dueAt]);
  await callOne(db, "reprise_engine.wake_due", {});
  const children = await db.query<{ id: string }>(
    `select id from reprise.executions
    where is_scheduled and parent_task_run_id is not null and schedule_date <= reprise_engine.clock() order by id`,
  );
  for (const { id } of children.rows)
    await callOne(db, "reprise_engine.start_scheduled", { execution_id: id });
  const retried = await db.query<{ id: string }>(
    "select id from reprise.executions where retry_at <= reprise_engine.clock() order by id",
  );
  for (const { id } of retried.rows)
    await callOne(db, "reprise_engine.retry_execution", { execution_id: id });
  return true;
}

/** What is in hand with attempts that were begun; their tasks are read once. */
export async function look(db: ClientBase, known: Map<number, Task>, begun: Begun[]): Promise<HandRun[]> {
  const missing = begun.map(({ task_key }) => task_key).filter((key) => !known.has(key));
  for (const task of await callMany(db, "reprise_engine.read_tasks", { task_keys: missing }))
    known.set(task.key, task);
  const { rows } = await db.query<{ id: string; try: number }>(
    "select id, try from reprise.attempts where id = any ($1)",
    [begun.map(({ attempt_id }) => attempt_id)],
  );
  const tries = new Map(rows.map((row) => [row.id, row.try]));
  return begun.map((attempt) => {
    const task = known.get(attempt.task_key) as Task;
    const read = (attempt.outputs ?? []) as [string, string[] | null, string, unknown][];
    return {
      begun: attempt,
      task,
      taskId: task.id,
      number: attempt.number,
      try: tries.get(attempt.attempt_id) as number,
      outputs: Object.fromEntries(read.map(([taskId, , , outputs]) => [taskId, outputs])),
    };
  });
}

async function outcomeOf(run: HandRun, script: Script): Promise<Outcome> {
  const attemptId = run.begun.attempt_id;
  const step = handSteps.get(run.task.kind) ?? blockSteps.get(run.task.kind);
  if (step !== undefined) return isLeftOut(run) ? { attemptId, state: "SKIPPED" } : await chosen(run, step);
  const scripted = typeof script === "function" ? script(run) : choose(script[run.taskId], run.try);
  const ending = typeof scripted === "string" ? { state: scripted } : scripted;
  const state = ending.state ?? "SUCCESS";
  if (state === "SUCCESS" || state === "WARNING" || state === "RUNNING") {
    const outputs = ending.outputs ?? { value: `${run.taskId} ${run.number}` };
    return { attemptId, state, outputs };
  }
  if (state === "SKIPPED") return { attemptId, state };
  return {
    attemptId,
    state,
    error: ending.error ?? { reason: "scripted", message: `${run.taskId} failed.` },
  };
}

/** A block finds out what it has to run as it does at a real worker. */
async function chosen({ begun, task }: HandRun, step: HandStep): Promise<Outcome> {
  const attemptId = begun.attempt_id;
  try {
    const found = await step(task, attemptContext(begun, task, { envs: {} }), begun);
    const state = task.kind === "LOOP_OUTPUTS" ? "SUCCESS" : "RUNNING";
    return { attemptId, state: found.error === undefined ? state : "FAILED", ...found };
  } catch (error) {
    return { attemptId, state: "FAILED", error: describeError(error) };
  }
}

function choose(ending: Scripted | readonly Scripted[] | undefined, nth: number): Scripted {
  if (ending === undefined) return {};
  if (!Array.isArray(ending)) return ending as Scripted;
  return ending[Math.min(nth, ending.length) - 1] as Scripted;
}
