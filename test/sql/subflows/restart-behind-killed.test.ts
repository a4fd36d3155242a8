import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { anExecution, aReplay, executionOf, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type Script } from "../../support/hand-worker.ts";
import { aBlockFlow, block, directory, historyOf, linesOf, log } from "../blocks/block-flows.ts";
import { childrenOf, subflow } from "./subflow-flows.ts";

const db = await testDatabase();
const restart = (client: ClientBase, execution_id: string) =>
  callOne(client, "reprise_api.restart_execution", { execution_id });
const kill = (client: ClientBase, execution_id: string) =>
  callOne(client, "reprise_api.kill_execution", { execution_id });

/** An execution that has ended KILLED, since somebody has killed the child of its Subflow `s`. */
async function aKilled(
  client: ClientBase,
  rest: string,
  {
    script = {},
    before = (task: string) => task,
  }: { script?: Script; before?: (task: string) => string } = {},
) {
  const child = await aBlockFlow(client, `tasks: [${log("x")}]`);
  const id = await anExecution(
    client,
    await aBlockFlow(client, `tasks: [${before(subflow("s", child))}, ${rest}]`),
  );
  const worker = await aHandWorker(client);
  await worker.drain(script, { rounds: 1 });
  const [started] = await childrenOf(client, id);
  await kill(client, started?.id as string);
  await worker.drain(script);
  assert.equal((await executionOf(client, id)).state, "KILLED");
  return { id, worker, child: started?.id as string };
}

describe("restarting an execution that went on behind a child that was killed", () => {
  it("runs again what has run behind it, once it has ended", () =>
    db.inTransaction(async (client) => {
      const reads = '{ id: z, type: io.kestra.plugin.core.debug.Return, format: "{{ outputs.s.state }}" }';
      const { id, worker, child } = await aKilled(client, `${log("y")}, ${reads}`);
      assert.deepEqual(await linesOf(client, id, true), [
        "s KILLED 1",
        "y SUCCESS 1",
        "z SUCCESS 1",
        "= KILLED",
      ]);
      await restart(client, id);
      const seen: unknown[] = [];
      await worker.drain((run) => {
        if (run.taskId === "z") seen.push((run.outputs.s as { state: string }).state);
        return {};
      });
      assert.deepEqual(await linesOf(client, id, true), [
        "s SUCCESS 2",
        "y SUCCESS 2",
        "z SUCCESS 2",
        "= SUCCESS",
      ]);
      assert.deepEqual(seen, ["SUCCESS"]);
      assert.deepEqual(await childrenOf(client, id), [{ id: child, state: "SUCCESS" }]);
      assert.deepEqual(await historyOf(client, id, "z"), [
        "CREATED",
        "RUNNING",
        "SUCCESS",
        "RESTARTED",
        "RUNNING",
        "SUCCESS",
      ]);
    }));

  it("runs again the blocks behind it, with all that is in them", () =>
    db.inTransaction(async (client) => {
      const blocks = [
        block("sq", "Sequential", `tasks: [${log("a")}, ${log("b")}], finally: [${log("f")}]`),
        block(
          "pa",
          "Parallel",
          `tasks: [${log("c")}, ${block("al", "AllowFailure", `tasks: [${log("d")}]`)}]`,
        ),
        block("da", "Dag", `tasks: [{ task: ${log("e")}, dependsOn: [g] }, { task: ${log("g")} }]`),
        block(
          "fe",
          "ForEach",
          `values: "{{ outputs.s.state == 'SUCCESS' ? ['u'] : ['k', 'l'] }}", tasks: [${log("h")}]`,
        ),
        block(
          "if",
          "If",
          `condition: "{{ outputs.s.state == 'SUCCESS' }}", then: [${log("i")}], else: [${log("j")}]`,
        ),
        directory("wd", [log("m"), log("n")]),
        block("un", "Sequential", `runIf: "{{ outputs.s.state != 'SUCCESS' }}", tasks: [${log("o")}]`),
      ];
      const { id, worker } = await aKilled(client, blocks.join(", "));
      await restart(client, id);
      await worker.drain();
      const lines = await linesOf(client, id, true);
      assert.equal(lines.pop(), "= SUCCESS");
      assert.deepEqual(lines.toSorted(), [
        "a SUCCESS 2",
        "al SUCCESS 1",
        "b SUCCESS 2",
        "c SUCCESS 2",
        "d SUCCESS 2",
        "da SUCCESS 1",
        "e SUCCESS 2",
        "f SUCCESS 2",
        "fe SUCCESS 2",
        "g SUCCESS 2",
        "h[u] SUCCESS 1",
        "i SUCCESS 1",
        "if SUCCESS 2",
        "m SUCCESS 2",
        "n SUCCESS 2",
        "pa SUCCESS 1",
        "s SUCCESS 2",
        "sq SUCCESS 1",
        "un SKIPPED 1",
        "wd SUCCESS 2",
      ]);
    }));

  it("runs again what is behind the block that it stands in, and leaves alone what is before", () =>
    db.inTransaction(async (client) => {
      const { id, worker } = await aKilled(client, log("z"), {
        before: (task) => `${block("p", "Parallel", `tasks: [${task}, ${log("c")}]`)}, ${log("b")}`,
      });
      assert.deepEqual((await linesOf(client, id, true)).toSorted(), [
        "= KILLED",
        "b SUCCESS 1",
        "c SUCCESS 1",
        "p KILLED 1",
        "s KILLED 1",
        "z SUCCESS 1",
      ]);
      await restart(client, id);
      await worker.drain();
      assert.deepEqual((await linesOf(client, id, true)).toSorted(), [
        "= SUCCESS",
        "b SUCCESS 2",
        "c SUCCESS 1",
        "p SUCCESS 1",
        "s SUCCESS 2",
        "z SUCCESS 2",
      ]);
    }));

  it("starts another child for a Subflow behind it", () =>
    db.inTransaction(async (client) => {
      const other = await aBlockFlow(client, `tasks: [${log("y")}]`);
      const { id, worker, child } = await aKilled(client, subflow("t", other));
      const [, was] = await childrenOf(client, id);
      await restart(client, id);
      await worker.drain();
      assert.deepEqual(await linesOf(client, id, true), ["s SUCCESS 2", "t SUCCESS 2", "= SUCCESS"]);
      const children = await childrenOf(client, id);
      assert.deepEqual(
        children.map(({ state }) => state),
        ["SUCCESS", "SUCCESS", "SUCCESS"],
      );
      assert.deepEqual(
        children.slice(0, 2).map(({ id: each }) => each),
        [child, was?.id],
      );
    }));

  it("does not come to what is behind it where the child fails, and does so in the next restart", () =>
    db.inTransaction(async (client) => {
      const { id, worker } = await aKilled(
        client,
        `${log("z")}, ${block("q", "Sequential", `tasks: [${log("a")}]`)}`,
      );
      await restart(client, id);
      await worker.drain({ x: "FAILED" });
      assert.deepEqual(await linesOf(client, id, true), [
        "s FAILED 2",
        "z CANCELLED 1",
        "q CANCELLED 1",
        "a CANCELLED 1",
        "= FAILED",
      ]);
      await restart(client, id);
      await worker.drain();
      assert.deepEqual(await linesOf(client, id, true), [
        "s SUCCESS 3",
        "z SUCCESS 2",
        "q SUCCESS 1",
        "a SUCCESS 2",
        "= SUCCESS",
      ]);
    }));

  it("goes on so however often it is killed meanwhile", () =>
    db.inTransaction(async (client) => {
      const { id, worker } = await aKilled(client, log("z"));
      await restart(client, id);
      await worker.drain({}, { rounds: 1 });
      await kill(client, id);
      await worker.drain();
      assert.deepEqual(await linesOf(client, id, true), ["s KILLED 2", "z KILLED 1", "= KILLED"]);
      await restart(client, id);
      await worker.drain();
      assert.deepEqual(await linesOf(client, id, true), ["s SUCCESS 3", "z SUCCESS 2", "= SUCCESS"]);
    }));

  it("leaves alone what a replay carried behind one that it ran again", () =>
    db.inTransaction(async (client) => {
      const { id, worker } = await aKilled(client, `${log("y")}, ${log("z")}`);
      const replay = await aReplay(client, id, { anchors: ["task:z"] });
      await worker.drain({}, { rounds: 1 });
      const [started] = await childrenOf(client, replay.id);
      await kill(client, started?.id as string);
      await worker.drain();
      const of = async () => (await linesOf(client, replay.id, true)).toSorted();
      assert.deepEqual(await of(), ["= KILLED", "s KILLED 2", "y SUCCESS 1", "z SUCCESS 2"]);
      const was = await taskRunsOf(client, id);
      await restart(client, replay.id);
      await worker.drain();
      assert.deepEqual(await of(), ["= SUCCESS", "s SUCCESS 3", "y SUCCESS 1", "z SUCCESS 3"]);
      assert.deepEqual(await taskRunsOf(client, id), was);
    }));

  it("runs again what a replay ran in blocks that it carried and opened again, and leaves alone what it carried there", () =>
    db.inTransaction(async (client) => {
      // What begins with nothing there counts on from what the replay has carried and run.
      const inside: [string[], string][] = [
        [
          ["sq SUCCESS 1", "z SUCCESS 3"],
          block("sq", "Sequential", `tasks: [${log("y")}, ${log("z")}], finally: [${log("f")}]`),
        ],
        [["pa SUCCESS 1", "z SUCCESS 3"], block("pa", "Parallel", `tasks: [${log("y")}, ${log("z")}]`)],
        [
          ["if SUCCESS 1", "z SUCCESS 3"],
          block("if", "If", `condition: true, then: [${log("y")}, ${log("z")}]`),
        ],
        [
          ["fe SUCCESS 1", "z SUCCESS 3"],
          block("fe", "ForEach", `values: [1], tasks: [${log("y")}, ${log("z")}]`),
        ],
        [
          ["lo SUCCESS 3", "z SUCCESS 3"],
          block(
            "lo",
            "Loop",
            `values: [1], outputs: [{ id: o, value: "{{ outputs.z.value }}" }], tasks: [${log("y")}, ${log("z")}]`,
          ),
        ],
        [
          ["da SUCCESS 1", "z SUCCESS 3"],
          block("da", "Dag", `tasks: [{ task: ${log("z")}, dependsOn: [y] }, { task: ${log("y")} }]`),
        ],
      ];
      for (const [ended, written] of inside) {
        const { id, worker } = await aKilled(client, `${written}, ${log("b")}`);
        const runs = await taskRunsOf(client, id);
        const replay = await aReplay(client, id, { anchors: [runs.z?.id as string] });
        await worker.drain({}, { rounds: 1 });
        const [started] = await childrenOf(client, replay.id);
        await kill(client, started?.id as string);
        await worker.drain();
        await restart(client, replay.id);
        await worker.drain();
        const lines = (await linesOf(client, replay.id, true)).map((each) => each.replace("[1]", ""));
        assert.deepEqual(
          lines.filter((each) => !/^(f|lo_outputs) /.test(each)).toSorted(),
          ["= SUCCESS", "b SUCCESS 3", "s SUCCESS 3", "y SUCCESS 1", ...ended].toSorted(),
        );
      }
    }));

  it("ends with an Exit that comes before what was to run again", () =>
    db.inTransaction(async (client) => {
      const exit = "{ id: exit, type: io.kestra.plugin.core.execution.Exit, state: CANCELLED }";
      const { id, worker } = await aKilled(
        client,
        `${block("q", "Sequential", `tasks: [${log("a")}]`)}, ${log("z")}`,
        { before: (task) => block("b", "Sequential", `tasks: [${task}, ${exit}]`) },
      );
      await restart(client, id);
      await worker.drain(({ taskId }) =>
        taskId === "exit" ? { state: "RUNNING", outputs: { exit: "CANCELLED" } } : "SUCCESS",
      );
      const { q, z, s } = await taskRunsOf(client, id);
      assert.deepEqual([q?.state, z?.state, s?.state], ["KILLED", "KILLED", "SUCCESS"]);
      assert.equal((await executionOf(client, id)).state, "CANCELLED");
    }));
});
