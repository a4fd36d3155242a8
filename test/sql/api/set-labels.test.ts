import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { aFlow } from "../../support/a-flow.ts";
import { anEndedExecution, anExecution, aReplay } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { ownLabels } from "../../support/own-labels.ts";
import { logOf } from "../gates/gate-flows.ts";

const db = await testDatabase();
const set = async (client: ClientBase, execution_id: string, labels: unknown) =>
  await callOne(client, "reprise_api.set_labels", { execution_id, labels, actor: "ada" });

describe("reprise_api.set_labels", () => {
  it("puts labels in the place of those that are there, and writes that down", () =>
    db.inTransaction(async (client) => {
      const id = await anExecution(client, await aFlow(client, ["a"]), { labels: { team: "a", old: "x" } });
      assert.deepEqual(ownLabels((await set(client, id, { team: "b", count: 2 })).labels), {
        team: "b",
        count: "2",
      });
      assert.deepEqual(await logOf(client, id), ['INFO Labels set by ada: {"team": "b", "count": "2"}.']);
    }));

  it("labels what has ended, and leaves the system its own", () =>
    db.inTransaction(async (client) => {
      const original = await anEndedExecution(client, await aFlow(client, ["a"]), { a: "FAILED" });
      const { id } = await aReplay(client, original);
      await callOne(client, "reprise_api.kill_execution", { execution_id: id });
      assert.deepEqual(ownLabels((await set(client, id, { team: "b" })).labels), {
        team: "b",
        "system.replay": "true",
      });
      assert.deepEqual(ownLabels((await set(client, id, {})).labels), { "system.replay": "true" });
      const same = { team: "c", "system.replay": "true" };
      assert.deepEqual(ownLabels((await set(client, id, same)).labels), same);
    }));

  it("refuses labels of the system, and what is no label", () =>
    db.inTransaction(async (client) => {
      const id = await anExecution(client, await aFlow(client, ["a"]));
      for (const [labels, code, reason] of [
        [{ "system.replay": "false" }, "RP422", "system_label"],
        [{ Team: "a" }, "RP422", "invalid_label"],
        [["team"], "RP400", "malformed_labels"],
      ] as const) {
        await client.query("savepoint given");
        await assert.rejects(set(client, id, labels), { code, reason });
        await client.query("rollback to given");
      }
    }));
});
