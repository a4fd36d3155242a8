import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { anEndedExecution, aPlan, aReplay } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { splitOf } from "../../support/hand-steps.ts";
import { aHandWorker, type HandRun } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "../blocks/block-flows.ts";

const db = await testDatabase();

const reads = (id: string, template: string) =>
  `{ id: ${id}, type: io.kestra.plugin.core.log.Log, message: "${template}" }`;
const loop = (id: string, type: string, values: string, ...tasks: string[]) =>
  block(id, type, `values: ${values}, tasks: [${tasks.join(", ")}]`);
const script = (run: HandRun) => ({ outputs: { ...(splitOf(run) ?? { value: "v" }) } });

/** Which task runs a plan calls changed: `b["x"]`. */
async function changedIn(client: ClientBase, id: string, options: Parameters<typeof aPlan>[2]) {
  const { tasks } = await aPlan(client, id, options);
  return tasks
    .filter(({ changed_keys }) => changed_keys !== null)
    .map(({ task_id, iteration_path }) => `${task_id}[${iteration_path ?? ""}]`);
}

/** What a plan from `z` calls changed in a replay from this anchor, and what `auto` finds there. */
async function afterReplay(tasks: string, anchor: string) {
  return await db.inTransaction(async (client) => {
    const id = await anEndedExecution(
      client,
      await aBlockFlow(client, `tasks: [${tasks}, ${log("z")}]`),
      script,
    );
    const replay = await aReplay(client, id, { anchors: [anchor] });
    await (await aHandWorker(client)).drain(script);
    const { codes } = await aPlan(client, replay.id, { anchors: ["auto"] });
    const isDone = codes.includes("nothing_to_replay");
    return { changed: await changedIn(client, replay.id, { anchors: ["task:z"] }), isDone };
  });
}

const nothing = { changed: [], isDone: true };

describe("what ran again in one iteration", () => {
  it("changes nothing for the others of a Loop", async () => {
    const inner = block("s", "Sequential", `tasks: [${reads("b", "{{ outputs.a.value }}")}]`);
    const all = reads("c", "{{ outputs }}");
    const tasks = loop("l", "Loop", "[x, y]", log("a"), inner, all);
    assert.deepEqual(await afterReplay(tasks, 'task:a["y"]'), nothing);
  });

  it("changes nothing for the others of a ForEach that read under their own value", async () => {
    const nested = (template: string) =>
      loop("o", "ForEach", "[p, q]", loop("l", "ForEach", "[x, y]", log("a"), reads("b", template)));
    const own = "{{ outputs.a[parent.taskrun.value][taskrun.value].value }}";
    assert.deepEqual(await afterReplay(nested(own), 'task:a["p","y"]'), nothing);
    const deeper = block(
      "s",
      "Sequential",
      `tasks: [${reads("b", "{{ outputs.a[parent.taskrun.value] }}")}]`,
    );
    assert.deepEqual(
      await afterReplay(loop("l", "ForEach", "[x, y]", log("a"), deeper), 'task:a["y"]'),
      nothing,
    );
    // Of one loop it is its own, of the other any.
    const half = await afterReplay(nested("{{ outputs.a[parent.taskrun.value] }}"), 'task:a["p","y"]');
    assert.deepEqual(half.changed, ["b[p,x]"]);
  });

  it("is taken for a change where it may be that of another iteration which a ForEach reads", async () => {
    for (const template of [
      "{{ outputs.a }}",
      "{{ outputs.a.y.value }}",
      "{{ outputs.a[taskrun.value].value ~ outputs.a.y.value }}",
      "{% set taskrun = {'value': 'y'} %}{{ outputs.a[taskrun.value].value }}",
      "{{ outputs.a[vars.w].value }}",
      "{{ outputs.a[taskrun.value].value ~ render(vars.v) }}",
    ]) {
      const tasks = loop("l", "ForEach", "[x, y]", log("a"), reads("b", template));
      const { changed } = await db.inTransaction(async (client) => {
        const body = `variables: { v: "{{ outputs.a.y.value }}", w: y }\ntasks: [${tasks}, ${log("z")}]`;
        const id = await anEndedExecution(client, await aBlockFlow(client, body), script);
        const replay = await aReplay(client, id, { anchors: ['task:a["y"]'] });
        await (await aHandWorker(client)).drain(script);
        return { changed: await changedIn(client, replay.id, { anchors: ["task:z"] }) };
      });
      assert.deepEqual(changed, ["b[x]"], template);
    }
  });

  it("changes nothing for a ForEachItem in another", async () => {
    for (const type of ["Loop", "ForEach"])
      await db.inTransaction(async (client) => {
        const child = await aBlockFlow(client, `tasks: [${log("c")}]`);
        const what = `items: "kestra:///1", namespace: ${child.namespace}, flowId: ${child.id}`;
        const item = block("it", "ForEachItem", what);
        const body = `tasks: [${loop("l", type, "[x, y]", log("a"), item)}, ${log("z")}]`;
        const id = await anEndedExecution(client, await aBlockFlow(client, body), script);
        const replay = await aReplay(client, id, { anchors: ['task:it_split["y"]'] });
        await (await aHandWorker(client)).drain(script);
        assert.equal((await linesOf(client, replay.id)).at(-1), "= SUCCESS");
        assert.deepEqual(await changedIn(client, replay.id, { anchors: ["task:z"] }), [], type);
      });
  });
});

describe("outputs that are given for one iteration", () => {
  it("change only what reads those", () =>
    db.inTransaction(async (client) => {
      const l = loop("l", "Loop", "[x, y]", log("a"), reads("b", "{{ outputs.a.value }}"));
      const flow = await aBlockFlow(client, `tasks: [${l}, ${reads("z", "{{ outputs.a }}")}, ${log("y")}]`);
      const id = await anEndedExecution(client, flow, script);
      const given = { anchors: ["task:y"], overrides: { 'a["x"]': { value: "w" } } };
      assert.deepEqual(await changedIn(client, id, given), ["b[x]", "z[]"]);
    }));
});
