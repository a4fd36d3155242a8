import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callOne } from "../../../src/db/call.ts";
import { anExecution, aReplay } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "../blocks/block-flows.ts";
import { childrenOf, subflow } from "./subflow-flows.ts";

const db = await testDatabase();

describe("a restart that was cut short behind a killed child", () => {
  it("asks a Loop for its values when it comes to it in the next", () =>
    db.inTransaction(async (client) => {
      const child = await aBlockFlow(client, `tasks: [${log("x")}]`);
      const loop = block(
        "lo",
        "Loop",
        `values: "{{ outputs.s.state == 'SUCCESS' ? ['u'] : ['k', 'l'] }}", outputs: [{ id: o, value: "{{ outputs.z.value }}" }], tasks: [${log("y")}, ${log("z")}]`,
      );
      const flow = await aBlockFlow(
        client,
        `tasks: [${subflow("s", child)}, ${subflow("s2", child)}, ${loop}]`,
      );
      const id = await anExecution(client, flow);
      const worker = await aHandWorker(client);
      const restart = (execution_id: string) =>
        callOne(client, "reprise_api.restart_execution", { execution_id });
      const killChild = async (of: string, index: number) => {
        await worker.drain({}, { waits: (one) => one !== of });
        const children = await childrenOf(client, of);
        await callOne(client, "reprise_api.kill_execution", { execution_id: children[index]?.id as string });
      };
      await killChild(id, 0);
      await killChild(id, 1);
      await worker.drain();
      const replay = await aReplay(client, id, { anchors: ['task:z["k"]'] });
      await killChild(replay.id, 0);
      await worker.drain();

      await restart(replay.id);
      let begun = 0;
      await worker.drain(() => {
        begun += 1;
        return begun === 2 ? "FAILED" : {};
      });
      await restart(replay.id);
      await worker.drain();
      assert.deepEqual((await linesOf(client, replay.id)).toSorted(), [
        "= SUCCESS",
        "lo SUCCESS",
        "lo_outputs[u] SUCCESS",
        "s SUCCESS",
        "s2 SUCCESS",
        "y[u] SUCCESS",
        "z[u] SUCCESS",
      ]);
    }));
});
