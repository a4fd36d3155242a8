import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callOne } from "../../../src/db/call.ts";
import { anExecution } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "./block-flows.ts";

const db = await testDatabase();
const pause = (rest: string) =>
  `{ id: p, type: io.kestra.plugin.core.flow.Pause, onPause: ${block("told", "Sequential", `tasks: [${log("t")}]`)}${rest} }`;

describe("what a Pause runs when it begins to wait", () => {
  it("runs again when a restart has it wait again", () =>
    db.inTransaction(async (client) => {
      const id = await anExecution(client, await aBlockFlow(client, `tasks: [${pause("")}]`));
      const worker = await aHandWorker(client);
      await worker.drain({});
      await callOne(client, "reprise_api.kill_execution", { execution_id: id });
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      await worker.drain({});
      assert.deepEqual((await linesOf(client, id, true)).toSorted(), [
        ...["= PAUSED", "p PAUSED 2", "t SUCCESS 2", "told SUCCESS 2"],
      ]);
    }));

  it("runs in each iteration of a LoopUntil", () =>
    db.inTransaction(async (client) => {
      const until = block(
        "l",
        "LoopUntil",
        `condition: "{{ outputs.l.iterationCount >= 2 }}", checkFrequency: { interval: PT1S }, tasks: [${pause(", pauseDuration: PT1S")}]`,
      );
      const id = await anExecution(client, await aBlockFlow(client, `tasks: [${until}]`));
      await (await aHandWorker(client)).drain({});
      const lines = await linesOf(client, id, true);
      assert.ok(lines.includes("t SUCCESS 2") && lines.at(-1) === "= SUCCESS", lines.join());
    }));
});
