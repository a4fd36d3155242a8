import assert from "node:assert/strict";
import type { PlannedTask } from "./plan-all.ts";
import type { Ran, RanTask } from "./read-all.ts";
import type { Happened, Replayed } from "./run-cases.ts";

/** Holds everything that happened in a case to what replay means. */
export function judge(happened: Happened): void {
  const { made, fresh, model, original, replays, dumps } = happened;
  assert.deepEqual(fresh[0].ending, model[0], "a fresh run of the first revision ends as the model does");
  assert.deepEqual(fresh[1].ending, model[1], "a fresh run of the second revision ends as the model does");
  for (const ran of [original, ...fresh]) isSound(ran);
  if (made.fate === "RUNS" || made.fate === "LOST" || made.fate === "RUNNING" || made.isRestarted)
    if (original.state !== "KILLED")
      assert.deepEqual(original.ending, model[0], "the original ends as the model does");
  assert.deepEqual(dumps?.[1], dumps?.[0], "replays change nothing of the original");
  for (const replay of replays) judgeReplay(happened, replay);
}

function judgeReplay({ fresh, replays }: Happened, replay: Replayed): void {
  const { planned, ran, isEqual, anchor, revision, generation } = replay;
  const what = `the replay from ${anchor} on revision ${revision}, generation ${generation}`;
  const expected = fresh[revision - 1] as Ran;
  const line = replays.filter((one) => one.ran?.id === replay.executionId).map((one) => one.before);
  for (const { task, disposition, number } of planned.tasks) {
    const counted = [replay.before, ...line].map(({ runs }) => runs[task]?.number ?? 0);
    if (["RERUN", "NEW"].includes(disposition))
      assert.equal(number, Math.max(...counted) + 1, `${what} counts on for ${task}`);
  }

  if (ran === undefined) {
    if (isEqual) isRightlyBlocked(replay, expected, what);
    return;
  }
  isSound(ran);
  const attempts = replay.isRestarted ? 2 : 1;
  assert.equal(ran.attempt, replay.before.attempt + attempts, `${what} counts its attempt`);
  if (isEqual) assert.deepEqual(ran.ending, expected.ending, `${what} ends as a fresh run`);
  for (const row of planned.tasks) {
    // A restart goes on from the failures that were carried.
    if (!replay.isRestarted || !["CARRIED_FAILED", "NOT_REACHED"].includes(row.disposition))
      happenedAsPlanned(row, ran.runs[row.task], replay, what);
  }
  const states = planned.tasks.map(({ task }) => ran.runs[task]?.state);
  const behind = states.includes("FAILED") ? planned.tasks.slice(states.indexOf("FAILED") + 1) : [];
  for (const { task } of behind)
    assert.deepEqual(ran.runs[task]?.numbers ?? [], [], `${what}: ${task} stands behind a failure`);
  const unplanned = Object.keys(ran.runs).filter((id) => !planned.tasks.some(({ task }) => task === id));
  assert.deepEqual(unplanned, [], `${what} has no task runs beyond its plan`);
}

/** A plan that is blocked would have led nowhere else than its original. */
function isRightlyBlocked({ planned, before }: Replayed, expected: Ran, what: string): void {
  const [code, ...others] = planned.codes;
  assert.deepEqual(others, [], what);
  if (code === "nothing_reached") {
    assert.ok(
      Object.values(before.runs).some(({ state }) => state === "FAILED"),
      `${what} stands behind a failure`,
    );
    assert.equal(expected.state, "FAILED", `${what} stands behind a failure`);
  } else if (code === "nothing_failed") {
    const hasFailed = Object.values(before.runs).some(({ state }) => ["FAILED", "KILLED"].includes(state));
    assert.equal(hasFailed || before.state === "KILLED", false, `${what} has nothing that failed`);
  } else if (code !== "nothing_to_replay") {
    assert.fail(`${what} is blocked by ${code}`);
  } else {
    assert.notEqual(before.state, "KILLED", `${what} has something to do`);
    if (["SUCCESS", "WARNING"].includes(before.state))
      assert.deepEqual(before.ending, expected.ending, `${what} has nothing to do`);
  }
}

/** What a plan says of a task is what then happened to it. */
function happenedAsPlanned(row: PlannedTask, ran: RanTask | undefined, replay: Replayed, what: string): void {
  const where = `${what}: ${row.task} was planned ${row.disposition} ${row.reason}`;
  if (["REMOVED", "NOT_REACHED"].includes(row.disposition)) {
    assert.equal(ran, undefined, where);
  } else if (row.disposition.startsWith("CARRIED")) {
    assert.ok(ran, where);
    const expected = [true, row.state, row.attempt, row.number ?? 0, []];
    assert.deepEqual([ran.isCarried, ran.state, ran.carried, ran.number, ran.numbers], expected, where);
    assert.equal(ran.digest, replay.before.runs[row.task]?.digest, where);
  } else if (ran === undefined) {
    // Something before it failed this time.
    assert.equal(replay.ran?.state, "FAILED", where);
  } else {
    assert.ok(["RERUN", "NEW"].includes(row.disposition), where);
    assert.deepEqual([ran.isCarried, ran.carried, ran.original], [false, null, row.taskRun], where);
    if (ran.numbers.length > 0) assert.equal(ran.numbers[0], row.number, where);
  }
}

/** What holds for every execution that has ended: counters, numbers, verdict. */
function isSound(ran: Ran): void {
  const where = `execution ${JSON.stringify(ran.ending)}`;
  assert.ok(ran.hasEnded, `${where} has ended`);
  const states = Object.values(ran.runs).map(({ state }) => state);
  if (ran.state !== "KILLED") assert.equal(ran.state, worst(states), where);
  for (const [id, run] of Object.entries(ran.runs)) {
    const at = `${where}, task ${id}`;
    const { numbers, number } = run;
    const counted = numbers.map((_, index) => (numbers[0] as number) + index);
    assert.deepEqual(numbers, counted, `${at} counts one by one`);
    if (numbers.length > 0) assert.equal(number, numbers.at(-1), `${at} knows its last number`);
    if (run.isCarried) assert.deepEqual([run.try, numbers], [0, []], `${at} is carried`);
    else if (!run.states.includes("RESUBMITTED"))
      assert.ok(run.try <= numbers.length, `${at} counts its tries`);
  }
}

function worst(states: string[]): string {
  return ["KILLED", "FAILED", "WARNING"].find((state) => states.includes(state)) ?? "SUCCESS";
}
