import type { ClientBase } from "pg";
import { type Arguments, callOne, type Database } from "../../src/db/call.ts";
import type { Execution, ReplayPlan, ReplayPlanTask } from "../../src/db/generated.ts";
import type { FlowReference } from "./a-flow.ts";
import { aHandWorker, type DrainOptions, type Script } from "./hand-worker.ts";

/** Starts an execution of the latest revision of a flow. Nothing of it runs yet. */
export async function anExecution(
  db: Database,
  flow: FlowReference,
  rest: Partial<Arguments<"reprise_api.create_execution">> = {},
): Promise<string> {
  const { id } = await callOne(db, "reprise_api.create_execution", {
    namespace: flow.namespace,
    flow_id: flow.id,
    ...rest,
  });
  return id;
}

/** Runs an execution by hand as the script says, to its end or for some rounds, and gives its id. */
export async function anEndedExecution(
  db: ClientBase,
  flow: FlowReference,
  script: Script = {},
  rest: Partial<Arguments<"reprise_api.create_execution">> & DrainOptions = {},
): Promise<string> {
  const { room, rounds, ...given } = rest;
  const id = await anExecution(db, flow, given);
  const worker = await aHandWorker(db);
  await worker.drain(script, {
    ...(room === undefined ? {} : { room }),
    ...(rounds === undefined ? {} : { rounds }),
  });
  return id;
}

/** Replays by `replay_execution`. Nothing of the replay runs yet. */
export async function aReplay(
  db: Database,
  executionId: string,
  rest: Omit<Arguments<"reprise_api.replay_execution">, "execution_id"> = {},
): Promise<Execution> {
  return await callOne(db, "reprise_api.replay_execution", { execution_id: executionId, ...rest });
}

/** A plan with its tasks by id. */
export interface ReadPlan extends Omit<ReplayPlan, "tasks"> {
  tasks: ReplayPlanTask[];
  /** `CARRIED unchanged`, `RERUN after a`, by task. */
  brief: Record<string, string>;
  codes: string[];
}

/** Plans by `replay_plan`. */
export async function aPlan(
  db: Database,
  executionId: string,
  rest: Omit<Arguments<"reprise_api.replay_plan">, "execution_id"> = {},
): Promise<ReadPlan> {
  const plan = await callOne(db, "reprise_api.replay_plan", { execution_id: executionId, ...rest });
  const tasks = (plan.tasks ?? []) as ReplayPlanTask[];
  const brief = tasks.map(({ task_id, disposition, reason, because_of }) => [
    task_id,
    [disposition, reason, because_of].filter((word) => word !== null).join(" "),
  ]);
  return {
    ...plan,
    tasks,
    brief: Object.fromEntries(brief),
    codes: (plan.problems ?? []).map((problem) => problem?.code as string),
  };
}

/** An execution's row. */
export async function executionOf(db: Database, id: string): Promise<Execution> {
  const { rows } = await db.query<Execution>("select * from reprise.executions where id = $1", [id]);
  return rows[0] as Execution;
}

/** A task run as a person sees it. */
export interface SeenTaskRun {
  id: string;
  state: string;
  attempt_number: number;
  try: number;
  is_carried: boolean;
  carried_attempt_id: string | null;
  original_id: string | null;
  outputs: unknown;
  error: unknown;
  /** State and number of each attempt of its own. */
  attempts: string[];
}

/** The task runs of an execution by task id, system steps included. */
export async function taskRunsOf(db: Database, executionId: string): Promise<Record<string, SeenTaskRun>> {
  const { rows } = await db.query<SeenTaskRun & { task_id: string }>(
    `select t.id as task_id, r.id, r.state, r.attempt_number, r.try, r.is_carried, r.carried_attempt_id, r.original_id,
      shown.outputs, shown.error,
      array(
        select own.number || ' ' || own.state from reprise.attempts as own where own.task_run_id = r.id order by own.number
      ) as attempts
    from reprise.task_runs as r
    join reprise.tasks as t on t.key = r.task_key
    left join reprise.attempts as shown on shown.id = coalesce(
      r.carried_attempt_id,
      (select a.id from reprise.attempts as a where a.task_run_id = r.id and a.number = r.attempt_number)
    )
    where r.execution_id = $1
    order by r.id`,
    [executionId],
  );
  return Object.fromEntries(rows.map(({ task_id, ...row }) => [task_id, row]));
}

/** The states of an execution's task runs by task, and its own under `execution`. */
export async function statesOf(db: Database, executionId: string): Promise<Record<string, string>> {
  const runs = await taskRunsOf(db, executionId);
  const { state } = await executionOf(db, executionId);
  return {
    execution: state,
    ...Object.fromEntries(Object.entries(runs).map(([id, run]) => [id, run.state])),
  };
}

/** Moves the clock of the transaction. */
export async function travelTo(db: ClientBase, at: Date | string): Promise<void> {
  const text = typeof at === "string" ? at : at.toISOString();
  await db.query("select set_config('reprise.now', $1, true)", [text]);
}
