import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aWrittenFlow } from "../../support/a-flow.ts";
import { anEndedExecution, aPlan } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";

const db = await testDatabase();

const source = (level: string, forced: boolean) => `id: with-defaults
namespace: company.team
pluginDefaults:
  - type: io.kestra.plugin.core.log.
    forced: ${forced}
    values: { level: ${level} }
tasks:
  - { id: one, type: io.kestra.plugin.core.log.Log, message: Hi }
  - { id: two, type: io.kestra.plugin.core.log.Log, message: Hi, level: WARN }
  - { id: three, type: io.kestra.plugin.core.debug.Return, format: Hi }
`;

describe("a replay to a revision with other pluginDefaults", () => {
  it("sees the tasks changed that they hold for, and no others", () =>
    db.inTransaction(async (client) => {
      const id = await anEndedExecution(client, await aWrittenFlow(client, source("DEBUG", false)));
      const changedBy = async (level: string, forced: boolean) => {
        await aWrittenFlow(client, source(level, forced));
        const { tasks } = await aPlan(client, id, { anchors: ["task:three"], revision: "latest" });
        return tasks.map(({ task_id, changed_keys }) => [task_id, changed_keys]);
      };
      assert.deepEqual(await changedBy("TRACE", false), [
        ["one", ["level"]],
        ["two", null],
        ["three", null],
      ]);
      assert.deepEqual(await changedBy("DEBUG", true), [
        ["one", null],
        ["two", ["level"]],
        ["three", null],
      ]);
    }));
});
