import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { anEndedExecution, aPlan, aReplay } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, block, log } from "../blocks/block-flows.ts";

const db = await testDatabase();

describe("the plan of a block that was left out and is carried", () => {
  const inner = `tasks: [${log("a")}], runIf: "{{ false }}"`;
  const kinds = [
    ...[
      block("s", "AllowFailure", inner),
      block("s", "Sequential", inner),
      block("s", "ForEach", `values: [p], ${inner}`),
    ],
    block("s", "If", `condition: true, then: [${log("a")}], runIf: "{{ false }}"`),
    log("s", `, runIf: "{{ false }}"`),
  ];
  const ways = [
    (it: string) => it,
    (it: string) => block("l", "ForEach", `values: [x, y], tasks: [${it}, ${log("b")}]`),
  ];

  it("says the number of the attempt that it shows, in blocks and at the top", () =>
    db.inTransaction(async (client) => {
      const worker = await aHandWorker(client);
      for (const kind of kinds)
        for (const way of ways) {
          const id = await anEndedExecution(
            client,
            await aBlockFlow(client, `tasks: [${way(kind)}, ${log("z")}]`),
          );
          const plan = await aPlan(client, id, { anchors: ["task:z"] });
          const replay = await aReplay(client, id, { anchors: ["task:z"] });
          await worker.drain();
          const { rows } = await client.query<{ attempt_number: number }>(
            "select state, attempt_number from reprise_api.task_runs where execution_id = $1 and task_id = 's' order by id",
            [replay.id],
          );
          const planned = plan.tasks.filter(({ task_id }) => task_id === "s");
          assert.deepEqual(
            planned.map(({ attempt_number }) => attempt_number),
            rows.map(({ attempt_number }) => attempt_number),
            way(kind),
          );
        }
    }));
});
