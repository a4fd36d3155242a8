import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { anEndedExecution, aPlan, aReplay } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, block, log } from "../blocks/block-flows.ts";

const db = await testDatabase();

/** A loop over x and y, and behind it a task that reads what it made. */
async function looped(client: ClientBase, fails?: string): Promise<string> {
  const inner = block("s", "Sequential", `tasks: [${log("a")}, ${log("b")}]`);
  const reader = `{ id: z, type: io.kestra.plugin.core.log.Log, message: "{{ outputs.a }}" }`;
  const flow = await aBlockFlow(
    client,
    `tasks: [${block("l", "ForEach", `values: [x, y], tasks: [${inner}]`)}, ${reader}]`,
  );
  return await anEndedExecution(client, flow, ({ taskId, begun }) =>
    `${taskId}[${begun.iteration_path}]` === fails ? "FAILED" : { outputs: { made: "then" } },
  );
}

/** The outputs of `a` in a replay that has come to its end, by value. */
async function seenIn(client: ClientBase, id: string, overrides: unknown, anchor = "task:z") {
  const replay = await aReplay(client, id, { anchors: [anchor], overrides });
  await (await aHandWorker(client)).drain(() => ({ outputs: { made: "now" } }));
  const { rows } = await client.query(
    `select jsonb_object_agg(iteration_path[1], outputs) as seen, array_agg(iteration_path[1] order by id) filter (where is_overridden) as given
    from reprise_api.task_runs where execution_id = $1 and task_id = 'a'`,
    [replay.id],
  );
  return rows[0] as { seen: unknown; given: string[] };
}

describe("overrides in a loop", () => {
  it("give outputs to one iteration, to all, or to one others than to the rest", () =>
    db.inTransaction(async (client) => {
      const id = await looped(client);
      const one = await seenIn(client, id, { 'a["y"]': { made: "mine" } });
      assert.deepEqual(one.seen, { x: { made: "then" }, y: { made: "mine" } });
      assert.deepEqual((await seenIn(client, id, { a: { made: "mine" } })).seen, {
        ...{ x: { made: "mine" }, y: { made: "mine" } },
      });
      assert.deepEqual((await seenIn(client, id, { a: { made: "mine" }, "a[x]": { made: "other" } })).seen, {
        ...{ x: { made: "other" }, y: { made: "mine" } },
      });
      assert.deepEqual(one.given, ["y"]);
    }));

  it("let an iteration go on that had failed", () =>
    db.inTransaction(async (client) => {
      const id = await looped(client, "a[x]");
      const { seen } = await seenIn(client, id, { "a[x]": { made: "mine" } }, "task:b[x]");
      assert.deepEqual(seen, { x: { made: "mine" }, y: { made: "now" } });
    }));

  it("say in the plan which iterations they are for, and which they change", () =>
    db.inTransaction(async (client) => {
      const id = await looped(client);
      const plan = await aPlan(client, id, { anchors: ["task:z"], overrides: { "a[y]": { made: 1 } } });
      assert.deepEqual(
        plan.tasks
          .filter(({ task_id }) => task_id === "a" || task_id === "z")
          .map(({ task_id, iteration_path, reason }) => `${task_id}[${iteration_path ?? ""}] ${reason}`),
        ["a[x] inside", "a[y] overridden", "z[] anchor"],
      );
    }));

  for (const [title, overrides, code] of [
    ["an iteration that there is not", { 'a["v"]': {} }, "override_not_carried"],
    ["one that runs again", { z: {} }, "override_not_carried"],
    ["the loop", { l: { made: 1 } }, "override_of_loop"],
  ] as const)
    it(`are refused for ${title}`, () =>
      db.inTransaction(async (client) => {
        const plan = await aPlan(client, await looped(client), { anchors: ["task:z"], overrides });
        assert.deepEqual([plan.codes, plan.is_runnable], [[code], false]);
      }));

  it("are refused where they are malformed", () =>
    db.inTransaction(async (client) => {
      const id = await looped(client);
      await assert.rejects(aPlan(client, id, { anchors: ["task:z"], overrides: { "a[": {} } }), {
        ...{ code: "RP400", reason: "malformed_overrides" },
      });
    }));
});
