import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runName } from "../../../src/cli/present/run-name.ts";
import { anEndedExecution, aPlan } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aBlockFlow, block, log } from "../blocks/block-flows.ts";

const db = await testDatabase();

describe("a warning of a plan about an iteration", () => {
  it("says which one, as the rows of the plan do", () =>
    db.inTransaction(async (client) => {
      const long = "kestra:///company/team/flow/executions/1/split-2.ion";
      const reading = `{ id: r, type: io.kestra.plugin.core.log.Log, message: "{{ outputs }}" }`;
      const loop = block(
        "l",
        "ForEach",
        `concurrencyLimit: 0, values: [b, "${long}"], tasks: [${reading}, ${log("f")}], errors: [${log("e")}]`,
      );
      const flow = await aBlockFlow(client, `tasks: [${loop}]`);
      const id = await anEndedExecution(client, flow, { f: "FAILED" });
      const { problems } = await aPlan(client, id, { anchors: ["task:e"] });
      const name = (task: string, value: string) => runName(task, [value]);
      assert.deepEqual(
        problems?.map((problem) => problem?.message).filter((it) => it?.includes("carried")),
        [
          ...["b", long].map(
            (value) =>
              `\`${name("f", value)}\` failed and is carried: it fails the execution again, unless you start there.`,
          ),
          ...["b", long].map(
            (value) =>
              `\`${name("r", value)}\` is carried, and may have read every output: it cannot be told whether it would come out the same.`,
          ),
        ],
      );
    }));
});
