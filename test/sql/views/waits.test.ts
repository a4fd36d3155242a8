import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { anExecution } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, block, log } from "../blocks/block-flows.ts";
import { aGatedFlow, someExecutions } from "../gates/gate-flows.ts";

const db = await testDatabase();

async function waitsOf(client: ClientBase, id: string): Promise<Record<string, unknown>[]> {
  const { rows } = await client.query(
    `select kind, task_id, iteration_path, since = reprise_engine.clock() as is_new, due_at - since as length, ending, inputs,
      concurrency_limit, ahead
    from reprise_api.waits where execution_id = $1 order by kind, task_run_id`,
    [id],
  );
  return rows.map((row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)));
}

/** Starts an execution of these lists, at a time that stands still, and lets it come as far as it can in two rounds. */
async function started(client: ClientBase, body: string, breakpoints: string[] = []): Promise<string> {
  await client.query("set local reprise.now = '2026-01-01 00:00Z'");
  const id = await anExecution(client, await aBlockFlow(client, body), { breakpoints });
  await (await aHandWorker(client)).drain({}, { rounds: 2 });
  return id;
}

describe("reprise_api.waits", () => {
  it("says of a Pause since and until when it waits, what happens then, and what it asks for", () =>
    db.inTransaction(async (client) => {
      const pause = (id: string, rest = "") => `{ id: ${id}, type: io.kestra.plugin.core.flow.Pause${rest} }`;
      const asking = `, onResume: [{ id: reason, type: STRING }, { id: count, type: INT, required: false }]`;
      const loop = block("l", "ForEach", `values: [x], tasks: [${pause("p", asking)}]`);
      const late = pause("q", ", pauseDuration: PT1M, behavior: CANCEL");
      const allowed = pause("r", ", timeout: PT1M, allowFailure: true");
      const id = await started(
        client,
        `tasks: [${block("all", "Parallel", `tasks: [${late}, ${allowed}, ${loop}]`)}]`,
      );
      const [first, second, third] = await waitsOf(client, id);
      const inAMinute = { minutes: 1 };
      assert.deepEqual(
        { ...first, length: { ...(first?.length as object) } },
        {
          ...{
            kind: "PAUSE",
            task_id: "q",
            is_new: true,
            length: inAMinute,
            ending: "CANCELLED",
            inputs: [],
          },
        },
      );
      assert.deepEqual([second?.task_id, second?.ending], ["r", "WARNING"]);
      const { inputs, ...rest } = third as { inputs: { id: string; type: string; required: boolean }[] };
      assert.deepEqual(rest, { kind: "PAUSE", task_id: "p", iteration_path: ["x"], is_new: true });
      assert.deepEqual(
        inputs.map(({ id: input, type, required }) => `${input} ${type} ${required}`),
        ["reason STRING true", "count INT false"],
      );
    }));

  it("says who holds an execution: somebody, or a breakpoint", () =>
    db.inTransaction(async (client) => {
      const id = await started(client, `tasks: [${log("a")}, ${log("b")}]`, ["b"]);
      assert.deepEqual(await waitsOf(client, id), [{ kind: "BREAKPOINT", task_id: "b", is_new: true }]);
      await callOne(client, "reprise_api.resume_execution", { execution_id: id });
      assert.deepEqual(await waitsOf(client, id), []);
      await callOne(client, "reprise_api.pause_execution", { execution_id: id });
      assert.deepEqual(await waitsOf(client, id), [{ kind: "HELD", is_new: true }]);
    }));

  it("does not take the time of a Pause for that in which somebody paused", () =>
    db.inTransaction(async (client) => {
      const id = await started(client, "tasks: [{ id: p, type: io.kestra.plugin.core.flow.Pause }]");
      await callOne(client, "reprise_api.pause_execution", { execution_id: id });
      const waits = await waitsOf(client, id);
      assert.deepEqual(
        waits.map(({ kind, is_new }) => [kind, is_new]),
        [
          ["HELD", undefined],
          ["PAUSE", true],
        ],
      );
    }));

  it("says how many wait for a slot before one that is queued", () =>
    db.inTransaction(async (client) => {
      await client.query("set local reprise.now = '2026-01-01 00:00Z'");
      const flow = await aGatedFlow(client, "concurrency: { limit: 1 }");
      const [running, next] = await someExecutions(client, flow, 2);
      const slot = { kind: "SLOT", is_new: true, concurrency_limit: 1 };
      assert.deepEqual(await waitsOf(client, running as string), []);
      assert.deepEqual(await waitsOf(client, next as string), [{ ...slot, ahead: 0 }]);
      await client.query("set local reprise.now = '2026-01-01 00:01Z'");
      const last = await anExecution(client, flow);
      assert.deepEqual(await waitsOf(client, last), [{ ...slot, ahead: 1 }]);
    }));
});
