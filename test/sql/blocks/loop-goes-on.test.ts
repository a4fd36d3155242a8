import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callOne } from "../../../src/db/call.ts";
import { anEndedExecution, aReplay } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, block, log } from "./block-flows.ts";
import { countOf } from "./loop-flows.ts";

const db = await testDatabase();

const shows = (id: string, format: string) =>
  `{ id: ${id}, type: io.kestra.plugin.core.debug.Return, format: "${format}" }`;

describe("a Loop that goes on", () => {
  it("in a replay or a restart shows nothing of how it had ended before, nor when it is stopped there", () =>
    db.inTransaction(async (client) => {
      const worker = await aHandWorker(client);
      const given = 'outputs: [{ id: o, type: STRING, value: "{{ outputs.a.value }}" }]';
      const reading = shows("q", "{{ outputs.l }}");
      const body = `tasks: [${block("l", "Loop", `values: [x, y], concurrencyLimit: 0, ${given}, tasks: [${log("a")}, ${reading}]`)}]
afterExecution: [${shows("z", "{{ outputs.l }}")}]`;
      const id = await anEndedExecution(client, await aBlockFlow(client, body), ({ taskId, begun }) =>
        taskId === "q" && begun.iteration_path?.[0] === "y" ? "FAILED" : {},
      );
      const was = await countOf(client, id);
      assert.deepEqual((was as { terminatedIterations: unknown }).terminatedIterations, {
        ...{ SUCCESS: 1, FAILED: 1 },
      });
      const { id: replay } = await aReplay(client, id, { anchors: [`task:q["x"]`] });
      for (const shown of [replay, id]) {
        if (shown === id) await callOne(client, "reprise_api.restart_execution", { execution_id: id });
        const [held] = await worker.drain({}, { holds: ({ taskId }) => taskId === "q" });
        assert.ok(held);
        assert.deepEqual(await countOf(client, shown), { iterationCount: 2 });
        assert.deepEqual(held.outputs.l, { iterationCount: 2 });
        await callOne(client, "reprise_api.kill_execution", { execution_id: shown });
        await worker.finish([{ attemptId: held.begun.attempt_id as string, state: "KILLED" }]);
        assert.deepEqual(await countOf(client, shown), { iterationCount: 2 });
        const seen: unknown[] = [];
        await worker.drain((run) => {
          seen.push(run.outputs.l);
          return {};
        });
        assert.deepEqual(seen, [{ iterationCount: 2 }]);
        if (shown === replay) assert.deepEqual(await countOf(client, id), was);
      }
      await callOne(client, "reprise_api.restart_execution", { execution_id: replay });
      await worker.drain();
      const { terminatedIterations } = (await countOf(client, replay)) as {
        terminatedIterations: unknown;
      };
      assert.deepEqual(terminatedIterations, { SUCCESS: 2 });
    }));
});
