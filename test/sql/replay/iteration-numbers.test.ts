import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aWrittenFlow } from "../../support/a-flow.ts";
import { anEndedExecution, aPlan, aReplay } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, block, log } from "../blocks/block-flows.ts";

const db = await testDatabase();

const loop = (type: string, values: string, body: string) =>
  block("l", type, `values: [${values}], tasks: [${body}]`);
const both = `${log("x")}, ${log("y")}`;

describe("the numbers of iterations in a plan", () => {
  for (const [title, was, becomes, anchor, wanted] of [
    [
      "are those of values in another order",
      loop("ForEach", "a, b, c", both),
      loop("ForEach", "c, n, a", both),
      'task:y["a"]',
      ["l ", "x[a] 2", "x[c] 0", "x[n] 1", "y[a] 2", "y[c] 0", "y[n] 1"],
    ],
    [
      "are so in a Loop",
      loop("Loop", "a, b, c", both),
      loop("Loop", "c, n, a", both),
      'task:y["a"]',
      ["l ", "x[a] 2", "x[c] 0", "x[n] 1", "y[a] 2", "y[c] 0", "y[n] 1"],
    ],
    [
      "are so in a loop that runs again as a whole",
      `${log("o")}, ${loop("ForEach", "a, b", log("x"))}`,
      `${log("o")}, ${loop("ForEach", "b, a", log("x"))}`,
      "task:o",
      ["l ", "o ", "x[a] 1", "x[b] 0"],
    ],
    [
      "are none for what does not stand directly in the loop any more",
      loop("ForEach", "a, b", both),
      loop("ForEach", "a, b", `${log("x")}, ${block("s", "Sequential", `tasks: [${log("y")}]`)}`),
      'task:y["a"]',
      ["l ", "s[a] 0", "s[b] 1", "x[a] 0", "x[b] 1", "y[a] ", "y[b] "],
    ],
  ] as const)
    it(`${title}, and what runs has them`, () =>
      db.inTransaction(async (client) => {
        const flow = await aBlockFlow(client, `tasks: [${was}]`);
        const id = await anEndedExecution(client, flow);
        await aWrittenFlow(client, `id: ${flow.id}\nnamespace: company.team\ntasks: [${becomes}]`);
        const args = { anchors: [anchor], revision: "latest" };
        const plan = await aPlan(client, id, args);
        const planned = plan.tasks
          .filter(({ disposition }) => disposition !== "REMOVED")
          .map((t) => `${t.task_id}${t.iteration_path ? `[${t.iteration_path}]` : ""} ${t.iteration ?? ""}`);
        assert.deepEqual(planned.toSorted(), wanted);
        const replay = await aReplay(client, id, args);
        await (await aHandWorker(client)).drain();
        const { rows } = await client.query<{ line: string }>(
          `select t.id || coalesce('[' || array_to_string(r.iteration_path, ',') || ']', '') || ' ' || coalesce(r.iteration::text, '') as line
          from reprise.task_runs as r join reprise.tasks as t on t.key = r.task_key
          where r.execution_id = $1`,
          [replay.id],
        );
        assert.deepEqual(rows.map(({ line }) => line).toSorted(), wanted);
      }));
});
