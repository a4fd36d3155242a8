import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { anExecution } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, block, failing, linesOf, log } from "../blocks/block-flows.ts";
import { childrenOf, subflow } from "./subflow-flows.ts";

const db = await testDatabase();
const ofFlow = `\nerrors: [${log("er")}]\nfinally: [${log("fi")}]`;
const sorted = async (client: ClientBase, id: string) => (await linesOf(client, id)).toSorted();

/** An execution in which the child of `s` is killed by itself, and the first attempt of `f` fails. */
async function aKilled(client: ClientBase, write: (task: string) => string) {
  const child = await aBlockFlow(client, `tasks: [${log("c")}]`);
  const id = await anExecution(client, await aBlockFlow(client, write(subflow("s", child))));
  const worker = await aHandWorker(client);
  await worker.drain(failing("f 1"), { holds: ({ taskId }) => taskId === "c" });
  const execution_id = (await childrenOf(client, id))[0]?.id as string;
  await callOne(client, "reprise_api.kill_execution", { execution_id });
  const { rows } = await client.query<{ id: string }>(
    `select a.id from reprise.attempts as a join reprise.task_runs as r on r.id = a.task_run_id
    where r.execution_id = $1 and a.state = 'RUNNING'`,
    [execution_id],
  );
  await worker.finish(rows.map(({ id }) => ({ attemptId: id, state: "KILLED" })));
  await worker.drain(failing("f 1"));
  return { id, worker };
}

describe("a failure beside a child that was killed", () => {
  it("is handled by the errors of the flow, which ends as killed", () =>
    db.inTransaction(async (client) => {
      const { id, worker } = await aKilled(
        client,
        (task) => `tasks: [${task}, ${log("f")}, ${log("never")}]${ofFlow}`,
      );
      assert.deepEqual(await sorted(client, id), [
        ...["= KILLED", "er SUCCESS", "f FAILED", "fi SUCCESS", "s KILLED"],
      ]);
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      await worker.drain();
      assert.deepEqual(await sorted(client, id), [
        ...["= SUCCESS", "f SUCCESS", "fi SUCCESS", "never SUCCESS", "s SUCCESS"],
      ]);
    }));

  it("is handled by the errors of the blocks around both and of the flow, and nothing behind them runs", () =>
    db.inTransaction(async (client) => {
      const { id, worker } = await aKilled(client, (task) => {
        const failed = block("q", "Sequential", `tasks: [${log("f")}]`);
        const both = block("p", "Parallel", `tasks: [${task}, ${failed}], errors: [${log("pe")}]`);
        const around = block("o", "Sequential", `tasks: [${both}, ${log("x")}], errors: [${log("oe")}]`);
        return `tasks: [${around}, ${log("y")}]${ofFlow}`;
      });
      const handled = ["er SUCCESS", "f FAILED", "fi SUCCESS", "o KILLED", "oe SUCCESS", "p KILLED"];
      assert.deepEqual(await sorted(client, id), [
        ...["= KILLED", ...handled, "pe SUCCESS", "q FAILED", "s KILLED"],
      ]);
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      await worker.drain();
      const again = ["f SUCCESS", "fi SUCCESS", "o SUCCESS", "p SUCCESS", "q SUCCESS", "s SUCCESS"];
      assert.deepEqual(await sorted(client, id), ["= SUCCESS", ...again, "x SUCCESS", "y SUCCESS"]);
    }));

  it("is handled in the iteration of a Loop in which it happens", () =>
    db.inTransaction(async (client) => {
      const { id } = await aKilled(client, (task) => {
        const both = block("p", "Parallel", `tasks: [${task}, ${log("f")}]`);
        const rest = `outputs: [{ id: o, type: STRING, value: "{{ item.value }}" }], tasks: [${both}], errors: [${log("er")}], finally: [${log("fi")}]`;
        return `tasks: [${block("l", "Loop", `values: [1], ${rest}`)}]`;
      });
      assert.deepEqual(await sorted(client, id), [
        ...[
          "= KILLED",
          "er[1] SUCCESS",
          "f[1] FAILED",
          "fi[1] SUCCESS",
          "l KILLED",
          "p[1] KILLED",
          "s[1] KILLED",
        ],
      ]);
    }));

  it("is none to those around an AllowFailure in which it happens", () =>
    db.inTransaction(async (client) => {
      const { id } = await aKilled(client, (task) => {
        const both = block("p", "Parallel", `tasks: [${task}, ${log("f")}]`);
        const allowing = block("a", "AllowFailure", `tasks: [${both}], errors: [${log("ae")}]`);
        return `tasks: [${allowing}, ${log("y")}]${ofFlow}`;
      });
      const rest = ["f FAILED", "fi SUCCESS", "p KILLED", "s KILLED", "y SUCCESS"];
      assert.deepEqual(await sorted(client, id), ["= KILLED", "a KILLED", "ae SUCCESS", ...rest]);
    }));

  it("is none where nothing has failed", () =>
    db.inTransaction(async (client) => {
      const { id } = await aKilled(client, (task) => {
        const both = block("p", "Parallel", `tasks: [${task}, ${log("g")}], errors: [${log("pe")}]`);
        return `tasks: [${both}, ${log("y")}]${ofFlow}`;
      });
      const rest = ["fi SUCCESS", "g SUCCESS", "p KILLED", "s KILLED", "y SUCCESS"];
      assert.deepEqual(await sorted(client, id), ["= KILLED", ...rest]);
    }));
});
