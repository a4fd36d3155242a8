import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callMany, callOne } from "../../../src/db/call.ts";
import { anEndedExecution, anExecution, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, block, directory, failing, linesOf, log } from "./block-flows.ts";

const db = await testDatabase();

describe("restarting a WorkingDirectory", () => {
  const body = `tasks: [${directory("w", [log("b"), log("c"), log("d")], `, errors: [${log("e")}]`)}, ${log("g")}]`;

  it("runs it again as a whole, and its tasks keep their attempts", () =>
    db.inTransaction(async (client) => {
      const id = await anEndedExecution(client, await aBlockFlow(client, body), failing("d 1"));
      assert.deepEqual((await linesOf(client, id)).at(-2), "e SUCCESS");
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      assert.deepEqual(await linesOf(client, id, true), [
        "w RESTARTED 1",
        "b RESTARTED 1",
        "c RESTARTED 1",
        "d RESTARTED 1",
        "= RESTARTED",
      ]);
      await (await aHandWorker(client)).drain();
      assert.deepEqual(await linesOf(client, id, true), [
        "w SUCCESS 2",
        "b SUCCESS 2",
        "c SUCCESS 2",
        "d SUCCESS 2",
        "g SUCCESS 1",
        "= SUCCESS",
      ]);
      assert.deepEqual((await taskRunsOf(client, id)).d?.attempts, ["1 FAILED", "2 SUCCESS"]);
    }));

  it("cancels what it does not come to again", () =>
    db.inTransaction(async (client) => {
      const id = await anEndedExecution(client, await aBlockFlow(client, body), failing("d 1", "b 2"));
      const worker = await aHandWorker(client);
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      await worker.drain(failing("b 2"));
      assert.deepEqual(await linesOf(client, id, true), [
        "w FAILED 2",
        "b FAILED 2",
        "c CANCELLED 1",
        "d CANCELLED 1",
        "e SUCCESS 2",
        "= FAILED",
      ]);
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      await worker.drain();
      assert.deepEqual(await linesOf(client, id, true), [
        "w SUCCESS 3",
        "b SUCCESS 3",
        "c SUCCESS 2",
        "d SUCCESS 2",
        "g SUCCESS 1",
        "= SUCCESS",
      ]);
    }));

  it("goes on behind a kill", () =>
    db.inTransaction(async (client) => {
      const id = await anExecution(client, await aBlockFlow(client, body));
      const worker = await aHandWorker(client);
      const held = await worker.drain({}, { holds: ({ taskId }) => taskId === "c" });
      await callOne(client, "reprise_api.kill_execution", { execution_id: id });
      await callMany(client, "reprise_engine.finish_children", {
        worker_id: worker.id,
        attempt_ids: [held[0]?.begun.attempt_id as string],
        outcomes: ["KILLED"],
        outputs: [null],
        errors: [null],
      });
      await worker.finish([{ attemptId: held[1]?.begun.attempt_id as string, state: "RUNNING" }]);
      assert.deepEqual(await linesOf(client, id), ["w KILLED", "b SUCCESS", "c KILLED", "= KILLED"]);
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      await worker.drain();
      assert.deepEqual(await linesOf(client, id, true), [
        "w SUCCESS 2",
        "b SUCCESS 2",
        "c SUCCESS 2",
        "d SUCCESS 1",
        "g SUCCESS 1",
        "= SUCCESS",
      ]);
    }));
});

describe("the history of a block", () => {
  it("does not end with the attempt that it begins with", () =>
    db.inTransaction(async (client) => {
      const flow = await aBlockFlow(
        client,
        `tasks: [${directory("w", [log("b")])}, ${block("i", "If", `condition: true, then: [${log("c")}]`)}, ${directory("x", [log("d")])}]`,
      );
      const id = await anEndedExecution(client, flow, failing("d 1"));
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      await (await aHandWorker(client)).drain();
      const { rows } = await client.query<{ line: string }>(
        `select r.task_id || ': ' || string_agg(h.entry ->> 'state', ' ' order by h.place) as line
        from reprise_api.task_runs as r
        cross join jsonb_array_elements(r.state_history) with ordinality as h (entry, place)
        where r.execution_id = $1 and r.task_kind <> 'RUNNABLE'
        group by r.id, r.task_id
        order by r.id`,
        [id],
      );
      assert.deepEqual(
        rows.map(({ line }) => line),
        [
          "w: CREATED RUNNING SUCCESS",
          "i: CREATED RUNNING SUCCESS",
          "x: CREATED RUNNING RESTARTED RUNNING SUCCESS",
        ],
      );
    }));
});

describe("what a worker reports of a WorkingDirectory", () => {
  /** One that runs `b` and `c`, and is held at `c`. */
  const held = async (client: ClientBase) => {
    const id = await anExecution(
      client,
      await aBlockFlow(client, `tasks: [${directory("w", [log("b"), log("c")])}]`),
    );
    const worker = await aHandWorker(client);
    const [child, around] = await worker.drain({}, { holds: ({ taskId }) => taskId === "c" });
    const begin = async () =>
      await callMany(client, "reprise_engine.begin_children", {
        worker_id: worker.id,
        attempt_ids: [around?.begun.attempt_id as string],
        task_keys: [child?.begun.task_key as number],
      });
    const finish = async (attempt = child?.begun.attempt_id as string) =>
      await callMany(client, "reprise_engine.finish_children", {
        worker_id: worker.id,
        attempt_ids: [attempt],
        outcomes: ["SUCCESS"],
        outputs: [{ value: "done" }],
        errors: [null],
      });
    return { id, worker, child, around, begin, finish };
  };

  it("changes nothing when it is said twice", () =>
    db.inTransaction(async (client) => {
      const { id, child, begin, finish } = await held(client);
      assert.deepEqual(
        (await begin()).map(({ attempt_id }) => attempt_id),
        [child?.begun.attempt_id],
      );
      assert.equal((await finish())[0]?.state, "SUCCESS");
      assert.equal((await finish())[0]?.state, "SUCCESS");
      assert.deepEqual(await begin(), [], "what has ended does not begin again");
      assert.deepEqual(await linesOf(client, id, true), [
        "w RUNNING 1",
        "b SUCCESS 1",
        "c SUCCESS 1",
        "= RUNNING",
      ]);
    }));

  for (const [what, pick] of [
    ["the block is lost", 1],
    ["what runs in it is lost", 0],
  ] as const)
    it(`changes nothing once ${what}, and the block runs again`, () =>
      db.inTransaction(async (client) => {
        const { id, worker, child, around, begin, finish } = await held(client);
        const lost = [child, around][pick]?.begun.attempt_id as string;
        await callOne(client, "reprise_engine.resubmit_attempts", { attempt_ids: [lost] });
        assert.deepEqual(await linesOf(client, id, true), [
          "w CREATED 1",
          "b CREATED 1",
          "c CREATED 1",
          "= RUNNING",
        ]);
        assert.deepEqual(await begin(), []);
        assert.deepEqual(await finish(), []);
        await callOne(client, "reprise_engine.leave_children", {
          worker_id: worker.id,
          attempt_id: around?.begun.attempt_id as string,
        });
        assert.equal(
          await callOne(client, "reprise_engine.reconcile_jobs", {}),
          0,
          "only the block has a job",
        );
        await worker.drain();
        assert.deepEqual(await linesOf(client, id, true), [
          "w SUCCESS 2",
          "b SUCCESS 2",
          "c SUCCESS 2",
          "= SUCCESS",
        ]);
        const runs = await taskRunsOf(client, id);
        assert.deepEqual(runs.c?.attempts, ["1 RESUBMITTED", "2 SUCCESS"]);
        assert.equal(runs.c?.try, 1);
      }));

  it("is believed of no other worker", () =>
    db.inTransaction(async (client) => {
      const { id, around, child } = await held(client);
      const other = await aHandWorker(client);
      const begun = await callMany(client, "reprise_engine.begin_children", {
        worker_id: other.id,
        attempt_ids: [around?.begun.attempt_id as string],
        task_keys: [child?.begun.task_key as number],
      });
      assert.deepEqual(begun, []);
      await callOne(client, "reprise_engine.leave_children", {
        worker_id: other.id,
        attempt_id: around?.begun.attempt_id as string,
      });
      assert.deepEqual(await linesOf(client, id), ["w RUNNING", "b SUCCESS", "c RUNNING", "= RUNNING"]);
    }));

  it("fails the block with what runs in it, when it keeps killing its workers", () =>
    db.inTransaction(async (client) => {
      const id = await anExecution(
        client,
        await aBlockFlow(client, `tasks: [${directory("w", [log("b"), log("c")])}]`),
      );
      for (let count = 0; count < 3; count += 1) {
        const worker = await aHandWorker(client);
        const begun = await worker.drain({}, { holds: ({ taskId }) => taskId === "c" });
        await client.query("update reprise.workers set state = 'LOST', stopped_at = now() where id = $1", [
          worker.id,
        ]);
        const attempt_ids = begun.map(({ begun: { attempt_id } }) => attempt_id);
        await callOne(client, "reprise_engine.resubmit_attempts", { attempt_ids });
      }
      assert.deepEqual(await linesOf(client, id, true), [
        "w FAILED 3",
        "b SUCCESS 3",
        "c FAILED 3",
        "= FAILED",
      ]);
      const { error } = (await taskRunsOf(client, id)).w ?? {};
      assert.equal((error as { reason: string }).reason, "worker_lost_repeatedly");
    }));
});
