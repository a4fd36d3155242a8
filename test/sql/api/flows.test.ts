import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { aFlow, aRevision, type FlowReference } from "../../support/a-flow.ts";
import { anEndedExecution, anExecution, statesOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";

const db = await testDatabase();
const name = (flow: FlowReference) => ({ namespace: flow.namespace, flow_id: flow.id });
const flowRow = async (client: ClientBase, flow: FlowReference) =>
  (
    await client.query(
      "select latest_revision, is_disabled, deleted_at is not null as is_deleted from reprise.flows where namespace = $1 and id = $2",
      [flow.namespace, flow.id],
    )
  ).rows[0];

describe("reprise_api.save_revision", () => {
  it("counts revisions from 1, one up with each changed source", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, ["a"]);
      assert.equal(flow.revision, 1);
      assert.equal((await aRevision(client, flow, ["a", "b"])).revision, 2);
      assert.equal((await aRevision(client, flow, ["a"])).revision, 3);
      const { rows } = await client.query(
        "select revision, created_by from reprise.flow_revisions where flow_id = $1 order by revision",
        [flow.id],
      );
      assert.deepEqual(
        rows,
        [1, 2, 3].map((revision) => ({ revision, created_by: "author" })),
      );
    }));

  it("reads a few rows for each task, however many there are", () =>
    db.inTransaction(async (client) => {
      const tasks = Array.from({ length: 400 }, (_, index) => ({
        id: `t${index}`,
        reads: index > 0 ? [`t${index - 1}`] : [],
      }));
      const read = async () => {
        const { rows } = await client.query<{ read: string }>(
          "select seq_tup_read + idx_tup_fetch as read from pg_stat_xact_user_tables where relid = 'reprise.tasks'::regclass",
        );
        return Number(rows[0]?.read);
      };
      const before = await read();
      await aFlow(client, tasks);
      const perTask = ((await read()) - before) / tasks.length;
      assert.ok(perTask < 20, `${perTask} rows of reprise.tasks are read for each task`);
    }));

  it("makes no new revision of the same source", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, ["a"]);
      assert.equal((await aRevision(client, flow, ["a"])).revision, 1);
      const { rows } = await client.query(
        "select count(*)::integer as n from reprise.tasks where flow_id = $1",
        [flow.id],
      );
      assert.deepEqual(rows, [{ n: 1 }]);
    }));

  it("brings a deleted flow back, with the same source or with the next revision", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, ["a"]);
      await callOne(client, "reprise_api.delete_flow", name(flow));
      assert.equal((await aRevision(client, flow, ["a"])).revision, 1);
      assert.equal((await flowRow(client, flow)).is_deleted, false);
      await callOne(client, "reprise_api.delete_flow", name(flow));
      assert.equal((await aRevision(client, flow, ["b"])).revision, 2);
      assert.deepEqual(await flowRow(client, flow), {
        latest_revision: 2,
        is_disabled: false,
        is_deleted: false,
      });
    }));

  it("links each enabled task to the next one, passing over the disabled", () =>
    db.inTransaction(async (client) => {
      const off = { id: "off", isDisabled: true };
      const flow = await aFlow(client, [off, "a", { ...off, id: "off2" }, "b"]);
      const { rows } = await client.query(
        `select t.id, next.id as next from reprise.tasks as t left join reprise.tasks as next on next.key = t.next_key
        where t.flow_id = $1 order by t.position`,
        [flow.id],
      );
      assert.deepEqual(rows, [
        { id: "off", next: null },
        { id: "a", next: "b" },
        { id: "off2", next: null },
        { id: "b", next: null },
      ]);
    }));

  it("leaves executions of older revisions to run on as they are", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, ["a", "b"]);
      const id = await anExecution(client, flow);
      await aRevision(client, flow, ["c"]);
      await (await aHandWorker(client)).drain();
      assert.deepEqual(await statesOf(client, id), { execution: "SUCCESS", a: "SUCCESS", b: "SUCCESS" });
    }));
});

describe("reprise_api.disable_flow and enable_flow", () => {
  it("stop and allow new executions, while running ones go on", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, ["a"]);
      const running = await anExecution(client, flow);
      assert.equal((await callOne(client, "reprise_api.disable_flow", name(flow))).is_disabled, true);
      await (await aHandWorker(client)).drain();
      assert.equal((await statesOf(client, running)).execution, "SUCCESS");
      assert.equal((await callOne(client, "reprise_api.enable_flow", name(flow))).is_disabled, false);
      await anEndedExecution(client, flow);
    }));

  it("stay through a new revision", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, ["a"]);
      await callOne(client, "reprise_api.disable_flow", name(flow));
      await aRevision(client, flow, ["b"]);
      assert.equal((await flowRow(client, flow)).is_disabled, true);
    }));

  it("cannot enable what its text disables", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, { tasks: ["a"], isDisabled: true });
      await assert.rejects(callOne(client, "reprise_api.enable_flow", name(flow)), {
        code: "RP409",
        reason: "flow_disabled",
      });
    }));

  for (const verb of ["disable_flow", "enable_flow", "delete_flow"] as const) {
    it(`${verb} refuses a flow that is not there`, () =>
      db.inTransaction((client) =>
        assert.rejects(
          callOne(client, `reprise_api.${verb}`, { namespace: "company.team", flow_id: "none" }),
          {
            code: "RP404",
            reason: "flow_not_found",
          },
        ),
      ));
  }
});
