import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import { callOne } from "../../src/db/call.ts";
import { createExecution } from "../../src/worker/create-execution.ts";
import { planReplay } from "../../src/worker/judge-replay.ts";
import { historyOf, logOf } from "../sql/gates/gate-flows.ts";
import { aRevision } from "../support/a-flow.ts";
import { testDatabase } from "../support/database.ts";
import { aWorkerFlow, untilEnded } from "../support/worker-flows.ts";
import { replaying, returns, told } from "./replay-flows.ts";

const db = await testDatabase();

const { box, ended, replayed, replayedBySql } = replaying(db, randomBytes(32));

describe("the checks of a flow, in a replay", () => {
  const flow = (behavior: string) =>
    `inputs: [{ id: i, type: INT }, { id: d, type: STRING, defaults: "d{{ inputs.i }}" }]
checks: [{ condition: "{{ inputs.i < 9 }}", message: Too many, behavior: ${behavior} }]
tasks: [${returns("a", "{{ inputs.i }}")}]
afterExecution: [${returns("z", "{{ inputs.d }}")}]`;
  const blocked =
    "Flow execution blocked: one or more condition checks evaluated to false.\nFailed checks: Too many";
  const failed = blocked.replace("blocked", "failed");

  it("block one with other inputs, in the plan and at once", async () => {
    const id = await ended(flow("BLOCK_EXECUTION"), { i: 1 });
    const { problems, replay } = await replayed(id, { i: 9 }, "task:a");
    assert.deepEqual(problems, [
      [
        "defaults_rendered_anew",
        "The default of `d` is rendered anew, since what it reads has changed.",
        false,
      ],
      ["execution_blocked", blocked, true],
    ]);
    assert.equal(replay, blocked);
    // Nobody has rendered a template then.
    const bySql = await callOne(db.pool, "reprise_api.replay_plan", { execution_id: id, inputs: { i: 9 } });
    assert.deepEqual(
      bySql.problems?.map((problem) => [problem?.code, problem?.is_blocking]),
      [
        ["defaults_rendered_anew", false],
        ["checks_not_asked", false],
      ],
    );
    const byHand = await replayedBySql(id, { i: 9 });
    assert.deepEqual(
      [byHand.state, byHand.error],
      ["FAILED", { reason: "execution_blocked", message: blocked }],
    );
  });

  it("let through what holds, and what was let in before", async () => {
    const id = await ended(flow("BLOCK_EXECUTION"), { i: 1 });
    for (const inputs of [{ i: 2 }, { i: 1 }, {}]) {
      const { replay } = await replayed(id, inputs);
      assert.equal((replay as { state: string }).state, "SUCCESS");
      assert.equal((await replayedBySql(id, inputs)).state, "SUCCESS");
    }
  });

  it("are asked again where they have not let in the original", async () => {
    const { namespace, id: flow_id } = await aWorkerFlow(db.pool, flow("BLOCK_EXECUTION"));
    const asked = { namespace, flow_id, inputs: { i: 9 } };
    const { id } = await callOne(db.pool, "reprise_api.create_execution", asked);
    await untilEnded(db.pool, id);
    assert.equal((await replayedBySql(id, {})).state, "FAILED");
    assert.equal((await replayed(id, {})).replay, blocked);
    assert.equal((await replayedBySql(id, { i: 1 })).state, "SUCCESS");
  });

  it("fail one as it is created, whose defaults what comes after the execution reads", async () => {
    const id = await ended(flow("FAIL_EXECUTION"), { i: 1 });
    const { problems, replay } = await replayed(id, { i: 9 });
    assert.deepEqual(problems.at(-1), ["check_failed", failed, false]);
    const plan = await planReplay(db.pool, { execution_id: id, inputs: { i: 9 } }, box);
    assert.deepEqual(
      plan.tasks?.map((task) => [task?.task_id, task?.disposition, task?.explanation]),
      [
        ["a", "NOT_REACHED", "It is not reached: a check of the flow fails the execution as it is created."],
        ["z", "RERUN", "It handles how the execution ends, which will be seen."],
      ],
    );
    const { id: made, inputs, error } = replay as { id: string; inputs: unknown; error: unknown };
    assert.deepEqual(
      [inputs, error],
      [
        { i: 9, d: "d9" },
        { reason: "check_failed", message: failed },
      ],
    );
    assert.deepEqual(await historyOf(db.pool, made), ["CREATED", "FAILED"]);
    assert.deepEqual((await replayedBySql(id, { i: 9 })).inputs, { i: 9, d: "d9" });
  });

  it("let one through with a word of warning", async () => {
    const id = await ended(flow("CREATE_EXECUTION"), { i: 1 });
    const { problems, replay } = await replayed(id, { i: 9 });
    assert.deepEqual(problems.at(-1), ["check_failed", failed.replace("failed:", "created:"), false]);
    const { id: made, state } = replay as { id: string; state: string };
    assert.equal(state, "SUCCESS");
    assert.match((await logOf(db.pool, made)).join("\n"), /^WARN Flow execution created/m);
  });

  it("are those of the revision that it runs on", async () => {
    const { namespace, id: flow_id, revision } = await aWorkerFlow(db.pool, flow("CREATE_EXECUTION"));
    const { id } = await createExecution(db.pool, { namespace, flow_id, inputs: { i: 9 } }, box);
    await untilEnded(db.pool, id);
    const inputs = [{ id: "i", type: "INT" as const }];
    await aRevision(db.pool, { namespace, id: flow_id, revision }, { tasks: ["a"], inputs });
    await db.pool.query(
      `update reprise.flow_revisions
      set definition = definition::jsonb || '{"checks": [{"condition": "{{ inputs.i > 9 }}", "message": "Too few", "behavior": "BLOCK_EXECUTION"}]}'
      where flow_id = $1 and revision = 2`,
      [flow_id],
    );
    const plan = await planReplay(db.pool, { execution_id: id, revision: "latest" }, box);
    assert.deepEqual(told(plan.problems), [["execution_blocked", blocked.replace("many", "few"), true]]);
  });
});
