import type { ClientBase } from "pg";
import { callOne } from "../../src/db/call.ts";
import { aFlow, aRevision, type FlowReference } from "../support/a-flow.ts";
import { dumpOf } from "../support/dump.ts";
import { aHandWorker, type HandRun, type HandWorker } from "../support/hand-worker.ts";
import { type Asked, type Planned, planAll, replayAll } from "./plan-all.ts";
import { type Ran, readAll } from "./read-all.ts";
import {
  behave,
  type Case,
  type Ending,
  edited,
  firstChange,
  flowOf,
  type MadeTask,
  modelOf,
} from "./sequence.ts";

/** One replay of a case: what was asked for, what was planned, and what came of it. */
export interface Replayed extends Asked {
  planned: Planned;
  /** Undefined where the plan is blocked. */
  ran: Ran | undefined;
  /** How the original stood when the plan was made. */
  before: Ran;
  /** Whether it failed and was restarted; then `ran` is what came of that. */
  isRestarted: boolean;
}

/** Everything that happened in a case. */
export interface Happened {
  made: Case;
  original: Ran;
  /** Fresh runs of both revisions, by the engine. */
  fresh: [Ran, Ran];
  /** The same, by the model. */
  model: [Ending, Ending];
  replays: Replayed[];
  /** The rows of the original before and after its replays, when nothing else had to happen to it. */
  dumps: [unknown, unknown] | undefined;
}

/** Runs cases side by side, each with many replays of its original, and tells all that happened. */
export async function runCases(db: ClientBase, cases: Case[]): Promise<Happened[]> {
  const worker = await aHandWorker(db);
  const stages: Stage[] = [];
  for (const made of cases) stages.push(await begin(db, made));

  const held = await runOriginals(db, worker, stages);
  for (const stage of stages) stage.dump = await dumpOf(db, stage.original);
  // They go on only when their replays are done.
  const unfinished = new Set(
    stages.filter(({ made }) => made.fate === "RUNNING").map(({ original }) => original),
  );
  const first = await replay(
    db,
    worker,
    stages.flatMap((stage) => askedOf(stage)),
    cases,
    unfinished,
  );
  const second = await replay(db, worker, again(first), cases, unfinished);

  const dumps = new Map<Stage, unknown>();
  for (const stage of stages) dumps.set(stage, await dumpOf(db, stage.original));
  await worker.finish(held.map((run) => worker.outcome(run, behave)));
  await worker.drain(behave);

  const ran = await readAll(
    db,
    stages.flatMap(({ original, fresh }) => [original, ...fresh]),
  );
  const look = (id: string) => ran.get(id) as Ran;
  const replays = [...first, ...second];
  return stages.map((stage) => ({
    made: stage.made,
    original: look(stage.original),
    fresh: [look(stage.fresh[0]), look(stage.fresh[1])],
    model: stage.model,
    replays: replays.filter(({ of }) => of === stage.made),
    dumps: [stage.dump, dumps.get(stage)],
  }));
}

interface Stage {
  made: Case;
  flow: FlowReference;
  original: string;
  fresh: [string, string];
  model: [Ending, Ending];
  next: MadeTask[];
  dump?: unknown;
}

async function begin(db: ClientBase, made: Case): Promise<Stage> {
  const next = edited(made);
  const create = async (flow: FlowReference) =>
    (
      await callOne(db, "reprise_api.create_execution", {
        namespace: flow.namespace,
        flow_id: flow.id,
        revision: flow.revision,
        inputs: { i: made.input },
      })
    ).id;
  const flow = await aFlow(db, flowOf(made.tasks, made.variable, 1));
  const later = await aRevision(db, flow, flowOf(next, made.nextVariable, 2));
  return {
    made,
    flow,
    next,
    original: await create(flow),
    fresh: [await create(flow), await create(later)],
    model: [modelOf(made.tasks, made.input, made.variable), modelOf(next, made.input, made.nextVariable)],
  };
}

/** Runs every original to its fate, and the fresh executions to their ends. Gives the attempts that still run. */
async function runOriginals(db: ClientBase, worker: HandWorker, stages: Stage[]): Promise<HandRun[]> {
  const byId = new Map(stages.map((stage) => [stage.original, stage.made]));
  const finished = new Map<string, number>();
  const isOver = (id: string) => {
    const made = byId.get(id);
    return made !== undefined && made.fate !== "RUNS" && (finished.get(id) ?? 0) >= made.after;
  };
  let held: HandRun[] = [];
  // Those that go on with what follows and those that do not take turns.
  for (const hasRoom of [false, true]) {
    const isTheirTurn = (id: string) => (byId.get(id)?.hasRoom ?? false) === hasRoom;
    const some = await worker.drain(
      (run) => {
        const id = run.begun.execution_id;
        finished.set(id, (finished.get(id) ?? 0) + 1);
        return behave(run);
      },
      {
        room: hasRoom ? 1000 : 0,
        waits: (id) => !isTheirTurn(id) || (isOver(id) && byId.get(id)?.fate === "KILLED_WAITING"),
        holds: ({ begun }) => isOver(begun.execution_id),
      },
    );
    held = [...held, ...some];
  }
  return await meetFates(db, worker, stages, held);
}

async function meetFates(
  db: ClientBase,
  worker: HandWorker,
  stages: Stage[],
  held: HandRun[],
): Promise<HandRun[]> {
  const fates = new Map(stages.map(({ original, made }) => [original, made.fate]));
  const withFate = (...wanted: string[]) =>
    held.filter(({ begun }) => wanted.includes(fates.get(begun.execution_id) as string));
  const alive = new Set(
    (
      await db.query<{ id: string }>(
        "select id from reprise.executions where id = any ($1) and ended_at is null",
        [[...fates.keys()]],
      )
    ).rows.map(({ id }) => id),
  );
  for (const { original, made } of stages) {
    if (made.fate.startsWith("KILLED") && alive.has(original))
      await callOne(db, "reprise_api.kill_execution", { execution_id: original });
  }
  await worker.finish([
    ...withFate("KILLED_RUNNING").map(({ begun }) => ({
      attemptId: begun.attempt_id,
      state: "KILLED" as const,
    })),
    ...withFate("KILLED_LATE", "KILLED_WAITING").map((run) => worker.outcome(run, behave)),
  ]);
  const lost = withFate("LOST").map(({ begun }) => begun.attempt_id);
  await callOne(db, "reprise_engine.resubmit_attempts", { attempt_ids: lost });
  const waits = (id: string) => fates.get(id) === "RUNNING";
  await worker.drain(behave, { waits });

  for (const { original, made } of stages) {
    const { rows } = await db.query<{ state: string }>("select state from reprise.executions where id = $1", [
      original,
    ]);
    if (made.isRestarted && ["FAILED", "KILLED"].includes(rows[0]?.state ?? ""))
      await callOne(db, "reprise_api.restart_execution", { execution_id: original });
  }
  await worker.drain(behave, { waits });
  return withFate("RUNNING");
}

/** From everywhere, on both revisions. */
function askedOf({ made, original, next }: Stage): Asked[] {
  const anchors = (tasks: MadeTask[]) => [
    "start",
    "failed",
    "auto",
    ...tasks.filter(({ isDisabled }) => !isDisabled).map(({ id }) => `task:${id}`),
  ];
  const change = firstChange(made);
  const ask = (revision: number, isEqual: (anchor: string) => boolean) => (anchor: string) => ({
    of: made,
    executionId: original,
    revision,
    anchor,
    isEqual: isEqual(anchor),
    // A replay from the start on another revision is a fresh run; so is one from the first change.
    generation: 1,
  });
  const onlyGrows = made.edits.every(({ kind }) => kind === "CHANGE" || kind === "INSERT");
  return [
    ...anchors(made.tasks).map(ask(1, () => true)),
    ...anchors(next).map(
      ask(
        2,
        (anchor) => anchor === "start" || anchor === `task:${change}` || (anchor === "auto" && onlyGrows),
      ),
    ),
  ];
}

async function replay(
  db: ClientBase,
  worker: HandWorker,
  asked: Asked[],
  cases: Case[],
  unfinished: ReadonlySet<string>,
): Promise<Replayed[]> {
  const before = await readAll(db, [...new Set(asked.map(({ executionId }) => executionId))]);
  const planned = await planAll(db, asked);
  const ids = await replayAll(db, asked, planned);
  const hasRoom = cases.some((made) => made.hasRoom);
  const drain = () => worker.drain(behave, { room: hasRoom ? 1000 : 0, waits: (id) => unfinished.has(id) });
  await drain();
  const restarted = await restart(
    db,
    ids.filter((id, index) => id !== undefined && asked[index]?.of.isRestarted === true) as string[],
  );
  await drain();
  const ran = await readAll(
    db,
    ids.filter((id) => id !== undefined),
  );
  return asked.map((one, index) => ({
    ...one,
    planned: planned[index] as Planned,
    ran: ran.get(ids[index] ?? ""),
    before: before.get(one.executionId) as Ran,
    isRestarted: restarted.has(ids[index] ?? ""),
  }));
}

/** Restarts those of them that failed. */
async function restart(db: ClientBase, ids: string[]): Promise<Set<string>> {
  const { rows } = await db.query<{ id: string }>(
    `select r.id
    from (select e.id from reprise.executions as e where e.id = any ($1) and e.state = 'FAILED') as e
    cross join lateral reprise_api.restart_execution(e.id) as r`,
    [ids],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Some of the replays are replayed again, on the revision that they ran on. */
function again(replays: Replayed[]): Asked[] {
  return [...Map.groupBy(replays, ({ of }) => of)].flatMap(([of, theirs]) => {
    const ran = theirs.filter((one) => one.ran !== undefined && one.isEqual);
    const one = ran[of.pick % Math.max(1, ran.length)];
    if (one?.ran === undefined) return [];
    const tasks = Object.keys(one.ran.runs);
    const chosen = tasks.length === 0 ? [] : [`task:${tasks[of.pick % tasks.length]}`];
    const anchors = ["start", "failed", "auto", ...chosen];
    return anchors.map((anchor) => ({
      of,
      executionId: one.ran?.id as string,
      revision: one.revision,
      anchor,
      isEqual: true,
      generation: 2,
    }));
  });
}
