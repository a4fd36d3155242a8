import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callOne } from "../../src/db/call.ts";
import { planReplay, replayExecution } from "../../src/worker/judge-replay.ts";
import { executionOf } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { untilEnded } from "../support/worker-flows.ts";
import { replaying, returns, told } from "./replay-flows.ts";

const db = await testDatabase();

const { box, ended } = replaying(db);

/** What a replay from the second task comes to, as it was planned. */
async function replayed(execution_id: string, inputs: Record<string, unknown>) {
  const asked = { execution_id, anchors: ["task:b"], inputs };
  const { plan_hash } = await planReplay(db.pool, asked, box);
  const { id } = await replayExecution(db.pool, { ...asked, plan_hash }, box);
  await untilEnded(db.pool, id);
  return await executionOf(db.pool, id);
}

const flow = `inputs:
- { id: region, type: STRING }
- { id: city, type: SELECT, expression: "{{ inputs.region == 'us' ? ['Boston'] : ['Rome'] }}", dependsOn: { inputs: [region] } }
- { id: vat, type: STRING, dependsOn: { inputs: [region], condition: "{{ inputs.region == 'eu' }}" } }
tasks: [${returns("a", "{{ inputs.region }}")}]`;

describe("inputs that others leave out, in a replay", () => {
  it("are no change where they are left out, which is said of those that are given", async () => {
    const reading = flow.replace(
      /tasks: .*/,
      `tasks: [${returns("a", "{{ inputs.vat ?? 'none' }}")}, ${returns("b", "x")}]`,
    );
    const anchors = ["task:b"];
    const planned = async (execution_id: string, inputs: Record<string, unknown>) => {
      const plan = await planReplay(db.pool, { execution_id, anchors, inputs }, box);
      const [a] = plan.tasks ?? [];
      const about = told(plan.problems).filter(([code]) => code !== "carried_changed");
      return { about, a: [a?.disposition, a?.changed_keys], inputs: plan.inputs };
    };
    const id = await ended(reading, { region: "us", city: "Boston" });
    assert.deepEqual(await planned(id, { vat: "7" }), {
      about: [
        [
          "input_left_out",
          "Input `vat` is given, and left out: what it depends on does not ask for it.",
          false,
        ],
      ],
      a: ["CARRIED", null],
      inputs: { region: "us", city: "Boston" },
    });
    const replay = await replayed(id, { vat: "7" });
    assert.deepEqual(replay.inputs, { region: "us", city: "Boston" });

    // Left out now, and not then: that is one.
    const other = await ended(reading, { region: "eu", city: "Rome", vat: "1" });
    assert.deepEqual(await planned(other, { region: "us", city: "Boston" }), {
      about: [],
      a: ["CARRIED_CHANGED", ["inputs.vat"]],
      inputs: { region: "us", city: "Boston" },
    });
  });

  it("are left out by whoever can tell, and by nobody else who only says so", async () => {
    const id = await ended(flow, { region: "eu", city: "Rome", vat: "1" });
    const judgement = { problems: [], leftOut: ["region", "vat"] };
    const plan = await callOne(db.pool, "reprise_api.replay_plan", {
      ...{ execution_id: id, anchors: ["start"], judgement },
    });
    assert.deepEqual(plan.inputs, { region: "eu", city: "Rome" });
    const replay = await callOne(db.pool, "reprise_api.replay_execution", { execution_id: id, judgement });
    await untilEnded(db.pool, replay.id);
    const { state, error } = await executionOf(db.pool, replay.id);
    assert.deepEqual(
      [state, (error as { message: string }).message],
      ["FAILED", "Missing required input:vat"],
    );
  });
});
