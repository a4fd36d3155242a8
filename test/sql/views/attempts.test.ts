import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { anExecution, aPlan, aReplay } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type Script } from "../../support/hand-worker.ts";
import { aBlockFlow, block, historyOf, log } from "../blocks/block-flows.ts";

const db = await testDatabase();

/** The attempts of each task run, by task: `1 SUCCESS`. The number that it shows is that of the last. */
async function attemptsOf(client: ClientBase, id: string): Promise<Record<string, string[]>> {
  const { rows } = await client.query(
    `select r.task_id, r.state, r.attempt_number, max(a.number) as last, array_agg(a.number || ' ' || a.state || case when a.ended_at is null then ' …' else '' end order by a.number) as attempts
    from reprise_api.task_runs as r
    cross join lateral reprise_api.list_attempts(r.id) as a
    where r.execution_id = $1
    group by r.task_id, r.state, r.attempt_number`,
    [id],
  );
  for (const { task_id, state, attempt_number, last } of rows)
    if (state !== "SKIPPED") assert.equal(attempt_number, last, task_id);
  return Object.fromEntries(rows.map(({ task_id, attempts }) => [task_id, attempts]));
}

async function started(client: ClientBase, body: string, script: Script = {}): Promise<string> {
  const id = await anExecution(client, await aBlockFlow(client, body));
  await (await aHandWorker(client)).drain(script, { rounds: 3 });
  return id;
}

/** The clock of the session stands still from when it had moved on to what is due. */
async function letTimePass(client: ClientBase): Promise<void> {
  await client.query(
    "select set_config('reprise.now', (reprise_engine.clock() + interval '1 second')::text, true)",
  );
}

describe("the attempts of a block", () => {
  const loop = block("l", "ForEach", `values: [x], tasks: [${log("a")}, ${log("b")}]`);
  const body = `tasks: [${block("s", "Sequential", `tasks: [${loop}]`)}]`;

  it("run while it does, and end as it does", () =>
    db.inTransaction(async (client) => {
      const running = await started(client, body, { b: { state: "FAILED" } });
      assert.deepEqual(await attemptsOf(client, running), {
        ...{ s: ["1 FAILED"], l: ["1 FAILED"], a: ["1 SUCCESS"], b: ["1 FAILED"] },
      });
      const paused = await started(client, `tasks: [{ id: p, type: io.kestra.plugin.core.flow.Pause }]`);
      assert.deepEqual(await attemptsOf(client, paused), { p: ["1 RUNNING …"] });
      await callOne(client, "reprise_api.kill_execution", { execution_id: paused });
      assert.deepEqual(await attemptsOf(client, paused), { p: ["1 KILLED"] });
    }));

  it("are those of the original where they are carried", () =>
    db.inTransaction(async (client) => {
      const id = await started(client, `${body.slice(0, -1)}, ${log("z")}]`);
      const replay = await aReplay(client, id, { anchors: ["task:z"] });
      const plan = await aPlan(client, id, { anchors: ["task:z"] });
      assert.deepEqual(
        plan.tasks.map(({ task_id, attempt_number }) => `${task_id} ${attempt_number}`),
        ["s 1", "l 1", "a 1", "b 1", "z 1"],
      );
      const { s, l } = await attemptsOf(client, replay.id);
      assert.deepEqual([s, l], [["1 SUCCESS"], ["1 SUCCESS"]]);
    }));
});

describe("the attempts of what a restart begins anew", () => {
  it("count on from those that are gone, of which the log tells", () =>
    db.inTransaction(async (client) => {
      const script: Script = { a: "FAILED" };
      const id = await started(client, `tasks: [${log("a")}]\nfinally: [${log("f")}]`, script);
      assert.deepEqual(await attemptsOf(client, id), { a: ["1 FAILED"], f: ["1 SUCCESS"] });
      const logged = `insert into reprise.logs (logged_at, execution_id, task_run_id, attempt_id, level, message)
        select now(), r.execution_id, r.id, a.id, 'INFO', 'said' from reprise.task_runs as r join reprise.attempts as a on a.task_run_id = r.id
        join reprise.tasks as t on t.key = r.task_key where r.execution_id = $1 and t.id = 'f'`;
      await client.query(logged, [id]);
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      await (await aHandWorker(client)).drain(script);
      assert.deepEqual(await attemptsOf(client, id), { a: ["1 FAILED", "2 FAILED"], f: ["2 SUCCESS"] });
      const { rows } = await client.query(
        "select attempt_number from reprise_api.logs where execution_id = $1 and message = 'said'",
        [id],
      );
      assert.deepEqual(rows, [{ attempt_number: null }]);
    }));
});

describe("the attempt of an Exit", () => {
  it("ends as that says", () =>
    db.inTransaction(async (client) => {
      const exit = "{ id: x, type: io.kestra.plugin.core.execution.Exit, state: CANCELLED }";
      const id = await started(client, `tasks: [${block("s", "Sequential", `tasks: [${exit}]`)}]`, {
        x: { state: "RUNNING", outputs: { exit: "CANCELLED" } },
      });
      assert.deepEqual(await attemptsOf(client, id), { s: ["1 CANCELLED"], x: ["1 CANCELLED"] });
    }));

  for (const state of ["WARNING", "FAILED", "CANCELLED", "KILLED"])
    it(`stays ${state} behind a restart`, () =>
      db.inTransaction(async (client) => {
        const exits = { x: { state: "RUNNING", outputs: { exit: state } } } satisfies Script;
        const id = await started(
          client,
          "tasks: [{ id: x, type: io.kestra.plugin.core.execution.Exit }]",
          exits,
        );
        assert.deepEqual(await attemptsOf(client, id), { x: [`1 ${state}`] });
        const once = ["CREATED", "RUNNING", state];
        assert.deepEqual(await historyOf(client, id, "x"), once);
        if (state === "WARNING") return;
        await callOne(client, "reprise_api.restart_execution", { execution_id: id });
        assert.deepEqual(await historyOf(client, id, "x"), [...once, "RESTARTED"]);
        await (await aHandWorker(client)).drain(exits);
        assert.deepEqual(await attemptsOf(client, id), { x: [`1 ${state}`, `2 ${state}`] });
        assert.deepEqual(await historyOf(client, id, "x"), [...once, "RESTARTED", "RUNNING", state]);
      }));
});

describe("the attempts of a Pause", () => {
  for (const [state, behavior] of [
    ["FAILED", "FAIL"],
    ["CANCELLED", "CANCEL"],
  ])
    it(`stay ${state} behind a restart`, () =>
      db.inTransaction(async (client) => {
        const pause = block("p", "Pause", `pauseDuration: PT1S, behavior: ${behavior}`);
        const id = await started(client, `tasks: [${pause}]`);
        const once = ["RUNNING", "PAUSED", "RUNNING", state];
        assert.deepEqual(await historyOf(client, id, "p"), ["CREATED", ...once]);
        await letTimePass(client);
        await callOne(client, "reprise_api.restart_execution", { execution_id: id });
        await letTimePass(client);
        await (await aHandWorker(client)).drain();
        assert.deepEqual(await attemptsOf(client, id), { p: [`1 ${state}`, `2 ${state}`] });
        assert.deepEqual(await historyOf(client, id, "p"), ["CREATED", ...once, "RESTARTED", ...once]);
      }));

  it("stay KILLED where nobody had resumed them", () =>
    db.inTransaction(async (client) => {
      const id = await started(client, `tasks: [${block("p", "Pause", "tasks: []")}]`);
      await callOne(client, "reprise_api.kill_execution", { execution_id: id });
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      await (await aHandWorker(client)).drain();
      assert.deepEqual(await attemptsOf(client, id), { p: ["1 KILLED", "2 RUNNING …"] });
      assert.deepEqual(await historyOf(client, id, "p"), [
        "CREATED",
        "RUNNING",
        "PAUSED",
        "KILLED",
        "RESTARTED",
        "RUNNING",
        "PAUSED",
      ]);
    }));
});

describe("the attempt of a skipped task run", () => {
  it("is skipped, and takes no time", () =>
    db.inTransaction(async (client) => {
      const id = await started(client, `tasks: [${log("a")}, ${log("b")}]`, { a: "SKIPPED" });
      assert.deepEqual(await attemptsOf(client, id), { a: ["1 SKIPPED"], b: ["1 SUCCESS"] });
      const replay = await aReplay(client, id, { anchors: ["task:b"] });
      assert.deepEqual((await attemptsOf(client, replay.id)).a, ["1 SKIPPED"]);
    }));
});
