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
      "count a value that is written twice once",
      loop("ForEach", "a, b", both),
      loop("ForEach", "a, a, b, n", both),
      'task:y["a"]',
      ["l ", "x[a] 0", "x[b] 1", "x[n] 2", "y[a] 0", "y[b] 1", "y[n] 2"],
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

describe("the order of a plan", () => {
  it("is that in which the iterations will stand, with what is dropped behind them", () =>
    db.inTransaction(async (client) => {
      const inner = (values: string) => block("i", "ForEach", `values: [${values}], tasks: [${both}]`);
      const tasks = (outer: string, values: string) =>
        `tasks: [${block("l", "ForEach", `values: [${outer}], tasks: [${inner(values)}], finally: [${log("f")}]`)}, ${log("z")}]`;
      const flow = await aBlockFlow(client, tasks("a, b", "1, 2"));
      const id = await anEndedExecution(client, flow);
      await aWrittenFlow(client, `id: ${flow.id}\nnamespace: company.team\n${tasks("n, b", "3, 2")}`);
      const { tasks: planned } = await aPlan(client, id, {
        anchors: ['task:y["b","2"]'],
        revision: "latest",
      });
      assert.deepEqual(
        planned.map(({ task_id, iteration_path, around, disposition }) =>
          [task_id, iteration_path ?? "", around ?? "", disposition === "REMOVED" ? "gone" : ""].join(" "),
        ),
        [
          "l   ",
          ...["i n 1 ", "x n 2 ", "y n 2 "],
          ...["i b 1 ", "x b,3 5 ", "y b,3 5 ", "x b,2 5 ", "y b,2 5 ", "x b,1 5 gone", "y b,1 5 gone"],
          ...["i a 1 gone", "x a,1 12 gone", "y a,1 12 gone", "x a,2 12 gone", "y a,2 12 gone"],
          ...["f  1 ", "z   "],
        ],
      );
    }));
});

describe("what reads the number of its iteration", () => {
  const reads = (template: string) =>
    `{ id: x, type: io.kestra.plugin.core.log.Log, message: "${template}" }`;
  const inner = (template: string) => block("s", "Sequential", `tasks: [${reads(template)}]`);

  for (const [title, type, body, key] of [
    ["a ForEach", "ForEach", reads("{{ taskrun.iteration }}"), "taskrun.iteration"],
    ["a Loop", "Loop", reads("{{ item.index }}"), "item.index"],
    ["a block in a Loop", "Loop", inner("{{ item.index }}"), "item.index"],
  ] as const)
    it(`is changed where it has another, in ${title}`, () =>
      db.inTransaction(async (client) => {
        const flow = await aBlockFlow(client, `tasks: [${loop(type, "a, b, c", `${body}, ${log("y")}`)}]`);
        const id = await anEndedExecution(client, flow);
        const next = loop(type, "c, b, a", `${body}, ${log("y")}`);
        await aWrittenFlow(client, `id: ${flow.id}\nnamespace: company.team\ntasks: [${next}]`);
        const args = { anchors: ['task:y["a"]'], revision: "latest" };
        const plan = await aPlan(client, id, args);
        assert.deepEqual(
          plan.tasks
            .filter(({ task_id }) => task_id === "x")
            .map((t) => `x[${t.iteration_path}] ${t.disposition} ${t.changed_keys}`)
            .toSorted(),
          [`x[a] CARRIED_CHANGED ${key}`, "x[b] CARRIED null", `x[c] CARRIED_CHANGED ${key}`],
        );

        const worker = await aHandWorker(client);
        const replay = await aReplay(client, id, args);
        await worker.drain();
        const again = await aReplay(client, replay.id, { anchors: ["auto"] });
        await worker.drain();
        const { rows } = await client.query(
          `select array_to_string(r.iteration_path, ',') as path
          from reprise.task_runs as r join reprise.tasks as t on t.key = r.task_key
          where r.execution_id = $1 and t.id = 'x' and not r.is_carried order by 1`,
          [again.id],
        );
        assert.deepEqual(rows, [{ path: "a" }, { path: "c" }]);
        const { codes } = await aPlan(client, again.id, { anchors: ["auto"] });
        assert.deepEqual(codes, ["nothing_to_replay"]);
      }));

  it("is so by what a loop has found that asks anew", () =>
    db.inTransaction(async (client) => {
      const body = `${reads("{{ taskrun.iteration }}")}, ${log("y")}`;
      const flow = await aBlockFlow(
        client,
        `inputs: [{ id: v, type: JSON, defaults: '["a", "b"]' }]\ntasks: [${block("l", "ForEach", `values: "{{ inputs.v }}", tasks: [${body}]`)}]`,
      );
      const worker = await aHandWorker(client);
      const finds = (values: string[]) => ({ l: { outputs: {}, iterations: values } });
      const id = await anEndedExecution(client, flow, finds(["a", "b"]) as never);
      const args = { anchors: ['task:y["b"]'], inputs: { v: ["b", "a"] } };
      const replay = await aReplay(client, id, args);
      await worker.drain(finds(["b", "a"]) as never);
      const { codes, anchors } = await aPlan(client, replay.id, { anchors: ["auto"] });
      assert.deepEqual(codes, []);
      assert.deepEqual(
        (anchors as { path: string[] }[]).map(({ path }) => path),
        [["b"], ["a"]],
      );
    }));
});
