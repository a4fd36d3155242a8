import assert from "node:assert/strict";
import type { ClientBase } from "pg";
import { callOne } from "../../src/db/call.ts";
import type { TaskKind } from "../../src/db/generated.ts";
import { aPlan, executionOf, type ReadPlan } from "../support/an-execution.ts";
import { wasStopped } from "./counted.ts";

/** A task run as it counts here: what is left out must differ. */
export interface Run {
  name: string;
  id: string;
  state: string;
  is_carried: boolean;
  /** A carried block that was opened again. */
  is_reopened: boolean;
  in_handler: boolean;
  kind: TaskKind;
  is_loop: boolean;
  attempt_number: number;
  /** How many of its attempts were lost with their worker. */
  lost_count: number;
  /** Whether it renders the outputs of an iteration. */
  is_output: boolean;
  /** What a Loop shows, how the executions that a ForEachItem started have ended, and what it gathers of them. */
  outputs: string | null;
}

/** The task runs of an execution by their names, the steps that people are not shown among them. */
export async function runsOf(client: ClientBase, executionId: string): Promise<Run[]> {
  const { rows } = await client.query<Run>(
    `with recursive handled (key) as (
      select t.key from reprise.tasks as t where t.is_handler
      union
      select t.key from handled as h join reprise.tasks as t on t.parent_key = h.key
    )
    select t.id || coalesce('[' || array_to_string(r.iteration_path, ',') || ']', '') as name, r.id, r.state, r.is_carried, (
        r.is_carried and (r.ended_at is distinct from r.created_at or exists (select from reprise.blocks as b where b.task_run_id = r.id))
      ) as is_reopened, r.attempt_number,
      t.key in (select h.key from handled as h) as in_handler, t.kind, t.type like '%.flow.Loop' as is_loop, t.branch = 'outputs' as is_output,
      (select count(*)::integer from reprise.attempts as lost where lost.task_run_id = r.id and lost.state = 'RESUBMITTED') as lost_count,
      case
        -- As it shows: one that goes on, or was stopped, says nothing of an end that it had before.
        when t.type like '%.flow.Loop' then (select v.outputs::text from reprise_api.task_runs as v where v.id = r.id offset 0)
        when t.type like '%ForEachItem$ForEachItemExecutable' then a.outputs ->> 'iterations'
        when t.type like '%ForEachItem$ForEachItemMergeOutputs'
          then (select json_agg(s.outputs order by s.iteration)::text from reprise_engine.read_subflow_outputs(r.id, -1) as s)
      end as outputs
    from reprise.task_runs as r
    join reprise.tasks as t on t.key = r.task_key
    left join reprise.attempts as a on a.id = coalesce(
      r.carried_attempt_id, (select own.id from reprise.attempts as own where own.task_run_id = r.id and own.number = r.attempt_number)
    )
    where r.execution_id = $1
    order by 1`,
    [executionId],
  );
  return rows;
}

/** How an execution ended: each task run with its state, and its own. */
export async function endOf(client: ClientBase, executionId: string): Promise<string[]> {
  const { rows } = await client.query<{ state: string }>(
    "select state from reprise.executions where id = $1",
    [executionId],
  );
  return [
    ...(await runsOf(client, executionId)).map(
      ({ name, state, outputs }) => `${name} ${state}${outputs === null ? "" : ` ${outputs}`}`,
    ),
    `= ${rows[0]?.state}`,
  ];
}

/**
 * What is allowed to fail is nothing to mend, and carried: its warnings count for well, and a Loop counts iterations that ended in one among those.
 * Nor is what failed among the handlers of a block that had ended well.
 */
export const warned = (lines: string[]) =>
  lines.map((line) =>
    line
      .replace("WARNING", "SUCCESS")
      .replace(/"terminatedIterations": [^}]*}/, "")
      .replace(/^(h\d+\S*) FAILED$/, "$1 SUCCESS"),
  );

/**
 * Without what had run behind a child that was killed alone, where that fails this time, or an Exit comes: it is left as it was, or as CANCELLED
 * where it was to be opened again. Whoever runs from the start has not come there.
 */
export function withoutLeft(lines: string[], ended: string[], wanted: string[]): string[] {
  const name = (line: string) => line.replace(/ .*/, "");
  const reached = new Set(wanted.map(name));
  const before = new Set(ended.map(name));
  const isLeft = (line: string) =>
    ended.includes(line) || (/^\S+ CANCELLED\b/.test(line) && before.has(name(line)));
  return lines.filter((line) => reached.has(name(line)) || !isLeft(line));
}

/** Without what had run behind where an Exit comes now: it was carried, or to go on. */
export function withoutKept(lines: string[], original: string[], wanted: string[]): string[] {
  const name = (line: string) => line.replace(/ .*/, "");
  const [had, reached] = [new Set(original.map(name)), new Set(wanted.map(name))];
  return lines.filter((line) => reached.has(name(line)) || !had.has(name(line)));
}

/** No lanes are left open in blocks that have ended, but where they were stopped with all. */
export async function assertClosed(client: ClientBase): Promise<void> {
  const { rows } = await client.query(
    `select b.* from reprise.blocks as b join reprise.task_runs as r on r.id = b.task_run_id
    join reprise.executions as e on e.id = r.execution_id
    where not ${wasStopped} and reprise_engine.is_terminal(r.state::text) and (b.open_lanes <> 0 or r.ended_at is null)`,
  );
  assert.deepEqual(rows, [], "lanes that are still counted as open");
}

const MOST_ANCHORS = 20;
// Each replay of a large flow takes long: many flows find more than many places in one.
const FEWEST_ANCHORS = 6;
const MOST_REPLAYED = 400;

/** Of a large flow some task runs are taken, evenly, and of a very large one fewer. */
export function someOf(runs: Run[]): Run[] {
  const most = Math.max(FEWEST_ANCHORS, Math.min(MOST_ANCHORS, Math.floor(MOST_REPLAYED / runs.length)));
  const every = Math.max(1, Math.ceil(runs.length / most));
  return runs.filter((_, index) => index % every === 0);
}

/** A plan with the steps in it that people are not shown. */
export async function aWholePlan(
  client: ClientBase,
  id: string,
  anchors: string[],
  revision = "original",
): Promise<ReadPlan> {
  const { tasks } = await callOne(client, "reprise_engine.plan_replay", {
    ...{
      execution_id: id,
      anchors,
      revision,
      mode: "DOWNSTREAM",
      inputs: null,
      overrides: {},
    },
  });
  return { ...(await aPlan(client, id, { anchors, revision })), tasks: tasks as ReadPlan["tasks"] };
}

/** The dispositions of a plan, by task and iteration. */
export function dispositionsOf(plan: ReadPlan): Map<string, string> {
  // What has been moved between tasks and handlers is removed in one place, and runs in the other.
  const rows = [
    ...plan.tasks.filter(({ disposition }) => disposition === "REMOVED"),
    ...plan.tasks.filter(({ disposition }) => disposition !== "REMOVED"),
  ];
  return new Map(
    rows.map(({ task_id, iteration_path, disposition, reason }) => [
      `${task_id}${iteration_path === null ? "" : `[${iteration_path}]`}`,
      // A block that is new itself, or asks for its values anew, is not carried, though it goes on.
      disposition === "REOPENED" && ["wraps", "revalued", "rewritten"].includes(reason ?? "")
        ? "NEW"
        : ["kept", "until"].includes(reason ?? "")
          ? "PERHAPS CARRIED"
          : (disposition as string),
    ]),
  );
}

/** A task in a loop whose values are not known yet stands in the plan with those of the loops around it. */
function plannedFor(planned: Map<string, string>, name: string): string | undefined {
  const found = planned.get(name);
  if (found !== undefined || !name.includes("[")) return found;
  return plannedFor(planned, name.includes(",") ? name.replace(/,[^,]*\]$/, "]") : name.replace(/\[.*/, ""));
}

/** Says which task runs are of tasks in loops that find their values anew: what runs for new ones has no row of its own in a plan. */
function inRevalued({ tasks }: ReadPlan): (name: string) => boolean {
  const places = new Set<number>();
  for (const [index, { reason, around }] of tasks.entries())
    if (reason === "revalued" || places.has(around ?? 0)) places.add(index + 1);
  const ids = new Set(tasks.filter((_, index) => places.has(index + 1)).map(({ task_id }) => task_id));
  return (name) => ids.has(name.replace(/\[.*/, ""));
}

/** What happened is what was planned: everything that there is was carried or ran as the plan says. */
export async function assertPlanned(
  client: ClientBase,
  plan: ReadPlan,
  from: string,
  replayId: string,
): Promise<void> {
  const planned = dispositionsOf(plan);
  const isRevalued = inRevalued(plan);
  const happened = await runsOf(client, replayId);
  for (const { name, is_carried, is_reopened, kind, is_loop, state } of happened) {
    const disposition = plannedFor(planned, name) ?? (isRevalued(name) ? "UNKNOWN" : undefined);
    const may = is_carried
      ? [
          ...(is_reopened ? ["REOPENED"] : ["CARRIED", "CARRIED_CHANGED", "CARRIED_FAILED"]),
          // Time stands still here, and does not tell what was to go on, and was not come to, from what was carried so.
          ...(["KILLED", "CANCELLED"].includes(state) ? ["REOPENED"] : []),
          "PERHAPS CARRIED",
        ]
      : [
          "RERUN",
          "NEW",
          "UNKNOWN",
          "PERHAPS CARRIED",
          ...(kind === "LOOP_UNTIL" || is_loop ? ["REOPENED"] : []),
        ];
    assert.ok(
      may.includes(disposition ?? ""),
      `${name} is ${disposition} in the plan of a replay from ${from}`,
    );
  }
  for (const [name, disposition] of planned) {
    if (!/^(CARRIED|REOPENED)/.test(disposition) || isRevalued(name)) continue;
    // A loop that went on has asked for itself whether its condition holds; a Loop may give something else now.
    const isThere = happened.some(
      (one) => one.name === name && (one.is_carried || one.kind === "LOOP_UNTIL" || one.is_loop),
    );
    assert.ok(isThere, `${name} is carried by a replay from ${from}`);
  }
  assertRan(planned, happened, from);
  // One that an Exit has ended does not come to its own end.
  if ((await executionOf(client, replayId)).exited_by === null) assertNumbered(plan, happened, from);
}

/**
 * Whether a task run failed that its plan could not know of: by itself, when it ran. Outputs of iterations that want more than was given do,
 * and a Switch without a case. Blocks that only go on fail by what is carried in them, and their plan knows that.
 */
export const failsAnew = ({ state, is_carried, kind }: Run): boolean =>
  !is_carried &&
  ["FAILED", "RETRIED", "KILLED", "CANCELLED"].includes(state) &&
  kind !== "LOOP_UNTIL" &&
  kind !== "FOR_EACH";

/** Where nothing fails that the plan could not know of, all that it says will run does. */
export function assertRan(planned: Map<string, string>, happened: readonly Run[], from: string): void {
  if (happened.some(failsAnew)) return;
  const names = new Set(happened.map(({ name }) => name));
  for (const [name, disposition] of planned)
    if (["RERUN", "NEW"].includes(disposition))
      assert.ok(names.has(name), `${name} is ${disposition}, and runs in a replay from ${from}`);
}

const WELL: ReadonlySet<string> = new Set(["SUCCESS", "WARNING", "SKIPPED"]);

/** Where all that ran went well, Loops that went on show the attempts that were planned. */
function assertNumbered(plan: ReadPlan, happened: readonly Run[], from: string): void {
  if (happened.some(({ state, is_carried }) => !is_carried && !WELL.has(state))) return;
  const loops = new Map(happened.filter(({ is_loop }) => is_loop).map((run) => [run.name, run]));
  for (const { task_id, iteration_path, disposition, attempt_number } of plan.tasks) {
    const name = `${task_id}${iteration_path === null ? "" : `[${iteration_path}]`}`;
    const run = loops.get(name);
    if (run === undefined || run.state === "KILLED" || disposition !== "REOPENED" || attempt_number === null)
      continue;
    const planned = attempt_number + run.lost_count;
    assert.equal(run.attempt_number, planned, `the attempt of ${name} in a replay from ${from}`);
  }
}
