import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callOne } from "../../../src/db/call.ts";
import { anEndedExecution, anExecution, executionOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, tend } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "../blocks/block-flows.ts";
import { childrenOf, subflow } from "./subflow-flows.ts";

const db = await testDatabase();

describe("a Subflow of a flow that says when its executions may start", () => {
  it("waits for a slot of it", () =>
    db.inTransaction(async (client) => {
      const child = await aBlockFlow(client, `concurrency: { limit: 1 }\ntasks: [${log("x")}]`);
      const three = [1, 2, 3].map((n) => subflow(`s${n}`, child)).join(", ");
      const parent = await aBlockFlow(client, `tasks: [${block("p", "Parallel", `tasks: [${three}]`)}]`);
      const id = await anExecution(client, parent);
      const worker = await aHandWorker(client);
      const [held] = await worker.drain({}, { holds: ({ taskId }) => taskId === "x" });
      const states = await Promise.all(
        (await childrenOf(client, id)).map(async (one) => (await executionOf(client, one.id)).state),
      );
      assert.deepEqual(states.sort(), ["QUEUED", "QUEUED", "RUNNING"]);
      await worker.finish([{ attemptId: held?.begun.attempt_id as string }]);
      await worker.drain();
      assert.deepEqual((await linesOf(client, id)).at(-1), "= SUCCESS");
      assert.equal((await childrenOf(client, id)).length, 3);
    }));

  it("starts at the date that it names", () =>
    db.inTransaction(async (client) => {
      const child = await aBlockFlow(client, `tasks: [${log("x")}]`);
      const parent = await aBlockFlow(
        client,
        `tasks: [${subflow("s", child, ', scheduleDate: "2100-01-01T00:00:00Z"')}]`,
      );
      const id = await anEndedExecution(client, parent);
      assert.deepEqual(await linesOf(client, id), ["s SUCCESS", "= SUCCESS"]);
      const [started] = await childrenOf(client, id);
      const { started_at } = await executionOf(client, started?.id as string);
      assert.equal(started_at?.toISOString(), "2100-01-01T00:00:00.000Z");
    }));

  it("is killed where an SLA of its parent ends that", () =>
    db.inTransaction(async (client) => {
      const child = await aBlockFlow(client, `tasks: [${log("x")}]`);
      const parent = await aBlockFlow(
        client,
        `sla: [{ id: short, type: MAX_DURATION, duration: PT1M, behavior: FAIL }]\ntasks: [${subflow("s", child)}]`,
      );
      const id = await anExecution(client, parent);
      const worker = await aHandWorker(client);
      const [held] = await worker.drain({}, { holds: ({ taskId }) => taskId === "x" });
      await client.query(
        "select set_config('reprise.now', (reprise_engine.clock() + interval '2 minutes')::text, true)",
      );
      await callOne(client, "reprise_engine.enforce_deadline", { execution_id: id });
      assert.deepEqual(await linesOf(client, id), ["s FAILED", "= FAILED"]);
      await tend(client);
      const [started] = await childrenOf(client, id);
      assert.equal((await executionOf(client, started?.id as string)).state, "KILLING");
      await worker.finish([{ attemptId: held?.begun.attempt_id as string, state: "KILLED" }]);
      assert.equal((await executionOf(client, started?.id as string)).state, "KILLED");
    }));
});
