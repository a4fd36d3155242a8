import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { callOne } from "../../src/db/call.ts";
import type { Worker } from "../../src/worker/worker.ts";
import { aWorker } from "../support/a-worker.ts";
import { anExecution, aReplay, executionOf, taskRunsOf } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { ownLabels } from "../support/own-labels.ts";
import { aWorkerFlow, untilEnded } from "../support/worker-flows.ts";

const db = await testDatabase();
let worker: Worker;
before(async () => {
  worker = await aWorker(db.connectionString);
});
after(async () => await worker[Symbol.asyncDispose]());

const core = "io.kestra.plugin.core";
const set = (id: string, variables: string, rest = "") =>
  `  - { id: ${id}, type: ${core}.execution.SetVariables, variables: ${variables}${rest} }\n`;
const unset = (id: string, variables: string) =>
  `  - { id: ${id}, type: ${core}.execution.UnsetVariables, variables: ${variables} }\n`;
const labels = (id: string, written: string) =>
  `  - { id: ${id}, type: ${core}.execution.Labels, labels: ${written} }\n`;
const say = (id: string, format: string) =>
  `  - { id: ${id}, type: ${core}.debug.Return, format: "${format}" }\n`;

async function seen(id: string) {
  await untilEnded(db.pool, id);
  const { state, variables, labels: own } = await executionOf(db.pool, id);
  const runs = await taskRunsOf(db.pool, id);
  const given = (task: string) => (runs[task]?.outputs as { value?: string } | null | undefined)?.value;
  return { id, state, variables, labels: own as Record<string, string>, runs, given };
}

const run = async (text: string, given = {}) => {
  const flow = await aWorkerFlow(db.pool, text);
  return { flow, ...(await seen(await anExecution(db.pool, flow, given))) };
};

describe("SetVariables and UnsetVariables", () => {
  it("change what later tasks read, and give nothing", async () => {
    const { state, given, runs, variables } = await run(
      `variables: { name: World, kept: { a: 1 } }\ntasks:\n${set("s", "{ message: Hello, name: '{{ vars.name }}!', kept: { b: '{{ 1 + 1 }}' } }")}${say("a", "{{ vars.message }} {{ vars.name }}")}${unset("u", "[message, kept.a, gone.too]")}${say("b", "{{ vars.message ?? 'default' }}")}`,
    );
    assert.equal(state, "SUCCESS");
    assert.deepEqual([given("a"), given("b")], ["Hello World!", "default"]);
    assert.deepEqual(variables, { name: "World!", kept: { b: "2" } });
    assert.deepEqual([runs.s?.state, runs.s?.outputs, runs.s?.attempts], ["SUCCESS", null, ["1 SUCCESS"]]);
  });

  it("append lists, and let no null take anything away", async () => {
    const { variables } = await run(
      `variables: { list: [1, 2], text: x }\ntasks:\n${set("s", "{ list: [2, 3], text: null, more: [1] }")}${set("t", '\'{{ {"map": {"a": 1}} }}\'')}`,
    );
    assert.deepEqual(variables, { list: [1, 2, 3], text: "x", more: [1], map: { a: 1 } });
  });

  it("fail where a variable is there that may not be overwritten, and say which", async () => {
    const { id, state, runs, variables } = await run(
      `variables: { name: World }\ntasks:\n${set("s", "{ name: You, other: 1 }", ", overwrite: false, retry: { type: constant, interval: PT0.01S, maxAttempts: 2 }")}`,
    );
    assert.equal(state, "FAILED");
    assert.deepEqual(variables, { name: "World" });
    assert.deepEqual(runs.s?.attempts, ["1 FAILED", "2 FAILED"]);
    const message = "`overwrite` is set to false and the following variables already exist: name";
    assert.deepEqual(runs.s?.error, { reason: "variables_exist", message });
    const { rows } = await db.pool.query(
      "select from reprise.logs where execution_id = $1 and level = 'ERROR' and message = $2",
      [id, message],
    );
    assert.equal(rows.length, 2);
  });

  it("are done once for each iteration, one after the other", async () => {
    const { variables } = await run(
      `variables: { seen: [] }\ntasks:\n  - id: each\n    type: ${core}.flow.ForEach\n    concurrencyLimit: 0\n    values: [x, y, z]\n    tasks:\n    ${set("s", "{ seen: ['{{ taskrun.value }}'] }")}`,
    );
    assert.deepEqual((variables as { seen: string[] }).seen.toSorted(), ["x", "y", "z"]);
  });

  it("are done again for a replay by the tasks that it carries, and by no other", async () => {
    const { flow, id } = await run(
      `variables: { list: [1] }\ntasks:\n${set("s", "{ list: [2] }")}${say("a", "{{ vars.list }}")}${set("t", "{ list: [3] }")}${say("b", "{{ vars.list }}")}`,
    );
    const replay = await seen((await aReplay(db.pool, id, { anchors: ["task:a"] })).id);
    assert.deepEqual([replay.given("a"), replay.given("b")], ["[1,2]", "[1,2,3]"]);
    const again = await seen((await aReplay(db.pool, replay.id, { anchors: ["task:b"] })).id);
    assert.equal(again.given("b"), "[1,2,3]");
    await callOne(db.pool, "reprise_api.purge_executions", { execution_ids: [id] });
    const third = await seen((await aReplay(db.pool, again.id, { anchors: ["task:b"] })).id);
    assert.equal(third.given("b"), "[1,2,3]");
    const whole = await seen((await aReplay(db.pool, third.id, { anchors: ["start"] })).id);
    assert.equal(whole.given("a"), "[1,2]");
    assert.equal(flow.namespace, "company.team");
  });

  it("are done again by an iteration in their order among those that are carried, in replays of replays too", async () => {
    const loop = (tasks: string) =>
      `  - id: l\n    type: ${core}.flow.ForEach\n    values: [a, b, c]\n    tasks:\n${tasks.replaceAll(/^/gm, "    ")}`;
    const inner = set(
      "s",
      "{ last: '{{ taskrun.value }}', all: '{{ vars.all ?? \"\" }}{{ taskrun.value }}' }",
    );
    const text = `tasks:\n${loop(inner).trimEnd()}\n${say("r", "{{ vars.last }} {{ vars.all }}")}`;
    const { id, given } = await run(text);
    assert.equal(given("r"), "c abc");
    let original = id;
    for (const [anchors, expected] of [
      [['task:s["a"]'], "c abc"],
      [['task:s["b"]'], "c abc"],
      [['task:s["a"]', 'task:s["c"]'], "c abc"],
      [["task:r"], "c abc"],
    ] as const) {
      const replay = await seen((await aReplay(db.pool, original, { anchors: [...anchors] })).id);
      assert.equal(replay.given("r"), expected, `from ${anchors}`);
      original = replay.id;
    }
  });

  it("are kept by a restart", async () => {
    const { id } = await run(
      `tasks:\n${set("s", "{ a: 1 }")}  - { id: f, type: test.FailFirst, times: 1 }\n${say("b", "{{ vars.a }}")}`,
    );
    await callOne(db.pool, "reprise_api.restart_execution", { execution_id: id });
    const { state, given, runs } = await seen(id);
    assert.deepEqual([state, given("b"), runs.s?.attempts], ["SUCCESS", "1", ["1 SUCCESS"]]);
  });
});

describe("Labels", () => {
  it("are set as a map, a list or JSON, beside those that are there", async () => {
    const {
      state,
      labels: own,
      given,
    } = await run(
      `labels: { team: a, kept: b }\ntasks:\n${labels("m", "{ team: '{{ 40 + 2 }}', new: c, none: null }")}${labels("l", "[{ key: one, value: x }, { key: one, value: y }]")}${labels("j", '\'{{ {"two": "z", "three.four": true} }}\'')}${say("a", "{{ labels.team }} {{ labels.three.four }}")}`,
    );
    assert.equal(state, "SUCCESS");
    assert.deepEqual(ownLabels(own), {
      team: "42",
      kept: "b",
      new: "c",
      one: "y",
      two: "z",
      "three.four": "true",
    });
    assert.equal(given("a"), "42 true");
  });

  for (const [written, message] of [
    [
      "{ \"{{ 'system.x' }}\": v }",
      "System labels can only be set by Reprise itself, offending label: system.x=v",
    ],
    ["{ k: '' }", "Label values cannot be empty, offending label: k"],
    ["[{ key: k, value: '{{ null }}' }]", "Label values cannot be empty, offending label: k"],
  ] as const)
    it(`refuses ${written}`, async () => {
      const { state, runs } = await run(`tasks:\n${labels("l", written)}`);
      assert.equal(state, "FAILED");
      assert.equal(runs.l?.error && (runs.l.error as { message: string }).message, message);
    });
});
