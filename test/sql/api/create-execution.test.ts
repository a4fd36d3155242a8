import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { aFlow, type FlowReference } from "../../support/a-flow.ts";
import { anExecution, executionOf, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { ownLabels } from "../../support/own-labels.ts";

const db = await testDatabase();

const create = async (
  client: ClientBase,
  flow: FlowReference,
  rest: Partial<Parameters<typeof anExecution>[2]> = {},
) => await executionOf(client, await anExecution(client, flow, rest));

describe("reprise_api.create_execution", () => {
  it("opens the first task and gives it a job", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, ["first", "second"]);
      const execution = await create(client, flow, { actor: "ada", note: "why not" });
      assert.equal(execution.state, "CREATED");
      assert.equal(execution.attempt_number, 1);
      assert.equal(execution.created_by, "ada");
      assert.equal(execution.note, "why not");
      assert.equal(execution.original_id, null);
      const runs = await taskRunsOf(client, execution.id);
      assert.deepEqual(Object.keys(runs), ["first"]);
      assert.equal(runs.first?.state, "CREATED");
      const { rows } = await client.query("select task_identifier from graphile_worker.jobs where key = $1", [
        `task_run:${runs.first?.id}`,
      ]);
      assert.deepEqual(rows, [{ task_identifier: "test.Task" }]);
    }));

  it("passes over disabled tasks, also at the beginning", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, [{ id: "off", isDisabled: true }, "on"]);
      assert.deepEqual(Object.keys(await taskRunsOf(client, await anExecution(client, flow))), ["on"]);
    }));

  it("ends at once when every task is disabled", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, [{ id: "off", isDisabled: true }]);
      const execution = await create(client, flow);
      assert.equal(execution.state, "SUCCESS");
      assert.notEqual(execution.ended_at, null);
    }));

  it("takes labels and variables of the revision, and lays given labels over them", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, {
        tasks: ["a"],
        labels: { team: "data", tier: "one" },
        variables: { x: "{{ 1 }}" },
      });
      const execution = await create(client, flow, { labels: { tier: "two", answer: 42 } });
      assert.deepEqual(ownLabels(execution.labels), { team: "data", tier: "two", answer: "42" });
      assert.equal((execution.labels as Record<string, string>)["system.correlationId"], execution.id);
      assert.deepEqual(execution.variables, { x: "{{ 1 }}" });
    }));

  it("takes those of the system that say where an execution comes from", () =>
    db.inTransaction(async (client) => {
      const labels = { "system.correlationId": "x", "system.from": "ui" };
      const { labels: given } = await create(client, await aFlow(client, ["a"]), { labels });
      assert.deepEqual(given, labels);
    }));

  for (const [title, labels, expected] of [
    ["labels that are no object", ["a"], { code: "RP400", reason: "malformed_labels" }],
    ["keys that no label may have", { Upper: "x" }, { code: "RP422", reason: "invalid_label" }],
    ["system labels", { "system.replay": "true" }, { code: "RP422", reason: "system_label" }],
    ["labels without a text", { a: { b: 1 } }, { code: "RP422", reason: "invalid_label" }],
  ] as const) {
    it(`refuses ${title}`, () =>
      db.inTransaction(async (client) => {
        const flow = await aFlow(client, ["a"]);
        await assert.rejects(anExecution(client, flow, { labels }), expected);
      }));
  }

  it("runs on the revision that is asked for", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, ["a"]);
      assert.equal((await create(client, flow, { revision: 1 })).flow_revision, 1);
      await assert.rejects(anExecution(client, flow, { revision: 7 }), {
        code: "RP404",
        reason: "revision_not_found",
        hint: "The latest is 1.",
      });
    }));

  it("refuses a flow that is not there, was deleted, or is disabled", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, ["a"]);
      const name = { namespace: flow.namespace, flow_id: flow.id };
      await client.query("savepoint given");
      await assert.rejects(anExecution(client, { ...flow, id: "nowhere" }), {
        code: "RP404",
        reason: "flow_not_found",
      });
      await client.query("rollback to given");
      await callOne(client, "reprise_api.disable_flow", name);
      await assert.rejects(anExecution(client, flow), { code: "RP409", reason: "flow_disabled" });
      await client.query("rollback to given");
      await callOne(client, "reprise_api.enable_flow", name);
      await callOne(client, "reprise_api.delete_flow", name);
      await assert.rejects(anExecution(client, flow), { code: "RP404", reason: "flow_not_found" });
    }));

  it("refuses a revision whose text says that it is disabled", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, { tasks: ["a"], isDisabled: true });
      await assert.rejects(anExecution(client, flow), {
        code: "RP409",
        reason: "flow_disabled",
        hint: "Its text says disabled: true; save it without.",
      });
    }));

  describe("with an idempotency key", () => {
    it("gives the same execution again", () =>
      db.inTransaction(async (client) => {
        const flow = await aFlow(client, { tasks: ["a"], inputs: [{ id: "x" }] });
        const given = { idempotency_key: "once", inputs: { x: "1" } };
        const first = await anExecution(client, flow, given);
        assert.equal(await anExecution(client, flow, { ...given, note: "again" }), first);
        const { rows } = await client.query("select count(*)::integer as n from reprise.executions");
        assert.deepEqual(rows, [{ n: 1 }]);
      }));

    it("refuses the key for another request", () =>
      db.inTransaction(async (client) => {
        const flow = await aFlow(client, { tasks: ["a"], inputs: [{ id: "x" }] });
        await anExecution(client, flow, { idempotency_key: "once", inputs: { x: "1" } });
        await assert.rejects(anExecution(client, flow, { idempotency_key: "once", inputs: { x: "2" } }), {
          code: "RP409",
          reason: "idempotency_key_reused",
        });
      }));
  });
});
