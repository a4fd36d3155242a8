import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { anExecution, aPlan, aReplay, executionOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type HandWorker, type Script } from "../../support/hand-worker.ts";
import { aBlockFlow, historyOf, linesOf, log } from "./block-flows.ts";

const db = await testDatabase();

/** A Pause `p` with these properties, and `z` behind it. */
function aPause(rest = ""): string {
  return `tasks: [{ id: p, type: io.kestra.plugin.core.flow.Pause${rest} }, ${log("z")}]`;
}

async function start(client: ClientBase, body: string, script: Script = {}): Promise<[string, HandWorker]> {
  const id = await anExecution(client, await aBlockFlow(client, body));
  const worker = await aHandWorker(client);
  await worker.drain(script);
  return [id, worker];
}

async function resume(client: ClientBase, id: string, inputs: unknown = null): Promise<void> {
  await callOne(client, "reprise_api.resume_execution", { execution_id: id, inputs, actor: "me" });
}

async function outputsOf(client: ClientBase, id: string, taskId = "p"): Promise<Record<string, unknown>> {
  const { rows } = await client.query(
    "select outputs from reprise_api.task_runs where execution_id = $1 and task_id = $2",
    [id, taskId],
  );
  return rows[0].outputs;
}

const refuses = (reason: string) => (error: unknown) => {
  assert.equal((error as { reason: string }).reason, reason);
  return true;
};

describe("Pause", () => {
  it("waits until somebody resumes it", () =>
    db.inTransaction(async (client) => {
      const [id, worker] = await start(client, aPause());
      assert.deepEqual(await linesOf(client, id), ["p PAUSED", "= PAUSED"]);
      await resume(client, id);
      await worker.drain();
      assert.deepEqual(await linesOf(client, id), ["p SUCCESS", "z SUCCESS", "= SUCCESS"]);
      const { resumed, ...rest } = await outputsOf(client, id);
      assert.deepEqual(rest, { onResume: {} });
      assert.equal((resumed as { by: string }).by, "me");
      assert.equal((resumed as { to: string }).to, "SUCCESS");

      const { rows } = await client.query("select state_history from reprise_api.executions where id = $1", [
        id,
      ]);
      assert.deepEqual(
        rows[0].state_history.map(({ state }: { state: string }) => state),
        ["CREATED", "RUNNING", "PAUSED", "RUNNING", "SUCCESS"],
      );
      assert.deepEqual(await historyOf(client, id, "p"), [
        "CREATED",
        "RUNNING",
        "PAUSED",
        "RUNNING",
        "SUCCESS",
      ]);
    }));

  const behaviors: [behavior: string, rest: string, lines: string[]][] = [
    ["goes on by itself", ", pauseDuration: PT1S", ["p SUCCESS", "z SUCCESS", "= SUCCESS"]],
    ["warns", ", delay: PT1S, behavior: WARN", ["p WARNING", "z SUCCESS", "= WARNING"]],
    ["fails", ", pauseDuration: PT1S, behavior: FAIL", ["p FAILED", "= FAILED"]],
    [
      "does as a template says",
      `, delay: PT1S, behavior: "{{ 'WARN' }}"`,
      ["p WARNING", "z SUCCESS", "= WARNING"],
    ],
    [
      "opens no gate by a word that it does not know",
      `, delay: PT1S, behavior: "{{ 'fail' }}"`,
      ["p FAILED", "= FAILED"],
    ],
    ["takes no longer than its timeout", ", timeout: PT1S", ["p FAILED", "= FAILED"]],
    [
      "takes no longer, and goes on where that is allowed",
      `, timeout: PT1S, allowFailure: true, tasks: [${log("a")}]`,
      ["p WARNING", "a SUCCESS", "z SUCCESS", "= WARNING"],
    ],
    [
      "runs what is in it once it is resumed",
      `, pauseDuration: "{{ 'PT' ~ 2 ~ 'S' }}", tasks: [${log("a")}], finally: [${log("f")}]`,
      ["p SUCCESS", "a SUCCESS", "f SUCCESS", "z SUCCESS", "= SUCCESS"],
    ],
    [
      "handles its failure",
      `, timeout: PT1S, tasks: [${log("a")}], errors: [${log("e")}], finally: [${log("f")}]`,
      ["p FAILED", "e SUCCESS", "f SUCCESS", "= FAILED"],
    ],
  ];
  for (const [title, rest, lines] of behaviors)
    it(title, () =>
      db.inTransaction(async (client) => {
        const [id] = await start(client, aPause(rest));
        assert.deepEqual(await linesOf(client, id), lines);
        const { rows } = await client.query(
          "select level from reprise_api.logs where execution_id = $1 and task_id = 'p' and message like 'Nobody has resumed it in its time: it %'",
          [id],
        );
        // One that has no such ending never waited.
        const hasWaited = lines[0] !== "p SUCCESS" && !rest.includes("'fail'");
        assert.equal(rows.length, hasWaited ? 1 : 0, "says why it ended so");
      }),
    );

  it("runs what it is told to when it begins to wait, and does not wait for that", () =>
    db.inTransaction(async (client) => {
      const [id] = await start(client, aPause(`, pauseDuration: PT1S, onPause: ${log("told")}`), {
        told: "FAILED",
      });
      assert.deepEqual(await linesOf(client, id), ["p SUCCESS", "told FAILED", "z SUCCESS", "= SUCCESS"]);
    }));

  it("asks for inputs, and checks them", () =>
    db.inTransaction(async (client) => {
      const asked = `, onResume: [{ id: reason, type: STRING }, { id: count, type: INT, defaults: "{{ 2 + 1 }}" }]`;
      const [id, worker] = await start(client, aPause(asked));
      for (const inputs of [null, { reason: "x", count: "many" }, { reason: "x", other: 1 }]) {
        await client.query("savepoint s");
        await assert.rejects(resume(client, id, inputs), refuses("invalid_inputs"));
        await client.query("rollback to s");
      }
      await resume(client, id, { reason: "because" });
      await worker.drain();
      const { onResume } = await outputsOf(client, id);
      assert.deepEqual(onResume, { reason: "because", count: 3 });
      const { rows } = await client.query(
        "select from reprise_api.logs where execution_id = $1 and message like '`p` is resumed by %'",
        [id],
      );
      assert.equal(rows.length, 1, "says which Pause");
    }));

  it("keeps what is null in an answer", () =>
    db.inTransaction(async (client) => {
      const asked = ", onResume: [{ id: data, type: JSON }, { id: more, type: STRING, required: false }]";
      const [id] = await start(client, aPause(asked));
      const data = { a: null, b: [{ c: null }] };
      await resume(client, id, { data });
      const { onResume } = await outputsOf(client, id);
      assert.deepEqual(onResume, { data, more: null });
    }));

  it("holds its branch only, and each waits for itself", () =>
    db.inTransaction(async (client) => {
      const pause = (id: string) => `{ id: ${id}, type: io.kestra.plugin.core.flow.Pause }`;
      const branch = (id: string, inner: string) =>
        `{ id: ${id}, type: io.kestra.plugin.core.flow.Sequential, tasks: [${inner}] }`;
      const [id, worker] = await start(
        client,
        `tasks: [{ id: all, type: io.kestra.plugin.core.flow.Parallel, tasks: [
          ${branch("s1", `${pause("p1")}, ${log("a")}`)}, ${branch("s2", `${log("b")}, ${log("c")}`)}, ${branch("s3", pause("p2"))}] }]`,
      );
      const paused = await linesOf(client, id);
      assert.ok(paused.includes("c SUCCESS") && paused.includes("p1 PAUSED") && paused.includes("p2 PAUSED"));
      assert.equal(paused.at(-1), "= PAUSED");
      await resume(client, id);
      await worker.drain();
      const half = await linesOf(client, id);
      assert.ok(half.includes("a SUCCESS") && half.includes("p2 PAUSED"));
      assert.equal(half.at(-1), "= PAUSED");
      await resume(client, id);
      await worker.drain();
      assert.equal((await linesOf(client, id)).at(-1), "= SUCCESS");
    }));

  it("waits for each value of a loop", () =>
    db.inTransaction(async (client) => {
      const [id] = await start(
        client,
        `tasks: [{ id: each, type: io.kestra.plugin.core.flow.EachParallel, value: [1, 2, 3], tasks: [
          { id: p, type: io.kestra.plugin.core.flow.Pause, delay: PT1S, tasks: [${log("a")}] }] }]`,
      );
      const lines = await linesOf(client, id);
      assert.equal(lines.length, 8);
      assert.ok(lines.every((line) => line.endsWith("SUCCESS")));
    }));

  it("is killed with its execution, and paused anew by a restart", () =>
    db.inTransaction(async (client) => {
      const [id, worker] = await start(client, aPause());
      await callOne(client, "reprise_api.kill_execution", { execution_id: id });
      assert.deepEqual(await linesOf(client, id), ["p KILLED", "= KILLED"]);
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      await worker.drain();
      assert.deepEqual(await linesOf(client, id), ["p PAUSED", "= PAUSED"]);
      assert.deepEqual(await historyOf(client, id, "p"), [
        ...["CREATED", "RUNNING", "PAUSED", "KILLED", "RESTARTED", "RUNNING", "PAUSED"],
      ]);
      await resume(client, id);
      await worker.drain();
      assert.deepEqual(await linesOf(client, id, true), ["p SUCCESS 2", "z SUCCESS 1", "= SUCCESS"]);
    }));

  it("is not paused again by a restart from what failed in it, but from its own failure", () =>
    db.inTransaction(async (client) => {
      const [inside, worker] = await start(
        client,
        aPause(`, delay: PT1S, tasks: [${log("a")}, ${log("b")}]`),
        { b: "FAILED" },
      );
      assert.deepEqual(await linesOf(client, inside), ["p FAILED", "a SUCCESS", "b FAILED", "= FAILED"]);
      await callOne(client, "reprise_api.restart_execution", { execution_id: inside });
      await worker.drain();
      assert.deepEqual(await linesOf(client, inside, true), [
        "p SUCCESS 1",
        "a SUCCESS 1",
        "b SUCCESS 2",
        "z SUCCESS 1",
        "= SUCCESS",
      ]);

      const [late] = await start(client, aPause(`, timeout: PT1S, errors: [${log("e")}]`));
      await callOne(client, "reprise_api.restart_execution", { execution_id: late });
      await worker.drain({}, { rounds: 1 });
      assert.deepEqual(await linesOf(client, late), ["p PAUSED", "= PAUSED"]);
    }));

  it("pauses again in a replay that runs it again, and is carried by others", () =>
    db.inTransaction(async (client) => {
      const [id, worker] = await start(client, aPause(`, delay: PT1S, tasks: [${log("a")}, ${log("b")}]`));
      const again = await aReplay(client, id, { anchors: ["task:p"] });
      await worker.drain({}, { rounds: 1 });
      assert.deepEqual(await linesOf(client, again.id), ["p PAUSED", "= PAUSED"]);

      const plan = await aPlan(client, id, { anchors: ["task:b"] });
      assert.deepEqual(
        plan.tasks.map((task) => `${task.task_id} ${task.disposition}`),
        ["p REOPENED", "a CARRIED", "b RERUN", "z RERUN"],
      );
      const inside = await aReplay(client, id, { anchors: ["task:b"] });
      await worker.drain({});
      assert.deepEqual(await linesOf(client, inside.id), [
        "p SUCCESS",
        "a SUCCESS",
        "b SUCCESS",
        "z SUCCESS",
        "= SUCCESS",
      ]);

      const behind = await aReplay(client, id, { anchors: ["task:z"] });
      assert.deepEqual((await outputsOf(client, behind.id)).resumed, (await outputsOf(client, id)).resumed);
    }));
});

describe("resume_execution", () => {
  it("refuses what is not paused", () =>
    db.inTransaction(async (client) => {
      const [id] = await start(client, `tasks: [${log("a")}]`);
      await assert.rejects(resume(client, id), refuses("execution_not_paused"));
    }));
});

describe("pause_execution", () => {
  it("lets what runs come to its end and begins nothing, until it is resumed", () =>
    db.inTransaction(async (client) => {
      const id = await anExecution(client, await aBlockFlow(client, `tasks: [${log("a")}, ${log("b")}]`));
      const worker = await aHandWorker(client);
      const [held] = await worker.drain({}, { holds: ({ taskId }) => taskId === "a" });
      await callOne(client, "reprise_api.pause_execution", { execution_id: id });
      await worker.finish([{ attemptId: held?.begun.attempt_id as string }], 1);
      await worker.drain();
      assert.deepEqual(await linesOf(client, id), ["a SUCCESS", "b CREATED", "= PAUSED"]);
      const { rows } = await client.query(
        "select id from reprise.task_runs where execution_id = $1 and state = 'CREATED'",
        [id],
      );
      assert.deepEqual(await worker.begin(rows[0].id), []);
      assert.equal(await callOne(client, "reprise_engine.reconcile_jobs", {}), 0);

      await resume(client, id);
      await worker.drain();
      assert.deepEqual(await linesOf(client, id), ["a SUCCESS", "b SUCCESS", "= SUCCESS"]);
      assert.equal((await executionOf(client, id)).is_held, false);
    }));
});
