import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { aWrittenFlow } from "../../support/a-flow.ts";
import { anEndedExecution, aPlan, aReplay } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type Script } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "../blocks/block-flows.ts";

const db = await testDatabase();

const exit = "{ id: e, type: io.kestra.plugin.core.execution.Exit, state: FAILED }";
const wrapped = block("n", "Sequential", `tasks: [${exit}]`);
const script: Script = { e: { state: "RUNNING", outputs: { exit: "FAILED" } } };

function body(kind: string, handler: string): string {
  const values = kind === "Sequential" ? "" : "values: [v], ";
  const around = block("l", kind, `${values}tasks: [${log("a")}], finally: [${log("f")}, ${handler}]`);
  return `tasks: [${around}, ${log("c")}]\nafterExecution: [${log("x")}]`;
}

const sorted = async (client: ClientBase, id: string) => (await linesOf(client, id)).toSorted();

describe("an Exit that fails the execution in what a block runs finally", () => {
  for (const kind of ["Sequential", "ForEach", "Loop"])
    for (const [how, handler] of [
      ["by itself", exit],
      ["in a block", wrapped],
    ] as const)
      it(`runs again in a restart: of a ${kind}, ${how}`, () =>
        db.inTransaction(async (client) => {
          const id = await anEndedExecution(client, await aBlockFlow(client, body(kind, handler)), script);
          const lines = await sorted(client, id);
          assert.equal(lines[0], "= FAILED");
          const replay = await aReplay(client, id, { anchors: ["task:x"] });
          const worker = await aHandWorker(client);
          await worker.drain(script);
          for (const each of [id, replay.id]) {
            await callOne(client, "reprise_api.restart_execution", { execution_id: each });
            await worker.drain(script);
            assert.deepEqual(await sorted(client, each), lines);
          }
        }));

  it("is carried by a replay from what runs after all, with what a revision has put around it", () =>
    db.inTransaction(async (client) => {
      const flow = await aBlockFlow(client, body("Loop", exit));
      const id = await anEndedExecution(client, flow, script);
      await aWrittenFlow(client, `id: ${flow.id}\nnamespace: company.team\n${body("Loop", wrapped)}`);
      const args = { anchors: ["task:x"], revision: "latest" };
      assert.deepEqual((await aPlan(client, id, args)).brief, {
        ...{ l: "CARRIED unchanged", a: "CARRIED unchanged", f: "CARRIED unchanged" },
        ...{ n: "CARRIED wraps", e: "CARRIED unchanged", c: "NOT_REACHED cut_off", x: "RERUN anchor" },
      });
      const replay = await aReplay(client, id, args);
      const worker = await aHandWorker(client);
      await worker.drain(script);
      const lines = await sorted(client, replay.id);
      assert.deepEqual(lines, [...(await sorted(client, id)), "n[v] FAILED"].toSorted());
      await callOne(client, "reprise_api.restart_execution", { execution_id: replay.id });
      await worker.drain(script);
      assert.deepEqual(await sorted(client, replay.id), lines);
    }));
});
