import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { anExecution, aPlan, aReplay, travelTo } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, block, failing, linesOf, log } from "../blocks/block-flows.ts";

const db = await testDatabase();
const start = "2026-03-01T08:00:00Z";
const late = "2026-03-01T12:00:00Z";

/** An execution in which `a` has ended, and whose SLA comes while `b` stands beside it. */
async function aStopped(client: ClientBase, behavior: string, b: string, script = failing(), rounds = 1) {
  await travelTo(client, start);
  const sla = `sla: [{ id: s, type: MAX_DURATION, duration: PT1H, behavior: ${behavior} }]`;
  const body = `${sla}\ntasks: [${block("p", "Parallel", `tasks: [${log("a")}, ${b}]`)}]`;
  const id = await anExecution(client, await aBlockFlow(client, body));
  const worker = await aHandWorker(client);
  await worker.drain(script, { rounds, holds: ({ taskId }) => taskId === "c" });
  await travelTo(client, late);
  await callOne(client, "reprise_engine.enforce_deadline", { execution_id: id });
  return { id, worker };
}

describe("a replay from beside what an SLA has stopped", () => {
  for (const behavior of ["FAIL", "CANCEL"])
    for (const [what, b] of [
      ["a task that ran", log("c")],
      ["a Pause", block("b", "Pause", `pauseDuration: PT2H, tasks: [${log("d")}]`)],
      [
        "a task that waited for its next try",
        log("b", ", retry: { type: constant, interval: PT2H, maxAttempts: 2 }"),
      ],
    ] as const)
      it(`runs ${what} again, where the SLA is to ${behavior}`, () =>
        db.inTransaction(async (client) => {
          const { id, worker } = await aStopped(client, behavior, b, failing("b 1"));
          const { brief } = await aPlan(client, id, { anchors: ["task:a"] });
          assert.match(brief.b ?? brief.c ?? "", /^RERUN not_ended/);
          const replay = await aReplay(client, id, { anchors: ["task:a"] });
          await worker.drain();
          assert.equal((await linesOf(client, replay.id)).at(-1), "= SUCCESS");
        }));

  it("carries what had failed by itself", () =>
    db.inTransaction(async (client) => {
      const { id } = await aStopped(client, "FAIL", `${log("b")}, ${log("c")}`, failing("b 1"));
      const { brief } = await aPlan(client, id, { anchors: ["task:a"] });
      assert.match(brief.b ?? "", /^CARRIED_FAILED/);
      assert.match(brief.c ?? "", /^RERUN not_ended/);
    }));
});

describe("a restart of what an SLA has stopped", () => {
  for (const behavior of ["FAIL", "CANCEL"])
    it(`runs again what an iteration ran finally, where the SLA was to ${behavior}`, () =>
      db.inTransaction(async (client) => {
        const loop = block(
          "l",
          "Loop",
          `values: [x], transmitFailed: false, tasks: [${log("b")}], finally: [${log("c")}]`,
        );
        const { id, worker } = await aStopped(client, behavior, loop, failing(), Number.POSITIVE_INFINITY);
        await callOne(client, "reprise_api.restart_execution", { execution_id: id });
        await worker.drain();
        const lines = await linesOf(client, id);
        assert.ok(lines.includes("c[x] SUCCESS"), lines.join("\n"));
        assert.equal(lines.at(-1), "= SUCCESS");
      }));
});
