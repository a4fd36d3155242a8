import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callOne } from "../../../src/db/call.ts";
import { anExecution, aPlan, aReplay, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "../blocks/block-flows.ts";
import { childrenOf, subflow } from "../subflows/subflow-flows.ts";

const db = await testDatabase();
const isWell = "outputs.s.state == 'SUCCESS'";

/** Blocks that choose by how `s` ended, and what they choose when it has ended well. */
const blocks: Record<string, [string, string]> = {
  If: [`condition: "{{ ${isWell} }}", then: [${log("yes")}], else: [${log("no")}]`, "yes"],
  Switch: [
    `value: "{{ outputs.s.state }}", cases: { SUCCESS: [${log("yes")}] }, defaults: [${log("no")}]`,
    "yes",
  ],
  ForEach: [`values: "{{ ${isWell} ? ['u'] : ['k', 'l'] }}", tasks: [${log("h")}]`, "h[u]"],
  Loop: [`values: "{{ ${isWell} ? ['u'] : ['k', 'l'] }}", tasks: [${log("h")}]`, "h[u]"],
};

describe("a replay from behind a block that waits to decide anew", () => {
  for (const [type, [rest, chosen]] of Object.entries(blocks))
    for (const isStopped of [false, true])
      it(`has ${type} decide${isStopped ? ", also when that was stopped" : ""}`, () =>
        db.inTransaction(async (client) => {
          const child = await aBlockFlow(client, `tasks: [${log("x")}]`);
          const flow = await aBlockFlow(
            client,
            `tasks: [${subflow("s", child)}, ${block("b", type, rest)}, ${log("z")}]`,
          );
          const id = await anExecution(client, flow);
          const worker = await aHandWorker(client);
          await worker.drain({}, { rounds: 1 });
          const [started] = await childrenOf(client, id);
          await callOne(client, "reprise_api.kill_execution", { execution_id: started?.id as string });
          await worker.drain();
          await callOne(client, "reprise_api.restart_execution", { execution_id: id });
          if (isStopped) await callOne(client, "reprise_api.kill_execution", { execution_id: id });

          const anchors = [(await taskRunsOf(client, id)).z?.id as string];
          const { s, b, z } = (await aPlan(client, id, { anchors })).brief;
          assert.deepEqual([s, b, z], ["RERUN not_ended", "RERUN not_ended", "RERUN anchor"]);
          const replay = await aReplay(client, id, { anchors });
          await worker.drain();
          assert.deepEqual(
            (await linesOf(client, replay.id)).toSorted(),
            ["= SUCCESS", "b SUCCESS", `${chosen} SUCCESS`, "s SUCCESS", "z SUCCESS"].toSorted(),
          );
        }));
});
