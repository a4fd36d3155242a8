import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { aFlow, aRevision } from "../../support/a-flow.ts";
import {
  anEndedExecution,
  aPlan,
  aReplay,
  executionOf,
  statesOf,
  taskRunsOf,
} from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type HandRun } from "../../support/hand-worker.ts";

const db = await testDatabase();

describe("the inputs of a replay", () => {
  const spec = {
    tasks: [{ id: "a", inputs: ["x"] }, "b", { id: "c", inputs: ["x"] }],
    inputs: [{ id: "x" }, { id: "g.y", required: false }, { id: "g.z", required: false }],
  };
  const original = async (client: ClientBase) =>
    await anEndedExecution(
      client,
      await aFlow(client, spec),
      {},
      { inputs: { x: "1", g: { y: "1", z: "1" } } },
    );

  it("are those of the original", () =>
    db.inTransaction(async (client) => {
      const replay = await aReplay(client, await original(client), { anchors: ["task:b"] });
      assert.deepEqual(replay.inputs, { x: "1", g: { y: "1", z: "1" } });
    }));

  it("are told to be wrong where something else stands in the place of a group of them", () =>
    db.inTransaction(async (client) => {
      const id = await original(client);
      for (const g of [5, null, [1]]) {
        const { codes, problems } = await aPlan(client, id, { inputs: { g } });
        assert.deepEqual(
          [codes, problems?.[0]?.message],
          [["invalid_inputs"], "Unknown input `g`. `g` is a form: give `g.y`, `g.z`."],
        );
      }
    }));

  it("may be changed one by one, also from the middle", () =>
    db.inTransaction(async (client) => {
      const id = await original(client);
      const args = { anchors: ["task:b"], inputs: { x: "2", "g.y": "2" } };
      const plan = await aPlan(client, id, args);
      assert.equal(plan.brief.a, "CARRIED_CHANGED changed");
      assert.deepEqual(plan.tasks[0]?.changed_keys, ["inputs.x"]);
      const replay = await aReplay(client, id, args);
      assert.deepEqual(replay.inputs, { x: "2", g: { y: "2", z: "1" } });
      const seen: unknown[] = [];
      await (await aHandWorker(client)).drain(({ taskId, begun }) => {
        if (taskId === "c") seen.push(begun.inputs);
        return "SUCCESS";
      });
      assert.deepEqual(seen, [replay.inputs]);
    }));

  it("are given nested as well", () =>
    db.inTransaction(async (client) => {
      const id = await original(client);
      const replay = await aReplay(client, id, { anchors: ["task:b"], inputs: { g: { y: "2" } } });
      assert.deepEqual(replay.inputs, { x: "1", g: { y: "2", z: "1" } });
    }));

  it("drop what the target revision does not define, and gain its defaults", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, spec);
      const id = await anEndedExecution(client, flow, {}, { inputs: { x: "1" } });
      await aRevision(client, flow, { tasks: ["b"], inputs: [{ id: "n", type: "INT", defaults: 7 }] });
      const replay = await aReplay(client, id, { revision: "latest" });
      assert.deepEqual(replay.inputs, { n: 7 });
    }));

  it("keep the default that they had, and the plan says where the revision has another", () =>
    db.inTransaction(async (client) => {
      const inputs = (price: number) => [{ id: "price", type: "INT" as const, defaults: price }];
      const flow = await aFlow(client, { tasks: ["a"], inputs: inputs(7) });
      const id = await anEndedExecution(client, flow);
      const given = await anEndedExecution(client, flow, {}, { inputs: { price: 8 } });
      await aRevision(client, flow, { tasks: ["a"], inputs: inputs(9) });
      const warned = async (original: string, rest: object = {}) =>
        (await aPlan(client, original, { anchors: ["start"], revision: "latest", ...rest })).codes;
      assert.deepEqual(await warned(id), ["default_not_taken"]);
      assert.deepEqual(await warned(id, { inputs: { price: 9 } }), []);
      assert.deepEqual(await warned(id, { revision: "original" }), []);
      assert.deepEqual(await warned(given), []);
    }));

  it("keep what was rendered, so that nothing is rendered again", () =>
    db.inTransaction(async (client) => {
      const inputs = [{ id: "x", isTemplated: true, defaults: "{{ now() }}" }];
      const flow = await aFlow(client, { tasks: ["a"], inputs });
      const id = await anEndedExecution(client, flow, { $defaults: { outputs: { x: "then" } } });
      const replay = await aReplay(client, id);
      assert.deepEqual(replay.inputs, { x: "then" });
      assert.deepEqual(Object.keys(await taskRunsOf(client, replay.id)), ["a"]);
    }));

  it("render what the target revision adds before anything else", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, ["a", "b"]);
      const id = await anEndedExecution(client, flow);
      const inputs = [{ id: "x", isTemplated: true, defaults: "{{ now() }}" }];
      await aRevision(client, flow, { tasks: ["a", "b"], inputs });
      const replay = await aReplay(client, id, { anchors: ["task:b"], revision: "latest" });
      const order: string[] = [];
      await (await aHandWorker(client)).drain(({ taskId }) => {
        order.push(taskId);
        return { outputs: { x: "now" } };
      });
      assert.deepEqual(order, ["$defaults", "b"]);
      assert.deepEqual((await executionOf(client, replay.id)).inputs, { x: "now" });
    }));
});

describe("an override", () => {
  const original = async (client: ClientBase, script: Parameters<typeof anEndedExecution>[2] = {}) =>
    await anEndedExecution(
      client,
      await aFlow(client, ["a", { id: "b", reads: ["a"] }, { id: "c", reads: ["a", "b"] }]),
      script,
    );
  const read =
    (seen: unknown[]) =>
    ({ taskId, outputs }: HandRun) => {
      if (taskId === "c") seen.push(outputs);
      return "SUCCESS" as const;
    };

  it("gives a carried task run an attempt of its own, marked with who gave it", () =>
    db.inTransaction(async (client) => {
      const id = await original(client);
      const before = await taskRunsOf(client, id);
      const args = { anchors: ["task:c"], overrides: { a: { value: "mine" } } };
      const plan = await aPlan(client, id, args);
      assert.deepEqual(plan.brief, {
        a: "CARRIED overridden",
        b: "CARRIED_CHANGED changed",
        c: "RERUN anchor",
      });
      assert.deepEqual(plan.tasks[1]?.changed_keys, ["outputs.a"]);
      assert.equal(plan.tasks[0]?.is_overridden, true);

      const replay = await aReplay(client, id, { ...args, actor: "ada" });
      const seen: unknown[] = [];
      await (await aHandWorker(client)).drain(read(seen));
      assert.deepEqual(seen, [{ a: { value: "mine" }, b: { value: "b 1" } }]);
      const { a } = await taskRunsOf(client, replay.id);
      assert.deepEqual([a?.attempts, a?.is_carried, a?.carried_attempt_id], [["2 SUCCESS"], true, null]);
      const { rows } = await client.query(
        "select overridden_by, worker_id from reprise.attempts where task_run_id = $1",
        [a?.id],
      );
      assert.deepEqual(rows, [{ overridden_by: "ada", worker_id: null }]);
      assert.deepEqual(await taskRunsOf(client, id), before);
    }));

  it("is shown in the plan with the number that it takes", () =>
    db.inTransaction(async (client) => {
      const plan = await aPlan(client, await original(client), {
        anchors: ["task:c"],
        overrides: { a: { value: "mine" } },
      });
      assert.equal(plan.tasks[0]?.attempt_number, 2);
    }));

  it("of what failed lets `failed` and `auto` go on behind it", () =>
    db.inTransaction(async (client) => {
      const id = await original(client, { b: "FAILED" });
      const overrides = { b: { value: "mine" } };
      for (const anchor of ["failed", "auto"]) {
        const plan = await aPlan(client, id, { anchors: [anchor, anchor], overrides });
        assert.deepEqual(plan.brief, { a: "CARRIED unchanged", b: "CARRIED overridden", c: "RERUN anchor" });
        assert.equal((plan.anchors as unknown[]).length, 1);
      }
    }));

  it("takes the place of a failure, and of a skip", () =>
    db.inTransaction(async (client) => {
      const id = await original(client, { a: "SKIPPED", b: "FAILED" });
      const args = { anchors: ["task:c"], overrides: { a: { x: 1 }, b: { x: 2 } } };
      const replay = await aReplay(client, id, args);
      const seen: unknown[] = [];
      await (await aHandWorker(client)).drain(read(seen));
      assert.deepEqual(seen, [{ a: { x: 1 }, b: { x: 2 } }]);
      assert.deepEqual(await statesOf(client, replay.id), {
        execution: "SUCCESS",
        a: "SUCCESS",
        b: "SUCCESS",
        c: "SUCCESS",
      });
      const runs = await taskRunsOf(client, replay.id);
      assert.deepEqual([runs.a?.attempts, runs.b?.attempts], [["1 SUCCESS"], ["2 SUCCESS"]]);
    }));

  it("takes the warning with it", () =>
    db.inTransaction(async (client) => {
      const id = await original(client, { a: "WARNING" });
      const replay = await aReplay(client, id, { anchors: ["task:c"], overrides: { a: {} } });
      await (await aHandWorker(client)).drain();
      assert.equal((await statesOf(client, replay.id)).execution, "SUCCESS");
    }));

  it("is carried on by a replay of the replay", () =>
    db.inTransaction(async (client) => {
      const id = await original(client);
      const first = await aReplay(client, id, { anchors: ["task:c"], overrides: { a: { value: "mine" } } });
      await (await aHandWorker(client)).drain();
      const plan = await aPlan(client, first.id, { anchors: ["task:c"] });
      assert.equal(plan.brief.a, "CARRIED unchanged");
      await aReplay(client, first.id, { anchors: ["task:c"] });
      const seen: unknown[] = [];
      await (await aHandWorker(client)).drain(read(seen));
      assert.deepEqual(seen, [{ a: { value: "mine" }, b: { value: "b 1" } }]);
    }));

  it("still shows in a replay of the replay that its carried readers had seen something else", () =>
    db.inTransaction(async (client) => {
      const id = await original(client);
      const first = await aReplay(client, id, { anchors: ["task:c"], overrides: { a: { value: "mine" } } });
      await (await aHandWorker(client)).drain();
      const again = await aPlan(client, first.id, { anchors: ["task:c"] });
      assert.equal(again.brief.b, "CARRIED_CHANGED changed");
      assert.deepEqual(again.tasks.find((task) => task.task_id === "b")?.changed_keys, ["outputs.a"]);

      // Once it has run with that, it is as good as any.
      const second = await aReplay(client, first.id, { anchors: ["task:b"] });
      await (await aHandWorker(client)).drain();
      assert.equal((await aPlan(client, second.id, { anchors: ["task:c"] })).brief.b, "CARRIED unchanged");
    }));

  it("keeps the files that it names", () =>
    db.inTransaction(async (client) => {
      const id = await original(client);
      await client.query(
        `insert into reprise.files (id, uri, name, state, size, chunk_size, chunk_count, created_at)
        values (gen_random_uuid(), 'kestra:///mine', 'x', 'STORED', 1, 1, 1, now())`,
      );
      await aReplay(client, id, {
        anchors: ["task:c"],
        overrides: { a: { deep: [{ uri: "kestra:///mine" }] } },
      });
      assert.equal((await client.query("select from reprise.file_references")).rowCount, 1);
    }));
});
