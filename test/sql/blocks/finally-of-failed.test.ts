import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callOne } from "../../../src/db/call.ts";
import { anEndedExecution, anExecution, aPlan, aReplay, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "./block-flows.ts";

const db = await testDatabase();

const handlers = `errors: [${log("e")}], finally: [${log("f")}, ${log("g")}]`;
const blocks = {
  "a Switch without a case": (rest: string) =>
    block("b", "Switch", `value: "{{ inputs.way }}", cases: { known: [${log("t")}] }, ${rest}`),
  "a LoopUntil that came to its maximum": (rest: string) =>
    block(
      "b",
      "LoopUntil",
      `condition: "{{ inputs.way == 'known' }}", failOnMaxReached: true, checkFrequency: { interval: PT1S, maxIterations: 2 }, tasks: [${log("t")}], ${rest}`,
    ),
};

describe("a block that fails by itself", () => {
  for (const [title, write] of Object.entries(blocks)) {
    const inside = title.includes("Switch") ? [] : ["t SUCCESS"];
    const flow = (rest = "") =>
      `inputs: [{ id: way, type: STRING, defaults: other }]\ntasks: [${write(handlers + rest)}, ${log("n")}]\nerrors: [${log("x")}]`;

    it(`runs its finally once, and not its errors: ${title}`, () =>
      db.inTransaction(async (client) => {
        const id = await anEndedExecution(client, await aBlockFlow(client, flow()));
        const expected = ["b FAILED", ...inside, "f SUCCESS", "g SUCCESS", "x SUCCESS", "= FAILED"];
        assert.deepEqual(await linesOf(client, id), expected);
        const { b } = await taskRunsOf(client, id);
        assert.match(JSON.stringify(b?.error), /no_case|max_iterations_reached/);

        const plan = await aPlan(client, id, { anchors: ["failed"] });
        assert.deepEqual([plan.brief.b, plan.brief.f], ["RERUN anchor", "RERUN handles b"]);
        const replay = await aReplay(client, id, { anchors: ["failed"] });
        const worker = await aHandWorker(client);
        await worker.drain();
        assert.deepEqual(await linesOf(client, replay.id), expected);

        const last = await aPlan(client, id, { anchors: ["task:g"] });
        assert.deepEqual(
          [last.brief.b, last.brief.f, last.brief.g, last.brief.n],
          ["REOPENED around", "CARRIED unchanged", "RERUN anchor", "NOT_REACHED held_back b"],
        );
        const ended = await aReplay(client, id, { anchors: ["task:g"] });
        await worker.drain();
        assert.deepEqual((await linesOf(client, ended.id)).sort(), expected.toSorted());

        await callOne(client, "reprise_api.restart_execution", { execution_id: id });
        await worker.drain();
        const again = await linesOf(client, id);
        assert.deepEqual(again.sort(), expected.sort());
        assert.match((await taskRunsOf(client, id)).f?.attempts.join() ?? "", /^2 SUCCESS$/);

        const well = await aReplay(client, id, { anchors: ["failed"], inputs: { way: "known" } });
        await worker.drain();
        const lines = ["b SUCCESS", "t SUCCESS", "f SUCCESS", "g SUCCESS", "n SUCCESS", "= SUCCESS"];
        assert.deepEqual(await linesOf(client, well.id), lines);
      }));

    it(`goes on behind it where the failure is allowed: ${title}`, () =>
      db.inTransaction(async (client) => {
        const id = await anEndedExecution(client, await aBlockFlow(client, flow(", allowFailure: true")));
        assert.deepEqual(await linesOf(client, id), [
          ...["b WARNING", ...inside, "f SUCCESS", "g SUCCESS", "n SUCCESS", "= WARNING"],
        ]);
      }));

    it(`is killed while that runs: ${title}`, () =>
      db.inTransaction(async (client) => {
        const id = await anExecution(client, await aBlockFlow(client, flow()));
        const worker = await aHandWorker(client);
        const [held] = await worker.drain({}, { holds: ({ taskId }) => taskId === "f" });
        assert.equal((await taskRunsOf(client, id)).b?.state, "RUNNING");
        await callOne(client, "reprise_api.kill_execution", { execution_id: id });
        await worker.finish([{ attemptId: held?.begun.attempt_id as string, state: "KILLED" }]);
        assert.deepEqual(await linesOf(client, id), ["b KILLED", ...inside, "f KILLED", "= KILLED"]);
        await callOne(client, "reprise_api.restart_execution", { execution_id: id });
        await worker.drain();
        assert.deepEqual((await linesOf(client, id)).at(-1), "= FAILED");
      }));

    it(`is tried again first, as often as its retry says: ${title}`, () =>
      db.inTransaction(async (client) => {
        const retry = ", retry: { type: constant, interval: PT1S, maxAttempts: 2 }";
        const id = await anEndedExecution(client, await aBlockFlow(client, flow(retry)));
        const lines = await linesOf(client, id);
        assert.deepEqual(lines, ["b FAILED", ...inside, "f SUCCESS", "g SUCCESS", "x SUCCESS", "= FAILED"]);
      }));
  }
});
