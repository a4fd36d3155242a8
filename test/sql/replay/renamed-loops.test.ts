import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callOne } from "../../../src/db/call.ts";
import { aWrittenFlow } from "../../support/a-flow.ts";
import { anEndedExecution, aPlan, aReplay } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, block, failing, linesOf, log } from "../blocks/block-flows.ts";
import { moved } from "./moved.ts";

const db = await testDatabase();

const [a, b, n, z] = [log("a"), log("b"), log("n"), log("z")];
const flow = (...tasks: string[]) => `tasks: [${tasks.join(", ")}]`;
const rendered = `'{{ ["y", "w"] }}'`;

for (const type of ["Loop", "ForEach"]) {
  const loop = (id: string, values: string, ...tasks: string[]) =>
    block(id, type, `values: ${values}, tasks: [${tasks.join(", ")}]`);
  const before = flow(loop("lp", "[x, y]", a, b), z);

  describe(`what stands in a ${type} that a revision has renamed`, () => {
    it("is carried in it, for the values that are written down there", async () => {
      assert.deepEqual(await moved(before, flow(loop("lpn", "[y, w]", a, b), z), "task:z"), {
        planned: [
          "lpn REOPENED rewritten",
          "a[y] CARRIED unchanged",
          "b[y] CARRIED unchanged",
          "a[w] NEW inserted",
          "b[w] NEW inserted",
          "a[x] REMOVED gone",
          "b[x] REMOVED gone",
          "z RERUN anchor",
          "lp REMOVED removed",
        ],
        codes: [],
        ended: [
          "lpn SUCCESS 1",
          "a[y] SUCCESS 1",
          "b[y] SUCCESS 1",
          "a[w] SUCCESS 1",
          "b[w] SUCCESS 1",
          "z SUCCESS 2",
          "= SUCCESS",
        ],
      });
    });

    it("is kept for the values that it finds", async () => {
      const { planned, ended } = await moved(before, flow(loop("lpn", rendered, a, b), z), "task:z");
      assert.deepEqual(planned, [
        "lpn REOPENED revalued",
        "a[x] UNKNOWN kept",
        "b[x] UNKNOWN kept",
        "a[y] UNKNOWN kept",
        "b[y] UNKNOWN kept",
        "z RERUN anchor",
        "lp REMOVED removed",
      ]);
      assert.deepEqual(ended.slice(0, 3), ["lpn SUCCESS 1", "a[y] SUCCESS 1", "b[y] SUCCESS 1"]);
    });

    it("goes on counting where the loop runs, since it is new", async () => {
      const { planned, ended } = await moved(before, flow(loop("lpn", "[y]", a, b), z), "auto");
      assert.deepEqual(planned, [
        "lpn RERUN anchor",
        "a[y] UNKNOWN decided",
        "b[y] UNKNOWN decided",
        "a[x] UNKNOWN decided",
        "b[x] UNKNOWN decided",
        "z RERUN after",
        "lp REMOVED removed",
      ]);
      assert.deepEqual(ended, [
        "lpn SUCCESS 1",
        "a[y] SUCCESS 2",
        "b[y] SUCCESS 2",
        "z SUCCESS 2",
        "= SUCCESS",
      ]);
    });

    it("can be where the replay starts", async () => {
      const { planned, ended } = await moved(before, flow(loop("lpn", "[x, y]", a, b), z), `task:b["y"]`);
      assert.equal(planned[4], "b[y] RERUN anchor");
      assert.deepEqual(ended, [
        "lpn SUCCESS 1",
        "a[x] SUCCESS 1",
        "b[x] SUCCESS 1",
        "a[y] SUCCESS 1",
        "b[y] SUCCESS 2",
        "z SUCCESS 2",
        "= SUCCESS",
      ]);
    });

    it("is carried through loops and blocks that are renamed around it", async () => {
      const nested = (outer: string, between: string, inner: string) =>
        flow(loop(outer, "[x]", block(between, "Sequential", flow(loop(inner, "[1, 2]", a)))), z);
      const { planned, ended } = await moved(nested("o", "s", "i"), nested("on", "sn", "in"), "task:z");
      assert.deepEqual(planned, [
        "on REOPENED rewritten",
        "sn[x] REOPENED wraps",
        "in[x] REOPENED rewritten",
        "a[x,1] CARRIED unchanged",
        "a[x,2] CARRIED unchanged",
        "z RERUN anchor",
        "o REMOVED removed",
        "s[x] REMOVED removed",
        "i[x] REMOVED removed",
      ]);
      assert.deepEqual(ended, [
        "on SUCCESS 1",
        "sn[x] SUCCESS 1",
        "in[x] SUCCESS 1",
        "a[x,1] SUCCESS 1",
        "a[x,2] SUCCESS 1",
        "z SUCCESS 2",
        "= SUCCESS",
      ]);
    });

    it("does not count for a loop that stood elsewhere and had no values", async () => {
      const { planned } = await moved(
        flow(loop("lp", "[x]", a, b), loop("e", "[]", log("c")), z),
        flow(loop("lp", "[x]", b), loop("e", "[]", log("c"), a), z),
        "task:z",
      );
      assert.ok(planned.includes("a[x] REMOVED removed"), `${planned}`);
    });

    it("goes on counting where a replay was killed before the loop had its values", () =>
      db.inTransaction(async (client) => {
        const { id: flowId, ...at } = await aBlockFlow(client, before);
        const id = await anEndedExecution(client, { id: flowId, ...at });
        const after = flow(n, loop("lpn", "[x]", a), z);
        await aWrittenFlow(client, `id: ${flowId}\nnamespace: ${at.namespace}\n${after}`);
        const { id: replayId } = await aReplay(client, id, { anchors: ["task:z"], revision: "latest" });
        await callOne(client, "reprise_api.kill_execution", { execution_id: replayId });

        const { brief } = await aPlan(client, replayId, { anchors: ["failed"] });
        assert.deepEqual([brief.lpn, brief.a], ["RERUN anchor n", "UNKNOWN decided lpn"]);
        const again = await aReplay(client, replayId, { anchors: ["failed"] });
        await (await aHandWorker(client)).drain({});
        assert.deepEqual(await linesOf(client, again.id, true), [
          "n SUCCESS 1",
          "lpn SUCCESS 1",
          "a[x] SUCCESS 2",
          "z SUCCESS 2",
          "= SUCCESS",
        ]);
      }));

    it("is mended in it", () =>
      db.inTransaction(async (client) => {
        const { id: flowId, ...at } = await aBlockFlow(client, flow(loop("lp", "[x]", a, b), z));
        const id = await anEndedExecution(client, { id: flowId, ...at }, failing("b 1"));
        const after = flow(loop("lpn", "[x]", a, b), z);
        await aWrittenFlow(client, `id: ${flowId}\nnamespace: ${at.namespace}\n${after}`);
        const replay = await aReplay(client, id, { anchors: ["failed"], revision: "latest" });
        await (await aHandWorker(client)).drain({});
        assert.deepEqual(await linesOf(client, replay.id, true), [
          "lpn SUCCESS 1",
          "a[x] SUCCESS 1",
          "b[x] SUCCESS 2",
          "z SUCCESS 1",
          "= SUCCESS",
        ]);
      }));
  });
}
