import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { assertCounted } from "../../oracle/counted.ts";
import { aWrittenFlow, type FlowReference } from "../../support/a-flow.ts";
import { anEndedExecution, aPlan, aReplay } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type HandRun, type Script } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "./block-flows.ts";

const db = await testDatabase();

const loop = (values: string, tasks = [log("a"), log("b")], rest = "") =>
  block("l", "ForEach", `values: ${values}, tasks: [${tasks.join(", ")}]${rest}`);
const failsIn = (task: string, ...values: string[]): Script => {
  return ({ taskId, begun }: HandRun) =>
    taskId === task && values.includes(begun.iteration_path?.at(-1) ?? "") ? "FAILED" : "SUCCESS";
};

async function revise(client: ClientBase, flow: FlowReference, body: string): Promise<void> {
  await aWrittenFlow(client, `id: ${flow.id}\nnamespace: company.team\n${body}`);
}

interface Case {
  was: string;
  becomes: string;
  script?: Script;
  anchors: string[];
  /** How the replay's attempts end. */
  then?: Script;
}

/** Plans and runs a replay on the next revision: what was planned, and what happened, in the order of names. */
async function replayed(client: ClientBase, { was, becomes, script = {}, anchors, then = {} }: Case) {
  const flow = await aBlockFlow(client, was);
  const id = await anEndedExecution(client, flow, script);
  await revise(client, flow, becomes);
  const plan = await aPlan(client, id, { anchors, revision: "latest" });
  assert.ok(plan.is_runnable, plan.codes.join());
  const planned = plan.tasks.map(
    ({ task_id, iteration_path, disposition, reason }) =>
      `${task_id}${iteration_path === null ? "" : `[${iteration_path}]`} ${disposition} ${reason}`,
  );
  const replay = await aReplay(client, id, {
    anchors,
    revision: "latest",
    plan_hash: plan.plan_hash as string,
  });
  await (await aHandWorker(client)).drain(then);
  await assertCounted(client);
  return { id, replay: replay.id, planned, happened: (await linesOf(client, replay.id, true)).toSorted() };
}

describe("a replay into a loop whose values have changed", () => {
  it("keeps the iterations whose values are still there, runs new ones and drops those that are gone", () =>
    db.inTransaction(async (client) => {
      const { planned, happened, replay } = await replayed(client, {
        was: `tasks: [${loop("[x, y, z]")}, ${log("c")}]`,
        becomes: `tasks: [${loop(`'["new", "z", "y"]'`)}, ${log("c")}]`,
        script: failsIn("b", "z"),
        anchors: [`task:b["z"]`],
      });
      assert.deepEqual(planned, [
        "l REOPENED rewritten",
        "a[new] NEW not_reached",
        "b[new] NEW not_reached",
        "a[z] CARRIED unchanged",
        "b[z] RERUN anchor",
        "a[y] CARRIED unchanged",
        "b[y] CARRIED unchanged",
        "a[x] REMOVED gone",
        "b[x] REMOVED gone",
        "c RERUN after",
      ]);
      assert.deepEqual(happened, [
        "= SUCCESS",
        "a[new] SUCCESS 1",
        "a[y] SUCCESS 1",
        "a[z] SUCCESS 1",
        "b[new] SUCCESS 1",
        "b[y] SUCCESS 1",
        "b[z] SUCCESS 2",
        "c SUCCESS 1",
        "l SUCCESS 2",
      ]);
      const { rows } = await client.query(
        `select r.iteration, r.iteration_path[1] as value from reprise.task_runs as r join reprise.tasks as t on t.key = r.task_key and t.id = 'a'
        where r.execution_id = $1 order by 1`,
        [replay],
      );
      assert.deepEqual(
        rows.map(({ iteration, value }) => `${iteration} ${value}`),
        ["0 new", "1 z", "2 y"],
      );
    }));

  it("changes nothing of the original, and can be replayed in its turn", () =>
    db.inTransaction(async (client) => {
      const { id, replay } = await replayed(client, {
        was: `tasks: [${loop("[x, y]")}]`,
        becomes: `tasks: [${loop("[y, w]")}]`,
        anchors: [`task:a["y"]`],
      });
      assert.deepEqual(await linesOf(client, id), [
        ...["l SUCCESS", "a[x] SUCCESS", "b[x] SUCCESS", "a[y] SUCCESS", "b[y] SUCCESS", "= SUCCESS"],
      ]);
      const again = await aReplay(client, replay, { anchors: [`task:b["w"]`] });
      await (await aHandWorker(client)).drain({});
      assert.deepEqual((await linesOf(client, again.id, true)).toSorted(), [
        ...[
          "= SUCCESS",
          "a[w] SUCCESS 1",
          "a[y] SUCCESS 2",
          "b[w] SUCCESS 2",
          "b[y] SUCCESS 2",
          "l SUCCESS 2",
        ],
      ]);
    }));

  it("sees that an input or a variable changed that the values read", () =>
    db.inTransaction(async (client) => {
      const flow = await aBlockFlow(
        client,
        `inputs: [{ id: list, type: JSON }]\ntasks: [${loop('"{{ inputs.list }}"', [log("a")])}]`,
      );
      const id = await anEndedExecution(client, flow, {}, { inputs: { list: ["x", "y"] } });
      const replay = await aReplay(client, id, { anchors: [`task:a["x"]`], inputs: { list: ["x", "q"] } });
      await (await aHandWorker(client)).drain({});
      assert.deepEqual((await linesOf(client, replay.id, true)).toSorted(), [
        ...["= SUCCESS", "a[q] SUCCESS 1", "a[x] SUCCESS 2", "l SUCCESS 2"],
      ]);
    }));

  it("does not know what it keeps where it takes a worker to find the values, and keeps it all the same", () =>
    db.inTransaction(async (client) => {
      const { planned, happened } = await replayed(client, {
        was: `tasks: [${loop("[x, y, z]", [log("a")])}]`,
        becomes: `tasks: [${loop(`"{{ ['z', 'y'] }}"`, [log("a")])}]`,
        anchors: [`task:a["z"]`],
      });
      assert.deepEqual(planned, [
        ...["l REOPENED revalued", "a[x] UNKNOWN kept", "a[y] UNKNOWN kept", "a[z] UNKNOWN decided"],
      ]);
      assert.deepEqual(happened, ["= SUCCESS", "a[y] SUCCESS 1", "a[z] SUCCESS 2", "l SUCCESS 2"]);
    }));

  it("does not know either what runs again in a LoopUntil in it", () =>
    db.inTransaction(async (client) => {
      const until = block("u", "LoopUntil", `condition: "{{ true }}", tasks: [${log("a")}, ${log("b")}]`);
      const { planned, happened } = await replayed(client, {
        was: `tasks: [${loop("[x]", [until])}]`,
        becomes: `tasks: [${loop(`"{{ ['y'] }}"`, [until])}]`,
        anchors: [`task:a["x"]`],
      });
      assert.deepEqual(planned, [
        ...["l REOPENED revalued", "u[x] REOPENED around", "a[x] UNKNOWN decided", "b[x] UNKNOWN decided"],
      ]);
      assert.deepEqual(happened, [
        ...["= SUCCESS", "a[y] SUCCESS 1", "b[y] SUCCESS 1", "l SUCCESS 2", "u[y] SUCCESS 2"],
      ]);
    }));

  it("keeps the values that it has when nothing changed that they come from", () =>
    db.inTransaction(async (client) => {
      const { planned, happened } = await replayed(client, {
        was: `tasks: [${loop("[x, y]", [log("a")])}]`,
        becomes: `tasks: [${loop("[x, y]", [log("a")])}, ${log("c")}]`,
        anchors: [`task:a["y"]`],
      });
      assert.deepEqual(planned.slice(0, 3), [
        "l REOPENED around",
        "a[x] CARRIED unchanged",
        "a[y] RERUN anchor",
      ]);
      assert.deepEqual(happened, [
        "= SUCCESS",
        "a[x] SUCCESS 1",
        "a[y] SUCCESS 2",
        "c SUCCESS 1",
        "l SUCCESS 1",
      ]);
    }));

  it("forgets a failure with the value that it happened for", () =>
    db.inTransaction(async (client) => {
      const given = {
        was: `tasks: [${loop("[x, y]", [log("a")], ", concurrencyLimit: 0")}, ${log("c")}]`,
        script: failsIn("a", "x", "y"),
        anchors: [`task:a["y"]`],
      };
      const gone = await replayed(client, {
        ...given,
        becomes: `tasks: [${loop("[y, n]", [log("a")], ", concurrencyLimit: 0")}, ${log("c")}]`,
      });
      assert.deepEqual(gone.planned, [
        ...[
          "l REOPENED rewritten",
          "a[y] RERUN anchor",
          "a[n] NEW not_reached",
          "a[x] REMOVED gone",
          "c RERUN after",
        ],
      ]);
      assert.deepEqual(gone.happened, [
        ...["= SUCCESS", "a[n] SUCCESS 1", "a[y] SUCCESS 2", "c SUCCESS 1", "l SUCCESS 2"],
      ]);
      const kept = await replayed(client, {
        ...given,
        becomes: `tasks: [${loop("[n, x, y]", [log("a")], ", concurrencyLimit: 0")}, ${log("c")}]`,
      });
      assert.deepEqual(kept.happened, [
        ...["= FAILED", "a[n] SUCCESS 1", "a[x] FAILED 1", "a[y] SUCCESS 2", "l FAILED 2"],
      ]);
    }));

  it("goes on behind a loop that has no values any more, and fails where they cannot be found", () =>
    db.inTransaction(async (client) => {
      const given = { was: `tasks: [${loop("[x, y]", [log("a")])}, ${log("c")}]`, anchors: [`task:a["y"]`] };
      const empty = await replayed(client, {
        ...given,
        becomes: `tasks: [${loop("[]", [log("a")])}, ${log("c")}]`,
      });
      assert.deepEqual(empty.happened, ["= SUCCESS", "c SUCCESS 2", "l SUCCESS 2"]);
      const broken = await replayed(client, {
        ...given,
        becomes: `tasks: [${loop('"{{ 7 }}"', [log("a")])}, ${log("c")}]`,
      });
      assert.deepEqual(broken.happened, ["= FAILED", "a[x] SUCCESS 1", "l FAILED 2"]);
    }));

  it("finds values anew in every loop around, from the outside in", () =>
    db.inTransaction(async (client) => {
      const nested = (outer: string, inner: string) =>
        `tasks: [${block("o", "ForEach", `values: ${outer}, tasks: [${log("p")}, ${block("s", "Sequential", `tasks: [${loop(inner, [log("a")])}]`)}]`)}, ${log("c")}]`;
      const { planned, happened } = await replayed(client, {
        was: nested("[1, 2]", "[x, y]"),
        becomes: nested("[2, 3]", "[y, z]"),
        anchors: [`task:a["2", "y"]`],
      });
      assert.deepEqual(planned, [
        "o REOPENED rewritten",
        "p[2] CARRIED unchanged",
        "s[2] REOPENED around",
        "l[2] REOPENED rewritten",
        "a[2,y] RERUN anchor",
        "a[2,z] NEW not_reached",
        "a[2,x] REMOVED gone",
        "p[3] NEW not_reached",
        "s[3] NEW not_reached",
        "l[3] NEW inside",
        "a[3] UNKNOWN decided",
        "p[1] REMOVED gone",
        "s[1] REMOVED gone",
        "l[1] REMOVED gone",
        "a[1,x] REMOVED gone",
        "a[1,y] REMOVED gone",
        "c RERUN after",
      ]);
      assert.deepEqual(happened, [
        "= SUCCESS",
        "a[2,y] SUCCESS 2",
        "a[2,z] SUCCESS 1",
        "a[3,y] SUCCESS 1",
        "a[3,z] SUCCESS 1",
        "c SUCCESS 2",
        "l[2] SUCCESS 2",
        "l[3] SUCCESS 1",
        "o SUCCESS 2",
        "p[2] SUCCESS 1",
        "p[3] SUCCESS 1",
        "s[2] SUCCESS 1",
        "s[3] SUCCESS 1",
      ]);
    }));
});
