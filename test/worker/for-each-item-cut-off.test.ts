import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { callOne } from "../../src/db/call.ts";
import type { Worker } from "../../src/worker/worker.ts";
import { block } from "../sql/blocks/block-flows.ts";
import { aWorker } from "../support/a-worker.ts";
import { anExecution, executionOf, taskRunsOf } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { until } from "../support/until.ts";
import { aWorkerFlow, untilEnded } from "../support/worker-flows.ts";
import { childInputs, file, inputs, item, itemsOf } from "./item-flows.ts";

const db = await testDatabase();
let worker: Worker;
before(async () => {
  worker = await aWorker(db.connectionString);
});
after(async () => await worker?.[Symbol.asyncDispose]());

const sla = (behavior: string) =>
  `sla: [{ id: s, type: MAX_DURATION, behavior: ${behavior}, duration: PT1H }]`;
const pause = "{ id: gate, type: io.kestra.plugin.core.flow.Pause }";
const behind = (end: string) => `, ${block("late", "Sequential", `tasks: [${pause}, ${end}]`)}`;

/** What ends an execution while its ForEachItem waits: what stands beside that, and what else is in the flow. */
const ends: [how: string, beside: string, rest: string, state: string][] = [
  ["by an SLA that fails it", "", `\n${sla("FAIL")}`, "FAILED"],
  ["by an SLA that cancels it", "", `\n${sla("CANCEL")}`, "CANCELLED"],
  [
    "by the retry of something else",
    behind(
      "{ id: fails, type: io.kestra.plugin.core.execution.Fail, retry: { type: constant, interval: PT1H, maxAttempts: 2, behavior: CREATE_NEW_EXECUTION } }",
    ),
    "",
    "RETRIED",
  ],
  [
    "by an Exit that kills it",
    behind("{ id: exit, type: io.kestra.plugin.core.execution.Exit, state: KILLED }"),
    "",
    "KILLED",
  ],
];

describe("a ForEachItem whose execution is ended", () => {
  for (const [how, beside, rest, state] of ends)
    it(`shows how its executions have ended with that: ${how}`, async () => {
      const child = await aWorkerFlow(
        db.pool,
        `${childInputs}\ntasks: [{ id: i, type: io.kestra.plugin.core.flow.If, condition: "{{ inputs.number == 1 }}", then: [{ id: p, type: io.kestra.plugin.core.flow.Pause }] }]`,
      );
      const both = block("both", "Parallel", `tasks: [${item(child, inputs)}${beside}]`);
      const id = await anExecution(
        db.pool,
        await aWorkerFlow(db.pool, `tasks: [${file(3)}, ${both}]${rest}`),
      );
      const itemsRun = async () => (await taskRunsOf(db.pool, id)).each_items;
      await until(async () => JSON.stringify((await itemsRun())?.outputs)?.includes('"SUCCESS":2'), {
        what: "two to end",
      });
      if (beside === "") {
        await db.pool.query(
          "update reprise.executions set deadline_at = reprise_engine.clock() where id = $1",
          [id],
        );
        await callOne(db.pool, "reprise_engine.enforce_deadline", { execution_id: id });
      } else {
        const gate = (await taskRunsOf(db.pool, id)).gate?.id as string;
        await callOne(db.pool, "reprise_api.resume_execution", { execution_id: id, task_run_id: gate });
      }
      await until(async () => (await executionOf(db.pool, id)).ended_at !== null, { what: "the end" });
      const [, paused] = await itemsOf(db.pool, id);
      await untilEnded(db.pool, paused?.id as string);
      assert.equal((await executionOf(db.pool, id)).state, state);
      const run = await itemsRun();
      assert.deepEqual(run?.attempts, ["1 KILLED"]);
      assert.deepEqual(run?.outputs, {
        iterations: { CREATED: 0, RUNNING: 0, SUCCESS: 2, KILLED: 1 },
        numberOfBatches: 3,
      });
    });
});
