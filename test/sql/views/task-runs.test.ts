import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callOne } from "../../../src/db/call.ts";
import { aFlow } from "../../support/a-flow.ts";
import { anEndedExecution, anExecution, aReplay, taskRunsOf, travelTo } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, block, historyOf, log } from "../blocks/block-flows.ts";

const db = await testDatabase();

describe("reprise_api.task_runs.state_history", () => {
  it("tells a restart from a retry", () =>
    db.inTransaction(async (client) => {
      const id = await anEndedExecution(client, await aFlow(client, ["a"]), { a: "FAILED" });
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      assert.deepEqual(await historyOf(client, id, "a"), ["CREATED", "RUNNING", "FAILED", "RESTARTED"]);
      await (await aHandWorker(client)).drain();
      assert.deepEqual(await historyOf(client, id, "a"), [
        "CREATED",
        "RUNNING",
        "FAILED",
        "RESTARTED",
        "RUNNING",
        "SUCCESS",
      ]);
    }));

  it("still tells of the failure behind which a retry was killed", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, [{ id: "a", retry: { maxAttempts: 2 } }]);
      const id = await anEndedExecution(client, flow, { a: "FAILED" }, { rounds: 1 });
      await callOne(client, "reprise_api.kill_execution", { execution_id: id });
      assert.deepEqual(await historyOf(client, id, "a"), [
        "CREATED",
        "RUNNING",
        "FAILED",
        "RETRYING",
        "KILLED",
      ]);
    }));
});

describe("durations", () => {
  it("are not negative in a transaction that is older than what it looks at", () =>
    db.inTransaction(async (client) => {
      const id = await anExecution(client, await aFlow(client, ["a"]));
      await (await aHandWorker(client)).begin((await taskRunsOf(client, id)).a?.id as string);
      for (const view of ["executions", "task_runs", "attempts"]) {
        const { rows } = await client.query<{ duration_ms: string }>(
          `select duration_ms from reprise_api.${view} where ${view === "executions" ? "id" : "execution_id"} = $1`,
          [id],
        );
        assert.ok(Number(rows[0]?.duration_ms) >= 0, `${view}: ${rows[0]?.duration_ms} ms`);
      }
    }));
});

describe("reprise_api.task_runs.is_reopened", () => {
  it("tells a block that went on in a replay from one that was carried with all that is in it", () =>
    db.inTransaction(async (client) => {
      const flow = await aBlockFlow(
        client,
        `tasks:
          - ${block("whole", "Sequential", `tasks: [${log("a")}]`)}
          - ${block("loop", "LoopUntil", `condition: "{{ true }}", tasks: [${log("b")}]`)}
          - ${block("around", "Sequential", `tasks: [${log("c")}, ${log("d")}]`)}`,
      );
      const original = await anEndedExecution(client, flow, { d: "FAILED" });
      const replayFrom = async (anchor: string) => {
        await travelTo(client, "2100-01-01T00:00:00Z");
        const { id } = await aReplay(client, original, { anchors: [anchor] });
        await travelTo(client, "2100-01-01T00:00:10Z");
        await (await aHandWorker(client)).drain();
        const { rows } = await client.query<{ line: string }>(
          `select concat_ws(
              ' ', task_id, state, case when is_carried then 'carried' end, case when is_reopened then 'reopened' end,
              extract(epoch from started_at - created_at)::integer, extract(epoch from ended_at - started_at)::integer,
              case when is_reopened then duration_ms end
            ) as line
          from reprise_api.task_runs where execution_id = $1 order by id`,
          [id],
        );
        return { lines: rows.map(({ line }) => line), around: await historyOf(client, id, "around") };
      };
      assert.deepEqual(await replayFrom("task:d"), {
        lines: [
          "whole SUCCESS carried",
          "a SUCCESS carried",
          "loop SUCCESS carried",
          "b SUCCESS carried",
          // Open since the replay has begun, though only what failed in it runs.
          "around SUCCESS reopened 10 0 0",
          "c SUCCESS carried",
          "d SUCCESS 10 0",
        ],
        around: ["CREATED", "RUNNING", "SUCCESS"],
      });
    }));

  it("counts no block among the carried that went on", () =>
    db.inTransaction(async (client) => {
      const flow = await aBlockFlow(
        client,
        `tasks: [${block("around", "Sequential", `tasks: [${log("a")}, ${log("b")}]`)}]`,
      );
      const { id } = await aReplay(client, await anEndedExecution(client, flow, { b: "FAILED" }), {
        anchors: ["failed"],
      });
      const { rows } = await client.query(
        "select carried_task_run_count from reprise_api.executions where id = $1",
        [id],
      );
      assert.deepEqual(rows, [{ carried_task_run_count: 1 }]);
    }));

  it("is of a loop that gives other outputs than it had, too", () =>
    db.inTransaction(async (client) => {
      const rest =
        'tasks: [{ id: a, type: io.kestra.plugin.core.log.Log, message: hi }], outputs: [{ id: o, value: "{{ outputs.a }}" }]';
      const flow = await aBlockFlow(client, `tasks: [${block("l", "Loop", `values: [x, y], ${rest}`)}]`);
      const original = await anEndedExecution(client, flow, ({ begun }) =>
        begun.iteration_path?.[0] === "y" ? "FAILED" : {},
      );
      const { id } = await aReplay(client, original, { anchors: ["failed"] });
      await (await aHandWorker(client)).drain({});
      const { rows } = await client.query(
        "select task_id, is_carried, is_reopened from reprise_api.task_runs where execution_id = $1 order by id",
        [id],
      );
      assert.deepEqual(
        rows.map((row) => [row.task_id, row.is_carried, row.is_reopened]),
        [
          ["l", false, true],
          ["a", true, false],
          ["a", false, false],
        ],
      );
    }));

  it("is not of a task that somebody has marked in a replay that carries it", () =>
    db.inTransaction(async (client) => {
      await travelTo(client, "2100-01-01T00:00:00Z");
      const flow = await aBlockFlow(
        client,
        `tasks: [${block("p", "Parallel", `tasks: [${log("a")}, ${log("b")}]`)}]`,
      );
      const original = await anEndedExecution(client, flow, { a: "FAILED" });
      const { id } = await aReplay(client, original, { anchors: ["task:b"] });
      await (await aHandWorker(client)).drain({});
      await travelTo(client, "2100-01-01T00:01:00Z");
      const marked = (await taskRunsOf(client, id)).a?.id as string;
      await callOne(client, "reprise_api.change_task_run_state", { task_run_id: marked, state: "SUCCESS" });
      const { rows } = await client.query(
        "select is_carried, is_reopened, state from reprise_api.task_runs where id = $1",
        [marked],
      );
      assert.deepEqual(rows, [{ is_carried: true, is_reopened: false, state: "SUCCESS" }]);
    }));

  it("begins when its execution does, which may have waited", () =>
    db.inTransaction(async (client) => {
      const flow = await aBlockFlow(
        client,
        `concurrency: { limit: 1 }\ntasks: [${block("s", "Sequential", `tasks: [${log("a")}, ${log("b")}]`)}]`,
      );
      await travelTo(client, "2100-01-01T00:00:00Z");
      const original = await anEndedExecution(client, flow, { b: "FAILED" });
      const other = await anExecution(client, flow);
      const { id } = await aReplay(client, original, { anchors: ["failed"] });
      const seen = async () =>
        (
          await client.query(
            `select r.state, started_at is null as waits, duration_ms, state_history -> 1 is null as is_new
            from reprise_api.task_runs as r where execution_id = $1 and task_id = 's'`,
            [id],
          )
        ).rows;
      assert.deepEqual(await seen(), [{ state: "RUNNING", waits: true, duration_ms: null, is_new: true }]);
      await travelTo(client, "2100-01-01T01:00:00Z");
      await callOne(client, "reprise_api.kill_execution", { execution_id: other });
      await (await aHandWorker(client)).drain({});
      assert.deepEqual(await seen(), [{ state: "SUCCESS", waits: false, duration_ms: "0", is_new: false }]);
    }));
});
