import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aWrittenFlow } from "../../support/a-flow.ts";
import { anEndedExecution, aPlan } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aBlockFlow, log } from "../blocks/block-flows.ts";

const db = await testDatabase();

const body = (value: string) => `inputs: [{ id: k, type: STRING, defaults: a }]
variables: { w: one }
tasks:
  - ${log("pre")}
  - id: lo
    type: io.kestra.plugin.core.flow.Loop
    values: [p, q]
    tasks: [${log("b")}]
    outputs: [{ id: o, type: STRING, value: "${value}" }]
  - ${log("z")}`;

const outputs = { outputs: { value: "x" } };

/** What a plan says of the Loop. */
async function planned(value: string, after: string, given: Partial<Parameters<typeof aPlan>[2]>) {
  return await db.inTransaction(async (client) => {
    const flow = await aBlockFlow(client, body(value));
    const id = await anEndedExecution(client, flow, { pre: outputs, b: outputs });
    await aWrittenFlow(client, `id: ${flow.id}\nnamespace: ${flow.namespace}\n${after}`);
    const plan = await aPlan(client, id, { anchors: ["task:z"], revision: "latest", ...given });
    const loop = plan.tasks.find(({ task_id }) => task_id === "lo");
    return [loop?.disposition, loop?.reason, loop?.changed_keys];
  });
}

describe("a plan knows of a carried Loop", () => {
  const unchanged = ["CARRIED", "unchanged", null];

  it("that its outputs read an input that is another", async () => {
    const value = "{{ inputs.k }}";
    assert.deepEqual(await planned(value, body(value), {}), unchanged);
    const other = await planned(value, body(value), { inputs: { k: "b" } });
    assert.deepEqual(other, ["CARRIED_CHANGED", "changed", ["inputs.k"]]);
  });

  it("that they read outputs that are given, before it and in an iteration", async () => {
    for (const [task, key] of [
      ["pre", "pre"],
      ["b", 'b["q"]'],
    ] as const) {
      const value = `{{ outputs.${task}.value }}`;
      const given = { overrides: { [key]: { value: "y" } } };
      assert.deepEqual(await planned(value, body(value), given), [
        ...["CARRIED_CHANGED", "changed", [`outputs.${task}`]],
      ]);
    }
  });

  it("that they read a variable that a revision changes, or are changed themselves", async () => {
    const value = "{{ vars.w }}";
    const changed = await planned(value, body(value).replace("w: one", "w: two"), {});
    assert.deepEqual(changed, ["CARRIED_CHANGED", "changed", ["variables.w"]]);
    const [disposition] = await planned(value, body("{{ vars.w }}!"), {});
    assert.equal(disposition, "CARRIED_CHANGED");
  });
});
