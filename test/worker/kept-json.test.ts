import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { writeJson } from "../../src/base/json.ts";
import { callOne } from "../../src/db/call.ts";
import type { Worker } from "../../src/worker/worker.ts";
import { aWorker } from "../support/a-worker.ts";
import { anExecution, aReplay, executionOf, taskRunsOf } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { aWorkerFlow, untilEnded } from "../support/worker-flows.ts";

const db = await testDatabase();
let worker: Worker;
before(async () => {
  worker = await aWorker(db.connectionString);
});
after(async () => await worker[Symbol.asyncDispose]());

const core = "io.kestra.plugin.core";
const say = (id: string, format: string) =>
  `  - { id: ${id}, type: ${core}.debug.Return, format: "${format}" }\n`;
const give = (id: string, values: string, rest = "") =>
  `  - { id: ${id}, type: ${core}.output.OutputValues, values: ${values}${rest} }\n`;

/** Keys that jsonb sorts by length and JavaScript by number, and numbers that both lose. */
const written = '{"zulu":1,"a":2.0,"10":"x","2":{"y":[1.0,1e3],"b":12345678901234567890}}';
const printed = '{"zulu":1,"a":2.0,"10":"x","2":{"y":[1.0,1000.0],"b":12345678901234567890}}';

async function seen(id: string) {
  await untilEnded(db.pool, id);
  const runs = await taskRunsOf(db.pool, id);
  const execution = await executionOf(db.pool, id);
  assert.equal(execution.state, "SUCCESS", JSON.stringify(Object.values(runs).map(({ error }) => error)));
  return {
    id,
    execution,
    said: (task: string) => (runs[task]?.outputs as { value?: unknown } | null)?.value,
  };
}

async function run(text: string, inputs?: string) {
  const flow = await aWorkerFlow(db.pool, text);
  if (inputs === undefined) return { flow, ...(await seen(await anExecution(db.pool, flow))) };
  const { rows } = await db.pool.query<{ id: string }>(
    `select id from reprise_api.create_execution($1, $2, inputs => $3)`,
    [flow.namespace, flow.id, inputs],
  );
  return { flow, ...(await seen(rows[0]?.id as string)) };
}

describe("the order of keys and the kind of numbers", () => {
  it("are kept from the variables of a flow", async () => {
    const { said } = await run(
      `variables:\n  map: ${written}\n  "20": b\n  "3": a\ntasks:\n${say("map", "{{ vars.map }}")}${say("all", "{{ vars }}")}${say("keys", "{{ vars.map | keys }}")}${say(
        "each",
        "{% for e in vars.map %}{{ e.key }} {% endfor %}",
      )}${say("kind", "{{ vars.map.a }} {{ vars.map.a + 1 }}")}`,
    );
    assert.equal(said("map"), printed);
    assert.equal(said("all"), `{"map":${printed},"20":"b","3":"a"}`);
    assert.equal(said("keys"), '["zulu","a","10","2"]');
    assert.equal(said("each"), "zulu a 10 2 ");
    assert.equal(said("kind"), "2.0 3.0");
  });

  it("are those of the names for inputs altogether, whose YAML keeps what was written, too", async () => {
    const text = `inputs:\n  - { id: y, type: YAML, defaults: "{b: 1.0, a: 2}" }\n  - { id: b.c, type: INT, defaults: 1 }\n  - { id: a, type: INT, defaults: "{{ 40 + 2 }}" }\ntasks:\n${say("all", "{{ inputs }}")}`;
    assert.equal((await run(text)).said("all"), '{"a":42,"b":{"c":1},"y":{"b":1.0,"a":2}}');
  });

  it("are kept from inputs, given or by default, and shown", async () => {
    const text = `inputs:\n  - { id: map, type: JSON, defaults: ${written} }\n  - { id: text, type: JSON, defaults: '${written}' }\n  - { id: list, type: ARRAY, itemType: JSON, defaults: [1.0, {"b": 1, "a": 2}] }\n  - { id: float, type: FLOAT, defaults: 3 }\ntasks:\n${say("map", "{{ inputs.map }} {{ inputs.text }} {{ inputs.list }} {{ inputs.float }}")}`;
    const { said, execution } = await run(text);
    assert.equal(said("map"), `${printed} ${printed} [1.0,{"b":1,"a":2}] 3.0`);
    assert.equal(
      writeJson(execution.inputs),
      `{"map":${printed},"text":${printed},"list":[1.0,{"b":1,"a":2}],"float":3.0}`,
    );
    const given = await run(
      text,
      '{"text": "{\\"b\\": 1.0, \\"a\\": 1}", "map": {"b": 1.0, "a": 1, "b": 2.0}, "float": "4"}',
    );
    assert.equal(given.said("map"), '{"b":2.0,"a":1} {"b":1.0,"a":1} [1.0,{"b":1,"a":2}] 4.0');
  });

  it("are kept from the outputs of tasks, of the flow, and of subflows", async () => {
    const child = await aWorkerFlow(
      db.pool,
      `inputs:\n  - { id: map, type: JSON }\ntasks:\n${give("values", written)}outputs:\n  - { id: map, type: JSON, value: "{{ inputs.map }}" }\n  - { id: values, type: JSON, value: "{{ outputs.values.values }}" }\n`,
    );
    const { said, execution } = await run(
      `variables: { map: ${written} }\ntasks:\n${give("values", `{map: ${written}, "9": 1, "8": 2.0}`)}${say("values", "").replace("id: values", "id: read").replace('""', '"{{ outputs.values.values }}"')}  - id: child\n    type: ${core}.flow.Subflow\n    namespace: ${child.namespace}\n    flowId: ${child.id}\n    inputs: { map: "{{ vars.map }}" }\n${say("child_read", "{{ outputs.child.outputs.values }} {{ outputs.child.outputs.map }}")}outputs:\n  - { id: map, type: JSON, value: "{{ outputs.child.outputs.map }}" }\n`,
    );
    assert.equal(said("read"), `{"map":${printed},"9":1,"8":2.0}`);
    assert.equal(said("child_read"), `${printed} ${printed}`);
    assert.equal(writeJson(execution.outputs), `{"map":${printed}}`);
  });

  it("are kept in loops over maps, and by what changes variables", async () => {
    const { said, execution } = await run(
      `variables: { map: ${written}, other: {"z": 1, "y": 1} }\ntasks:\n  - id: loop\n    type: ${core}.flow.Loop\n    values: "{{ vars.map }}"\n    outputs:\n      - { id: value, type: STRING, value: "{{ item.value }}" }\n    tasks:\n    ${say("inner", "{{ item.key }}")}${say("loop_read", "{{ outputs.loop.outputs | jq('map(.item.key)') | first }} {{ loopOutputs(outputs.loop.outputs, 'value') | last }}")}  - { id: set, type: ${core}.execution.SetVariables, variables: { other: {"y": 2.0, "x": {"b": 1, "a": 1}} } }\n  - { id: unset, type: ${core}.execution.UnsetVariables, variables: [other.z] }\n${say("vars", "{{ vars.other }}")}`,
    );
    assert.equal(said("loop_read"), '["zulu","a","10","2"] {"y":[1.0,1000.0],"b":12345678901234567890}');
    assert.equal(said("vars"), '{"y":2.0,"x":{"b":1,"a":1}}');
    assert.equal(writeJson((execution.variables as { other: unknown }).other), '{"y":2.0,"x":{"b":1,"a":1}}');
  });

  it("are kept by replays: what is carried, overridden, or given anew", async () => {
    const { id } = await run(
      `inputs:\n  - { id: map, type: JSON, defaults: {"b": 1.0, "a": 1} }\ntasks:\n${give("carried", written)}${give("given", "{b: 1}")}${say("last", "{{ outputs.carried.values }} {{ outputs.given.values }} {{ inputs.map }}")}`,
    );
    const same = await seen((await aReplay(db.pool, id, { anchors: ["task:last"] })).id);
    assert.equal(same.said("last"), `${printed} {"b":1} {"b":1.0,"a":1}`);
    const { rows } = await db.pool.query<{ id: string }>(
      `select id from reprise_api.replay_execution($1, '{task:last}', inputs => '{"map": {"z": 2.0, "a": 1}}', overrides => '{"given": {"values": {"y": 2.0, "b": 1}}}')`,
      [id],
    );
    const other = await seen(rows[0]?.id as string);
    assert.equal(other.said("last"), `${printed} {"y":2.0,"b":1} {"z":2.0,"a":1}`);
  });

  it("are kept by task caches, and tell what is asked for apart", async () => {
    const cached = (values: string) =>
      `tasks:\n${give("values", values, ", taskCache: { enabled: true }")}${say("read", "{{ outputs.values.values }}")}`;
    const { flow, said } = await run(cached(written));
    assert.equal(said("read"), printed);
    const again = await seen(await anExecution(db.pool, flow));
    assert.equal(again.said("read"), printed);
    const { rows } = await db.pool.query(
      "select outputs::text as text from reprise.task_caches where flow_id = $1",
      [flow.id],
    );
    assert.equal(rows.length, 1);
    assert.equal(rows[0].text, `{"values":${printed}}`);
  });

  it("are kept in a WorkingDirectory, and what a Pause is given", async () => {
    const flow = await aWorkerFlow(
      db.pool,
      `tasks:\n  - id: directory\n    type: ${core}.flow.WorkingDirectory\n    tasks:\n    ${give("inside", written)}  - { id: pause, type: ${core}.flow.Pause, onResume: [{ id: map, type: JSON }] }\n${say("read", "{{ outputs.inside.values }} {{ outputs.pause.onResume.map }}")}`,
    );
    const id = await anExecution(db.pool, flow);
    await db.pool.query("select 1");
    const { until } = await import("../support/until.ts");
    await until(async () => (await executionOf(db.pool, id)).state === "PAUSED", { what: "the Pause" });
    await callOne(db.pool, "reprise_api.resume_execution", {
      execution_id: id,
      inputs: { map: JSON.parse('{"b": 1, "a": 2}') },
    });
    const { said } = await seen(id);
    assert.equal(said("read"), `${printed} {"b":1,"a":2}`);
  });

  it("are those of decimals too, wherever an expression alone gives one", async () => {
    const decimal = "{{ '12345678901234567890.50' | number('BIGDECIMAL') }}";
    const { id, said } = await run(
      `tasks:\n${say("text", decimal)}${give("values", `{ a: "${decimal}" }`)}${say("read", "{{ outputs.values.values.a }}")}outputs:\n  - { id: o, type: JSON, value: "${decimal}" }\n  - { id: p, value: "${decimal}" }\n  - { id: f, type: FLOAT, value: "{{ '1.50' | number('BIGDECIMAL') }}" }\n`,
    );
    assert.equal(said("text"), "12345678901234567890.50");
    const { rows } = await db.pool.query(
      "select outputs::text as text from reprise_api.executions where id = $1",
      [id],
    );
    // JSON is read as doubles, as by Kestra.
    assert.equal(rows[0].text, '{"o":12345678901234567000.0,"p":"12345678901234567890.50","f":1.5}');
    assert.equal(said("read"), "12345678901234567890.50");
  });
});
