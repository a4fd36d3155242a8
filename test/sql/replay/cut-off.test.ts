import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import type { ReplayPlanTask } from "../../../src/db/generated.ts";
import { anExecution, aPlan, aReplay, executionOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type Script } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "../blocks/block-flows.ts";

const db = await testDatabase();
const exit = (rest = "") => `{ id: exit, type: io.kestra.plugin.core.execution.Exit${rest} }`;
const sequential = (id: string, tasks: string[], rest = "") =>
  block(id, "Sequential", `tasks: [${tasks.join(", ")}]${rest}`);
const parallel = (id: string, tasks: string[], rest = "") =>
  block(id, "Parallel", `tasks: [${tasks.join(", ")}]${rest}`);

const handlers = `errors: [${log("e")}]\nfinally: [${log("f")}]\nafterExecution: [${log("x1")}, ${log("x2")}]`;
const blockHandlers = `, errors: [${log("se")}], finally: [${log("sf")}]`;
const bodies: Record<string, string> = {
  "in a sequence": `tasks: [${log("a")}, ${exit()}, ${log("n")}]`,
  "in blocks": `tasks: [${log("a")}, ${sequential("s", [block("i", "If", `condition: true, then: [${log("b")}, ${exit()}, ${log("c")}]`), log("d")], blockHandlers)}, ${log("n")}]`,
  "in an iteration": `tasks: [${block("l", "ForEach", `values: [1, 2, 3], tasks: [${log("b")}, ${block("i", "If", `condition: "{{ taskrun.value == '2' }}", then: [${exit()}]`)}, ${log("c")}]`)}, ${log("n")}]`,
  "beside other branches": `tasks: [${parallel("p", [sequential("s", [log("b"), exit(), log("c")], blockHandlers), log("o"), sequential("t", [log("t1"), log("t2"), log("t3"), log("t4")])])}, ${log("n")}]`,
  "in a Loop": `tasks: [${block("l", "Loop", `values: [1, 2, 3], tasks: [${log("b")}, ${block("i", "If", `condition: "{{ item.value == '2' }}", then: [${exit()}]`)}, ${log("c")}], errors: [${log("le")}], finally: [${log("lf")}]`)}, ${log("n")}]`,
  "in a Loop at once": `tasks: [${block("l", "Loop", `values: [1, 2, 3], concurrencyLimit: 0, tasks: [${block("i", "If", `condition: "{{ item.value == '2' }}", then: [${exit()}], else: [${log("y")}, ${log("z")}]`)}], outputs: [{ id: o, value: "{{ item.index }}" }], finally: [${log("lf")}]`)}, ${log("n")}]`,
  "in iterations at once": `tasks: [${block("l", "ForEach", `values: [1, 2, 3], concurrencyLimit: 0, tasks: [${log("b")}, ${block("i", "If", `condition: "{{ taskrun.value == '2' }}", then: [${exit()}], else: [${log("y")}, ${log("z")}]`)}, ${log("c")}]`)}, ${log("n")}]`,
  "beside iterations that go on": `tasks: [${block("l", "ForEach", `values: [1, 2, 3], concurrencyLimit: 0, tasks: [${block("i", "If", `condition: "{{ taskrun.value == '2' }}", then: [${exit()}]`)}, ${log("y")}, ${log("z")}]`)}, ${log("n")}]`,
  "in two iterations at once": `tasks: [${block("l", "ForEach", `values: [1, 2, 3, 4, 5], concurrencyLimit: 2, tasks: [${block("i", "If", `condition: "{{ taskrun.value == '3' }}", then: [${exit()}], else: [${log("y")}, ${log("z")}]`)}]`)}, ${log("n")}]`,
  "in an EachParallel": `tasks: [${block("l", "EachParallel", `value: ["1", "2"], tasks: [${log("b")}, ${block("i", "If", `condition: "{{ taskrun.value == '2' }}", then: [${exit()}], else: [${log("y")}, ${log("z")}]`)}]`)}, ${log("n")}]`,
  "in a LoopUntil": `tasks: [${block("l", "LoopUntil", `condition: "{{ false }}", tasks: [${log("b")}, ${exit()}, ${log("c")}]`)}, ${log("n")}]`,
  "in a limited Parallel": `tasks: [${parallel("p", [log("o"), sequential("t", [log("t1"), log("t2"), log("t3")]), sequential("s", [log("b"), exit(), log("c")], blockHandlers), log("u"), log("v")], ", concurrent: 2")}, ${log("n")}]`,
  "in branches in branches": `tasks: [${parallel("p", [parallel("q", [sequential("s", [log("s1"), log("s2"), exit(), log("s3")]), log("r")]), sequential("t", [log("t1"), parallel("w", [log("w1"), sequential("w2", [log("w3"), log("w4"), log("w5")])])])])}, ${log("n")}]`,
  "in a Dag": `tasks: [${block("g", "Dag", `tasks: [{ task: ${exit()} }, { task: ${log("b")} }, { task: ${log("c")}, dependsOn: [b] }, { task: ${log("d")}, dependsOn: [exit] }]`)}, ${log("n")}]`,
};

const states = ["SUCCESS", "WARNING", "FAILED", "CANCELLED", "KILLED"];
/** Where nothing runs beside the Exit, a replay from anywhere has the same task runs. */
const sequences = ["in a sequence", "in blocks", "in an iteration", "in a Loop", "in a LoopUntil"];

/** A task run as its plan names it. */
interface Seen {
  id: string;
  task_id: string;
  path: string[] | null;
  state: string;
  is_carried: boolean;
}

const nameOf = ({ task_id, path }: Pick<Seen, "task_id" | "path">) =>
  path === null ? task_id : `${task_id}[${path.join(",")}]`;

async function seenIn(client: ClientBase, executionId: string): Promise<Map<string, Seen>> {
  const { rows } = await client.query<Seen>(
    `select r.id, r.task_id, r.iteration_path as path, r.state, r.is_carried
    from reprise_api.task_runs as r where r.execution_id = $1 order by r.id`,
    [executionId],
  );
  return new Map(rows.map((row) => [nameOf(row), row]));
}

/** Replays from a task run, and holds what happens against the plan. Gives the replay's id. */
async function replayFrom(client: ClientBase, id: string, anchor: Seen, script: Script): Promise<string> {
  const before = await seenIn(client, id);
  const anchors = [anchor.id];
  const { tasks, is_runnable } = await aPlan(client, id, { anchors });
  assert.ok(is_runnable, `from ${nameOf(anchor)}`);
  const replay = await aReplay(client, id, { anchors });
  await (await aHandWorker(client)).drain(script);
  const after = await seenIn(client, replay.id);
  const found = tasks.map((task) => {
    const name = nameOf({ task_id: task.task_id as string, path: task.iteration_path as string[] | null });
    return `${name} ${happened(task, before.get(name), after.get(name))}`;
  });
  assert.deepEqual(
    found,
    found.map((line) => line.replace(/ but .*/, "")),
    `from ${nameOf(anchor)}: ${tasks.map((t) => `${t.task_id} ${t.disposition} ${t.reason}`).join(", ")}`,
  );
  return replay.id;
}

/** The disposition, and what speaks against it. */
function happened(
  { disposition }: ReplayPlanTask,
  before: Seen | undefined,
  after: Seen | undefined,
): string {
  const isAsPlanned = {
    // To a replay, what is RETRIED has failed.
    CARRIED: after?.is_carried === true && after.state === before?.state.replace("RETRIED", "FAILED"),
    RERUN: after?.is_carried === false,
    NEW: after?.is_carried === false,
    REOPENED: after !== undefined,
    NOT_REACHED: after === undefined,
  }[disposition as string];
  const seen = after === undefined ? "nothing" : `${after.state}${after.is_carried ? " carried" : ""}`;
  return isAsPlanned === false ? `${disposition} but ${seen}` : `${disposition}`;
}

describe("replaying what an Exit ended", () => {
  for (const [where, body] of Object.entries(bodies))
    for (const state of where === "in blocks" || where === "beside other branches"
      ? states
      : ["SUCCESS", "FAILED"])
      it(`ends in it again: ${where}, as ${state}`, () =>
        db.inTransaction(async (client) => {
          const script: Script = { exit: { state: "RUNNING", outputs: { exit: state } } };
          const id = await anExecution(client, await aBlockFlow(client, `${body}\n${handlers}`));
          await (await aHandWorker(client)).drain(script);
          const lines = await linesOf(client, id);
          assert.equal(lines.at(-1), `= ${state}`);
          for (const anchor of (await seenIn(client, id)).values()) {
            const replayId = await replayFrom(client, id, anchor, script);
            const replayed = await linesOf(client, replayId);
            assert.equal(replayed.at(-1), `= ${state}`, nameOf(anchor));
            if (sequences.includes(where))
              assert.deepEqual(replayed.toSorted(), lines.toSorted(), nameOf(anchor));
            if (anchor.task_id.startsWith("x")) {
              assert.deepEqual(replayed.toSorted(), lines.toSorted(), nameOf(anchor));
              const again = (await seenIn(client, replayId)).get("x2") as Seen;
              await replayFrom(client, replayId, again, script);
            }
          }
        }));

  it("says why", () =>
    db.inTransaction(async (client) => {
      const script: Script = { exit: { state: "RUNNING", outputs: { exit: "FAILED" } } };
      const flow = await aBlockFlow(client, `${bodies["beside other branches"]}\n${handlers}`);
      const id = await anExecution(client, flow);
      await (await aHandWorker(client)).drain(script);
      assert.deepEqual((await aPlan(client, id, { anchors: ["task:t1"] })).brief, {
        p: "REOPENED around",
        s: "REOPENED around_exit exit",
        b: "CARRIED unchanged",
        exit: "RERUN exits",
        c: "NOT_REACHED exited exit",
        se: "NOT_REACHED exited exit",
        sf: "NOT_REACHED exited exit",
        o: "CARRIED unchanged",
        t: "REOPENED around",
        t1: "RERUN anchor",
        t2: "UNKNOWN raced exit",
        t3: "UNKNOWN raced exit",
        t4: "UNKNOWN raced exit",
        n: "NOT_REACHED exited exit",
        e: "NOT_REACHED exited exit",
        f: "NOT_REACHED exited exit",
        x1: "RERUN handles",
        x2: "RERUN handles",
      });
      assert.deepEqual((await aPlan(client, id, { anchors: ["task:x2"] })).brief, {
        p: "CARRIED unchanged",
        s: "CARRIED unchanged",
        b: "CARRIED unchanged",
        exit: "CARRIED unchanged",
        c: "NOT_REACHED cut_off",
        se: "NOT_REACHED cut_off",
        sf: "NOT_REACHED cut_off",
        o: "CARRIED unchanged",
        t: "CARRIED unchanged",
        t1: "CARRIED unchanged",
        t2: "CARRIED unchanged",
        t3: "NOT_REACHED cut_off",
        t4: "NOT_REACHED cut_off",
        n: "NOT_REACHED cut_off",
        e: "NOT_REACHED cut_off",
        f: "NOT_REACHED cut_off",
        x1: "CARRIED unchanged",
        x2: "RERUN anchor",
      });
    }));
});

describe("replaying what was ended before its time", () => {
  const branches = (cut: string) =>
    `tasks: [${log("a")}, ${parallel("p", [sequential("s", [cut, log("c")], blockHandlers), sequential("t", [log("t1"), log("t2")])])}, ${log("n")}]\n${handlers}`;
  const retry = ", retry: { type: constant, interval: PT1M, maxAttempts: 3, behavior: CREATE_NEW_EXECUTION }";

  it("by an SLA carries that from what runs after it, and goes on from elsewhere", () =>
    db.inTransaction(async (client) => {
      const sla = "sla: [{ id: quick, type: MAX_DURATION, duration: PT1H, behavior: FAIL }]";
      const id = await anExecution(client, await aBlockFlow(client, `${sla}\n${branches(log("b"))}`));
      const worker = await aHandWorker(client);
      await worker.drain({}, { holds: ({ taskId }) => taskId === "b" || taskId === "t2" });
      await client.query(
        "select set_config('reprise.now', (clock_timestamp() + interval '2 hours')::text, true)",
      );
      await callOne(client, "reprise_engine.enforce_deadline", { execution_id: id });
      await worker.drain();
      await carriesItsEnd(client, id, "FAILED");
    }));

  it("by a retry as a new execution carries that from what runs after it", () =>
    db.inTransaction(async (client) => {
      const id = await anExecution(client, await aBlockFlow(client, branches(log("b", retry))));
      const worker = await aHandWorker(client);
      await worker.drain({ b: "FAILED" });
      await carriesItsEnd(client, id, "RETRIED");
    }));

  it("by a Pause that was cancelled carries that from what runs after it, and pauses again from elsewhere", () =>
    db.inTransaction(async (client) => {
      const pause = block("w", "Pause", "pauseDuration: PT1S, behavior: CANCEL");
      const id = await anExecution(client, await aBlockFlow(client, branches(pause)));
      await (await aHandWorker(client)).drain();
      await carriesItsEnd(client, id, "CANCELLED");
      assert.deepEqual((await aPlan(client, id, { anchors: ["task:t2"] })).brief, {
        a: "CARRIED unchanged",
        p: "REOPENED around",
        s: "REOPENED not_ended",
        w: "RERUN not_ended",
        c: "UNKNOWN decided w",
        se: "UNKNOWN handles s",
        sf: "UNKNOWN decided w",
        t: "REOPENED around",
        t1: "CARRIED unchanged",
        t2: "RERUN anchor",
        n: "UNKNOWN decided w",
        e: "UNKNOWN handles",
        f: "UNKNOWN decided w",
        x1: "RERUN handles",
        x2: "RERUN handles",
      });
    }));

  it("by a check, before it had begun, carries its end", () =>
    db.inTransaction(async (client) => {
      const flow = await aBlockFlow(client, branches(log("b")));
      const id = await anExecution(client, flow, { is_checked: true, check_failure: "Not today." });
      await (await aHandWorker(client)).drain();
      assert.deepEqual(await linesOf(client, id), ["x1 SUCCESS", "x2 SUCCESS", "= FAILED"]);
      await carriesItsEnd(client, id, "FAILED");
    }));

  it("by a kill runs what was killed again, and then what comes after it", () =>
    db.inTransaction(async (client) => {
      const id = await anExecution(client, await aBlockFlow(client, branches(log("b"))));
      const worker = await aHandWorker(client);
      const held = await worker.drain({}, { holds: ({ taskId }) => taskId === "b" });
      await callOne(client, "reprise_api.kill_execution", { execution_id: id });
      await worker.finish(held.map(({ begun }) => ({ attemptId: begun.attempt_id, state: "KILLED" })));
      await worker.drain();
      for (const anchor of (await seenIn(client, id)).values()) {
        const replayId = await replayFrom(client, id, anchor, {});
        assert.equal((await executionOf(client, replayId)).state, "SUCCESS");
      }
    }));
});

/** From each task run the plan is what happens, and from what runs after the execution this ends as it had, with the same task runs. */
async function carriesItsEnd(client: ClientBase, id: string, state: string): Promise<void> {
  const lines = await linesOf(client, id);
  assert.equal(lines.at(-1), `= ${state}`);
  const { error } = await executionOf(client, id);
  for (const anchor of (await seenIn(client, id)).values()) {
    const replayId = await replayFrom(client, id, anchor, {});
    if (!anchor.task_id.startsWith("x")) continue;
    const ended = lines.map((line) => (line.startsWith("=") ? line : line.replace("RETRIED", "FAILED")));
    assert.deepEqual((await linesOf(client, replayId)).toSorted(), ended.toSorted());
    assert.deepEqual((await executionOf(client, replayId)).error, error);
    await replayFrom(client, replayId, (await seenIn(client, replayId)).get("x2") as Seen, {});
  }
}
