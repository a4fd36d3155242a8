import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { aFlow, aRevision, aWrittenFlow, type FlowSpec, type TaskSpec } from "../../support/a-flow.ts";
import { anEndedExecution, aPlan, aReplay, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import type { Script } from "../../support/hand-worker.ts";
import { aBlockFlow, block, log } from "../blocks/block-flows.ts";

const db = await testDatabase();
type Spec = FlowSpec | (string | TaskSpec)[];

/** The plan has just this blocking problem, and the replay is refused with its code. */
async function isBlocked(
  client: ClientBase,
  id: string,
  args: Parameters<typeof aPlan>[2],
  code: string,
  message?: string | RegExp,
) {
  const plan = await aPlan(client, id, args);
  const blocking = (plan.problems ?? []).filter((problem) => problem?.is_blocking);
  assert.deepEqual(
    blocking.map((problem) => problem?.code),
    [code],
  );
  if (message !== undefined) assert.match(blocking[0]?.message ?? "", new RegExp(message));
  assert.equal(plan.is_runnable, false);
  await client.query("savepoint given");
  await assert.rejects(aReplay(client, id, args), { code: "RP422", reason: code });
  await client.query("rollback to given");
}

async function revised(
  client: ClientBase,
  first: Spec,
  second: Spec,
  script: Script = {},
  inputs: unknown = {},
) {
  const flow = await aFlow(client, first);
  const id = await anEndedExecution(client, flow, script, { inputs });
  await aRevision(client, flow, second);
  return { flow, id };
}

describe("a replay is blocked", () => {
  it("when a task of a loop is named without its iteration, and shows how to name one", () =>
    db.inTransaction(async (client) => {
      const loop = block("l", "ForEach", `values: [x, y], tasks: [${log("b")}]`);
      const id = await anEndedExecution(client, await aBlockFlow(client, `tasks: [${loop}]`));
      const message =
        'Task `b` runs once for each value of the loop around it: name the iteration, such as task:b\\["x"\\], or with --value on the command line\\.';
      await isBlocked(client, id, { anchors: ["task:b"] }, "anchor_not_in_revision", message);
      const other = 'no such iteration of task `b` in iteration \\["z"\\]: choose .* such as task:b\\["x"\\]';
      await isBlocked(client, id, { anchors: ['task:b["z"]'] }, "anchor_not_in_revision", other);
    }));

  it("when a revision has moved it out of its loop, or renamed it there, and shows only what it has", () =>
    db.inTransaction(async (client) => {
      const loop = (body: string) => block("l", "ForEach", `values: [x], tasks: [${body}]`);
      const head = `id: flow-${randomUUID()}\nnamespace: company.team\n`;
      const id = await anEndedExecution(
        client,
        await aWrittenFlow(client, `${head}tasks: [${loop(`${log("b")}, ${log("c")}`)}]`),
      );
      await aWrittenFlow(client, `${head}tasks: [${loop(log("d"))}, ${log("b")}]`);
      const blocked = async (anchor: string, message: string) =>
        await isBlocked(
          client,
          id,
          { anchors: [anchor], revision: "latest" },
          "anchor_not_in_revision",
          `${message}$`,
        );
      await blocked(
        'task:b["x"]',
        "Task `b` stands in no loop of the target revision, and has no iterations: name it alone, as task:b\\.",
      );
      await blocked(
        "task:c['x']",
        'The target revision has no task `c` in iteration \\["x"\\]: choose another anchor or another revision\\.',
      );
    }));

  it("when the target revision does not have the anchor", () =>
    db.inTransaction(async (client) => {
      const { id } = await revised(client, ["a", "b"], ["a", "c"]);
      const b = (await taskRunsOf(client, id)).b?.id as string;
      const message = "The target revision has no task `b`";
      await isBlocked(
        client,
        id,
        { anchors: ["task:b"], revision: "latest" },
        "anchor_not_in_revision",
        message,
      );
      await isBlocked(client, id, { anchors: [b], revision: "latest" }, "anchor_not_in_revision", message);
    }));

  it("when the target revision disables the anchor", () =>
    db.inTransaction(async (client) => {
      const { id } = await revised(client, ["a", "b"], ["a", { id: "b", isDisabled: true }]);
      const args = { anchors: ["task:b"], revision: "latest" };
      await isBlocked(client, id, args, "anchor_not_in_revision", "disables task `b`");
    }));

  it("when the anchor is a task run of another execution", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, ["a"]);
      const other = await anEndedExecution(client, flow);
      const id = await anEndedExecution(client, flow);
      const anchor = (await taskRunsOf(client, other)).a?.id as string;
      await isBlocked(client, id, { anchors: [anchor] }, "anchor_not_in_execution");
    }));

  it("when the anchor has an iteration that the task does not", () =>
    db.inTransaction(async (client) => {
      const id = await anEndedExecution(client, await aFlow(client, ["a"]));
      await isBlocked(
        client,
        id,
        { anchors: ['task:a["x"]'] },
        "anchor_not_in_revision",
        "stands in no loop",
      );
    }));

  it("when `failed` or `auto` is asked for and the target revision does not have the handler that failed", () =>
    db.inTransaction(async (client) => {
      const flow = `flow-${randomUUID()}`;
      const write = (rest: string) =>
        aWrittenFlow(client, `id: ${flow}\nnamespace: company.team\ntasks: [${log("a")}]\n${rest}`);
      const id = await anEndedExecution(client, await write(`finally: [${log("b")}]\n`), { b: "FAILED" });
      await write("");
      for (const [anchor, code] of [
        ["failed", "anchor_not_in_revision"],
        ["auto", "nothing_to_replay"],
      ] as const)
        await isBlocked(
          client,
          id,
          { anchors: [anchor], revision: "latest" },
          code,
          "not in the target revision.*`b`",
        );
    }));

  it("when nothing failed and `failed` was asked for", () =>
    db.inTransaction(async (client) => {
      const id = await anEndedExecution(client, await aFlow(client, ["a"]));
      await isBlocked(client, id, { anchors: ["failed"] }, "nothing_failed");
    }));

  it("when `auto` finds nothing", () =>
    db.inTransaction(async (client) => {
      const id = await anEndedExecution(client, await aFlow(client, ["a"]));
      await isBlocked(client, id, { anchors: ["auto"] }, "nothing_to_replay");
    }));

  it("when a task that runs again reads outputs that the target revision removes", () =>
    db.inTransaction(async (client) => {
      const { id } = await revised(client, ["a", "b", "c"], ["b", { id: "c", reads: ["a"] }]);
      const args = { anchors: ["task:c"], revision: "latest" };
      await isBlocked(client, id, args, "removed_output_read", "`c` runs again and reads the outputs of `a`");
    }));

  it("not when only a carried task had read them", () =>
    db.inTransaction(async (client) => {
      const reader = { id: "b", reads: ["a"] };
      const { id } = await revised(client, ["a", reader, "c"], [reader, "c"]);
      assert.deepEqual((await aPlan(client, id, { anchors: ["task:c"], revision: "latest" })).codes, []);
    }));

  it("when an input that the target revision requires has no value", () =>
    db.inTransaction(async (client) => {
      const { id } = await revised(client, ["a"], { tasks: ["a"], inputs: [{ id: "x" }] });
      await isBlocked(client, id, { revision: "latest" }, "missing_input", "requires input `x`");
      const plan = await aPlan(client, id, { revision: "latest", inputs: { x: "1" } });
      assert.deepEqual([plan.codes, plan.inputs], [[], { x: "1" }]);
    }));

  it("just once, when that input is given as nothing inside a group", () =>
    db.inTransaction(async (client) => {
      const { id } = await revised(client, ["a"], { tasks: ["a"], inputs: [{ id: "g.x" }] });
      for (const inputs of [{ "g.x": null }, { g: { x: null } }])
        await isBlocked(client, id, { revision: "latest", inputs }, "missing_input", "requires input `g.x`");
    }));

  it("not when that input has a default, constant or rendered", () =>
    db.inTransaction(async (client) => {
      const inputs = [
        { id: "x", defaults: "1" },
        { id: "y", isTemplated: true, defaults: "{{ 1 }}" },
      ];
      const { id } = await revised(client, ["a"], { tasks: ["a"], inputs });
      const plan = await aPlan(client, id, { revision: "latest" });
      assert.deepEqual([plan.codes, plan.inputs], [[], { x: "1" }]);
    }));

  it("when an input is given that the target revision does not know, or one that is ill-typed", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, { tasks: ["a"], inputs: [{ id: "x", type: "INT", required: false }] });
      const id = await anEndedExecution(client, flow);
      await isBlocked(client, id, { inputs: { z: 1 } }, "invalid_inputs", "Unknown input `z`");
      await isBlocked(client, id, { inputs: { x: "one" } }, "invalid_inputs", 'For input string: "one"');
    }));

  it("when a kept input does not fit the target revision any more", () =>
    db.inTransaction(async (client) => {
      const { id } = await revised(
        client,
        { tasks: ["a"], inputs: [{ id: "x" }] },
        { tasks: ["a"], inputs: [{ id: "x", type: "INT" }] },
        {},
        { x: "one" },
      );
      await isBlocked(client, id, { revision: "latest" }, "invalid_inputs", 'For input string: "one"');
    }));

  it("when everything stands behind a failure that is carried", () =>
    db.inTransaction(async (client) => {
      const id = await anEndedExecution(client, await aFlow(client, ["a", "b", "c"]), { b: "FAILED" });
      await isBlocked(client, id, { anchors: ["task:c"] }, "nothing_reached", "behind `b`");
    }));

  it("when outputs are given for a task that is not carried", () =>
    db.inTransaction(async (client) => {
      const id = await anEndedExecution(client, await aFlow(client, ["a", "b"]));
      for (const task of ["b", "nowhere"]) {
        const args = { anchors: ["task:b"], overrides: { [task]: { x: 1 } } };
        await isBlocked(client, id, args, "override_not_carried", `\`${task}\``);
      }
    }));

  it("when the flow is disabled or deleted", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, ["a"]);
      const id = await anEndedExecution(client, flow);
      const name = { namespace: flow.namespace, flow_id: flow.id };
      await callOne(client, "reprise_api.disable_flow", name);
      await isBlocked(client, id, {}, "flow_disabled", "enable it first");
      await callOne(client, "reprise_api.delete_flow", name);
      await isBlocked(client, id, {}, "flow_deleted", "save it again first");
    }));

  it("when the text of the target revision says that it is disabled", () =>
    db.inTransaction(async (client) => {
      const { id } = await revised(client, ["a"], { tasks: ["a"], isDisabled: true });
      await isBlocked(client, id, { revision: "latest" }, "flow_disabled");
      assert.deepEqual((await aPlan(client, id, { revision: "original" })).codes, []);
    }));
});

describe("a replay is refused", () => {
  for (const [title, args, expected] of [
    ["for a revision that is not there", { revision: "9" }, { code: "RP404", reason: "revision_not_found" }],
    [
      "for a word that names no revision",
      { revision: "newest" },
      { code: "RP400", reason: "malformed_revision" },
    ],
    ["for inputs that are no object", { inputs: [1] }, { code: "RP400", reason: "malformed_inputs" }],
    [
      "for overrides that are no object",
      { overrides: [1] },
      { code: "RP400", reason: "malformed_overrides" },
    ],
    [
      "for overrides that are no outputs",
      { overrides: { a: 1 } },
      { code: "RP400", reason: "malformed_overrides" },
    ],
    ["in a mode that comes later", { mode: "AFFECTED" }, { code: "RP422", reason: "not_yet_supported" }],
  ] as const) {
    it(title, () =>
      db.inTransaction(async (client) => {
        const id = await anEndedExecution(client, await aFlow(client, ["a"]));
        await client.query("savepoint given");
        await assert.rejects(aPlan(client, id, args), expected);
        await client.query("rollback to given");
        await assert.rejects(aReplay(client, id, args), expected);
      }),
    );
  }

  it("for an execution that is not there", () =>
    db.inTransaction((client) =>
      assert.rejects(aReplay(client, "00000000-0000-7000-8000-000000000000"), {
        code: "RP404",
        reason: "execution_not_found",
      }),
    ));
});
