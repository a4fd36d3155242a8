import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aWrittenFlow } from "../../support/a-flow.ts";
import { anEndedExecution, aPlan, aReplay } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type Script, type Scripted } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "../blocks/block-flows.ts";

const db = await testDatabase();

describe("anchors beside an Exit that ends the replay again", () => {
  it("are sure to run where nothing stands before them, and else only perhaps", () =>
    db.inTransaction(async (client) => {
      const exit = "{ id: e, type: io.kestra.plugin.core.execution.Exit, state: WARNING }";
      const lanes = [
        block("s", "Sequential", `tasks: [${log("p")}, ${log("q")}]`),
        block("r", "Sequential", `tasks: [${log("u")}, ${log("v")}, ${exit}]`),
      ];
      const exits = { e: { state: "RUNNING", outputs: { exit: "WARNING" } } } satisfies Record<
        string,
        Scripted
      >;
      const flow = await aBlockFlow(client, `tasks: [${block("par", "Parallel", `tasks: [${lanes}]`)}]`);
      const id = await anEndedExecution(client, flow, exits);

      const args = { anchors: ["task:p", "task:q"] };
      const { tasks } = await aPlan(client, id, args);
      const planned = tasks.map(({ task_id, disposition }) => `${task_id} ${disposition}`);
      assert.deepEqual(
        planned.filter((line) => /^[pqe] /.test(line)),
        ["p RERUN", "q UNKNOWN", "e RERUN"],
      );
      const replay = await aReplay(client, id, args);
      await (await aHandWorker(client)).drain(exits);
      const ran = await linesOf(client, replay.id);
      assert.ok(ran.includes("p SUCCESS") && !ran.some((line) => line.startsWith("q ")), ran.join());
      assert.equal(ran.at(-1), "= WARNING");
    }));
});

describe("an anchor behind an Exit that was left out, in a LoopUntil", () => {
  const exit = `{ id: e, type: io.kestra.plugin.core.execution.Exit, runIf: "{{ false }}" }`;
  const leaveOut: Script = ({ taskId }) => (taskId === "e" ? "SKIPPED" : {});

  it("is sure to run: the Exit may only when the loop goes on", () =>
    db.inTransaction(async (client) => {
      const inside = block("s", "Sequential", `tasks: [${exit}, ${log("a")}], finally: [${log("f")}]`);
      const loop = `condition: "{{ true }}", tasks: [${inside}, ${log("b")}], finally: [${log("g")}]`;
      const flow = await aBlockFlow(client, `tasks: [${block("l", "LoopUntil", loop)}, ${log("c")}]`);
      const id = await anEndedExecution(client, flow, leaveOut);
      for (const [anchor, said] of [
        ["task:a", "s REOPENED,e UNKNOWN,a RERUN,f RERUN,b RERUN,g UNKNOWN,c UNKNOWN"],
        ["task:b", "s UNKNOWN,e UNKNOWN,a UNKNOWN,f UNKNOWN,b RERUN,g UNKNOWN,c UNKNOWN"],
      ] as const) {
        const plan = await aPlan(client, id, { anchors: [anchor] });
        assert.deepEqual(plan.codes, []);
        const planned = plan.tasks.map(({ task_id, disposition }) => `${task_id} ${disposition}`);
        assert.deepEqual(planned.join(), `l REOPENED,${said}`, anchor);
        const replay = await aReplay(client, id, { anchors: [anchor] });
        await (await aHandWorker(client)).drain(leaveOut);
        assert.deepEqual((await linesOf(client, replay.id)).at(-1), "= SUCCESS");
      }
    }));
});

describe("an Exit that ended the original, in a loop that goes on", () => {
  const exits = { e: { state: "RUNNING", outputs: { exit: "WARNING" } } } satisfies Record<string, Scripted>;
  const exit = "{ id: e, type: io.kestra.plugin.core.execution.Exit, state: WARNING }";
  const lanes = block(
    "p",
    "Parallel",
    `concurrent: 1, tasks: [${log("x")}, ${block("s", "Sequential", `tasks: [${exit}]`)}]`,
  );

  it("ends a replay from beside it again, before a LoopUntil could go on", () =>
    db.inTransaction(async (client) => {
      const loop = block("l", "LoopUntil", `condition: "{{ true }}", tasks: [${lanes}]`);
      const flow = await aBlockFlow(client, `tasks: [${loop}, ${log("c")}]`);
      const id = await anEndedExecution(client, flow, exits);
      const plan = await aPlan(client, id, { anchors: ["task:x"] });
      assert.deepEqual(plan.brief, {
        ...{ l: "REOPENED around_exit e", p: "REOPENED around", x: "RERUN anchor" },
        ...{ s: "REOPENED around_exit e", e: "RERUN exits", c: "NOT_REACHED exited e" },
      });
      const replay = await aReplay(client, id, { anchors: ["task:x"] });
      await (await aHandWorker(client)).drain(exits);
      assert.deepEqual((await linesOf(client, replay.id)).toSorted(), (await linesOf(client, id)).toSorted());
    }));

  for (const [values, ends] of [
    ["['v', 'n']", "WARNING"],
    ["['n']", "WARNING"],
    ["[]", "SUCCESS"],
  ] as const)
    it(`ends a replay again in a loop that goes through ${values} then`, () =>
      db.inTransaction(async (client) => {
        const loop = (written: string) =>
          `tasks: [${block("l", "ForEach", `values: ${written}, tasks: [${lanes}]`)}, ${log("c")}]`;
        const flow = await aBlockFlow(client, loop("[v]"));
        const id = await anEndedExecution(client, flow, exits);
        await aWrittenFlow(client, `id: ${flow.id}\nnamespace: company.team\n${loop(`"{{ ${values} }}"`)}`);
        const args = { anchors: ['task:x["v"]'], revision: "latest" };
        const plan = await aPlan(client, id, args);
        assert.deepEqual(plan.brief, {
          ...{ l: "REOPENED revalued", p: "REOPENED around", x: "UNKNOWN decided l" },
          ...{ s: "REOPENED around_exit e", e: "UNKNOWN decided l", c: "UNKNOWN decided e" },
        });
        const replay = await aReplay(client, id, args);
        await (await aHandWorker(client)).drain(exits);
        assert.equal((await linesOf(client, replay.id)).at(-1), `= ${ends}`);
      }));

  it("is not sure to, in a LoopUntil in a loop that asks for its values", () =>
    db.inTransaction(async (client) => {
      const until = block("u", "LoopUntil", `condition: "{{ true }}", tasks: [${lanes}]`);
      const loop = (values: string) =>
        `tasks: [${block("l", "ForEach", `values: ${values}, tasks: [${until}]`)}, ${log("c")}]`;
      const flow = await aBlockFlow(client, loop("[v]"));
      const id = await anEndedExecution(client, flow, exits);
      await aWrittenFlow(client, `id: ${flow.id}\nnamespace: company.team\n${loop('"{{ [] }}"')}`);
      const args = { anchors: ['task:x["v"]'], revision: "latest" };
      const { brief } = await aPlan(client, id, args);
      assert.deepEqual(
        [brief.x, brief.e, brief.c],
        [...Array(2).fill("UNKNOWN decided l"), "UNKNOWN decided e"],
      );
      const replay = await aReplay(client, id, args);
      await (await aHandWorker(client)).drain(exits);
      assert.deepEqual(await linesOf(client, replay.id), ["l SUCCESS", "c SUCCESS", "= SUCCESS"]);
    }));

  it("comes behind a value that stands before its own now", () =>
    db.inTransaction(async (client) => {
      const onlyInV = block("i", "If", `condition: "{{ taskrun.value == 'v' }}", then: [${exit}]`);
      const loop = (values: string) =>
        `tasks: [${block("l", "ForEach", `values: [${values}], tasks: [${log("a")}, ${onlyInV}]`)}, ${log("c")}]`;
      const flow = await aBlockFlow(client, loop("u, v"));
      const id = await anEndedExecution(client, flow, exits);
      await aWrittenFlow(client, `id: ${flow.id}\nnamespace: company.team\n${loop("n, v, o")}`);
      const { rows } = await client.query<{ id: string }>(
        "select id from reprise_api.task_runs where execution_id = $1 and task_id = 'a' and iteration = 0",
        [id],
      );
      const args = { anchors: [rows[0]?.id as string], revision: "latest" };
      const { tasks } = await aPlan(client, id, args);
      assert.deepEqual(
        tasks
          .filter(({ task_id }) => ["a", "e", "c"].includes(task_id as string))
          .map(({ task_id, iteration_path, disposition }) => `${task_id}[${iteration_path}] ${disposition}`),
        [
          ...["a[n] NEW", "e[n] UNKNOWN", "a[v] CARRIED", "e[v] UNKNOWN"],
          ...["a[o] NOT_REACHED", "e[o] NOT_REACHED", "a[u] REMOVED", "c[null] NOT_REACHED"],
        ],
      );
      const replay = await aReplay(client, id, args);
      await (await aHandWorker(client)).drain(exits);
      assert.deepEqual((await linesOf(client, replay.id)).toSorted(), [
        ...[
          "= WARNING",
          "a[n] SUCCESS",
          "a[v] SUCCESS",
          "e[v] WARNING",
          "i[n] SUCCESS",
          "i[v] WARNING",
          "l WARNING",
        ],
      ]);
    }));
});
