import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { aFlow, aRevision, type FlowReference } from "../../support/a-flow.ts";
import {
  anEndedExecution,
  anExecution,
  aPlan,
  aReplay,
  taskRunsOf,
  travelTo,
} from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";

const db = await testDatabase();
const args = { anchors: ["task:c"], revision: "latest" };

async function original(client: ClientBase): Promise<{ flow: FlowReference; id: string; hash: string }> {
  const flow = await aFlow(client, { tasks: ["a", "b", "c"], inputs: [{ id: "x", required: false }] });
  const id = await anEndedExecution(client, flow, { c: "FAILED" });
  return { flow, id, hash: await hashOf(client, id) };
}

const hashOf = async (client: ClientBase, id: string, rest: Parameters<typeof aPlan>[2] = {}) =>
  (await aPlan(client, id, { ...args, ...rest })).plan_hash as string;

describe("the hash of a plan", () => {
  it("stays the same while nothing of substance changes", () =>
    db.inTransaction(async (client) => {
      const { flow, id, hash } = await original(client);
      await travelTo(client, "2100-01-01T00:00:00Z");
      assert.equal(await hashOf(client, id), hash);
      assert.equal(await hashOf(client, id, { inputs: {}, overrides: {} }), hash);
      assert.equal(await hashOf(client, id, { revision: "1" }), hash);
      assert.equal(await hashOf(client, id, { revision: "original" }), hash);
      await aReplay(client, id, args);
      await anEndedExecution(client, flow);
      await callOne(client, "reprise_api.disable_flow", { namespace: flow.namespace, flow_id: flow.id });
      assert.equal(await hashOf(client, id), hash);
    }));

  const changes: [
    string,
    (client: ClientBase, id: string, flow: FlowReference) => Promise<Parameters<typeof aPlan>[2]>,
  ][] = [
    ["other anchors", async () => ({ anchors: ["task:b"] })],
    [
      "the same anchor under another name",
      async (client, id) => ({ anchors: [(await taskRunsOf(client, id)).c?.id as string] }),
    ],
    ["other inputs", async () => ({ inputs: { x: "1" } })],
    ["overrides", async () => ({ overrides: { a: { x: 1 } } })],
    [
      "another revision, even with the same tasks",
      async (client, _, flow) => {
        await aRevision(client, flow, {
          tasks: ["a", "b", "c"],
          labels: { l: "1" },
          inputs: [{ id: "x", required: false }],
        });
        return {};
      },
    ],
    [
      "another attempt of the original",
      async (client, id) => {
        await callOne(client, "reprise_api.restart_execution", { execution_id: id });
        await (await aHandWorker(client)).drain();
        return {};
      },
    ],
  ];
  for (const [title, change] of changes) {
    it(`changes with ${title}`, () =>
      db.inTransaction(async (client) => {
        const { flow, id, hash } = await original(client);
        assert.notEqual(await hashOf(client, id, await change(client, id, flow)), hash);
      }));
  }

  it("changes while the original runs on", () =>
    db.inTransaction(async (client) => {
      const id = await anExecution(client, await aFlow(client, ["a", "b", "c"]));
      const worker = await aHandWorker(client);
      const hashes = [await hashOf(client, id)];
      for (let round = 0; round < 3; round += 1) {
        await worker.drain({}, { rounds: 1 });
        hashes.push(await hashOf(client, id));
      }
      assert.equal(new Set(hashes).size, 4);
    }));

  it("lets the replay run when it is passed back", () =>
    db.inTransaction(async (client) => {
      const { id, hash } = await original(client);
      const replay = await aReplay(client, id, { ...args, plan_hash: hash });
      assert.equal(replay.original_id, id);
    }));

  it("refuses the replay when something has moved in between, before it speaks of problems", () =>
    db.inTransaction(async (client) => {
      const { flow, id, hash } = await original(client);
      await aRevision(client, flow, ["a", "b"]);
      await assert.rejects(aReplay(client, id, { ...args, plan_hash: hash }), {
        code: "RP409",
        reason: "plan_changed",
      });
    }));
});
