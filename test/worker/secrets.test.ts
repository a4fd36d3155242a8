import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { noKeyHint, openSecretBox } from "../../src/base/secret-box.ts";
import { callOne } from "../../src/db/call.ts";
import { createExecution } from "../../src/worker/create-execution.ts";
import { planReplay, replayExecution } from "../../src/worker/judge-replay.ts";
import { resumeExecution } from "../../src/worker/resume-execution.ts";
import { sealInput } from "../../src/worker/secrets.ts";
import type { Worker } from "../../src/worker/worker.ts";
import { logOf } from "../sql/gates/gate-flows.ts";
import { aWorker } from "../support/a-worker.ts";
import { executionOf, statesOf } from "../support/an-execution.ts";
import { testDatabase, until } from "../support/database.ts";
import { ownLabels } from "../support/own-labels.ts";
import { aWorkerFlow, untilEnded } from "../support/worker-flows.ts";

const key = randomBytes(32);
const box = openSecretBox(key);
const db = await testDatabase();
let worker: Worker;
before(async () => {
  worker = await aWorker(db.connectionString, { env: { REPRISE_ENCRYPTION_KEY: key.toString("base64") } });
});
after(() => worker[Symbol.asyncDispose]());

const returns = (id: string, format: string) =>
  `{ id: ${id}, type: io.kestra.plugin.core.debug.Return, format: "${format}" }`;

async function start(text: string, inputs: Record<string, unknown>) {
  const { namespace, id } = await aWorkerFlow(db.pool, text);
  return (await createExecution(db.pool, { namespace, flow_id: id, inputs }, box)).id;
}

/** Every row of every table of ours that holds a text. */
async function rowsWith(text: string): Promise<string[]> {
  const { rows: tables } = await db.pool.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name
    from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname in ('reprise', 'graphile_worker')`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const { rows } = await db.pool.query(
      `select 1 from ${name} as t where t::text like '%' || $1 || '%' limit 1`,
      [text],
    );
    if (rows.length > 0) found.push(name);
  }
  return found;
}

describe("sealInput", () => {
  it("refuses a secret of which nobody knows in time whether its pattern matches", () => {
    const sealed = sealInput(box, { id: "pw", validator: "((a+)+)\\1!" }, "a".repeat(60));
    assert.match(String((sealed as { problem?: unknown }).problem), /^pw: it takes too long to find out/);
  });
});

describe("a secret input", () => {
  const flow = `inputs: [{ id: db.password, type: SECRET, validator: "[a-z0-9\\"-]{8,}" }]
outputs: [{ id: out, type: SECRET, value: "{{ outputs.b.value }}" }, { id: plain, type: STRING, value: "pw {{ inputs.db.password }}" }]
tasks:
  - ${returns("a", "<{{ inputs.db.password }}>")}
  - ${returns("b", "{{ outputs.a.value | replace({'<': '', '>': ''}) }}")}
  - { id: say, type: io.kestra.plugin.core.log.Log, message: "I know {{ inputs.db.password }}, {{ outputs.b.value == inputs.db.password }}" }`;

  it("is read by tasks, and shows nowhere", async () => {
    const secret = `s3cret-${randomBytes(6).toString("hex")}`;
    const id = await start(flow, { db: { password: secret } });
    await untilEnded(db.pool, id);
    const { state, inputs, outputs } = await executionOf(db.pool, id);
    assert.equal(state, "SUCCESS");
    assert.equal(
      (inputs as { db: { password: { type: string } } }).db.password.type,
      "io.kestra.datatype:aes_encrypted",
    );
    assert.equal(box.unseal((outputs as { out: never }).out), secret);
    assert.match((await logOf(db.pool, id)).join("\n"), /I know \*{6}, true/);
    assert.deepEqual(await rowsWith(secret), []);
    const { rows } = await db.pool.query(
      `select e.inputs, e.outputs, (select jsonb_object_agg(r.task_id, r.outputs) from reprise_api.task_runs as r where r.execution_id = e.id and r.outputs is not null) as made
      from reprise_api.executions as e where e.id = $1`,
      [id],
    );
    assert.deepEqual(rows[0], {
      inputs: { db: { password: "******" } },
      outputs: { out: "******", plain: "******" },
      made: { a: { value: "******" }, b: { value: "******" }, say: {} },
    });
  });

  it("shows in no error either", async () => {
    const secret = `s3cret-"${randomBytes(6).toString("hex")}`;
    const id = await start(
      `${flow.slice(0, flow.indexOf("outputs:"))}tasks: [{ id: no, type: io.kestra.plugin.core.execution.Fail, errorMessage: "not {{ inputs.db.password }}" }]`,
      { "db.password": secret },
    );
    await untilEnded(db.pool, id);
    assert.equal((await executionOf(db.pool, id)).state, "FAILED");
    assert.deepEqual(await rowsWith(secret.slice(8)), []);
  });

  it("shows in no part of a text that is no JSON, and in no form that a URL has", async () => {
    const json = `{"user": "admin", "key": AKIA${randomBytes(6).toString("hex").toUpperCase()}}`;
    const host = `Host${randomBytes(6).toString("hex")}`;
    const path = `tok ${randomBytes(6).toString("hex")}: {q`;
    const inputs = `inputs: [{ id: s, type: SECRET }]`;
    const get = (uri: string) =>
      `{ id: a, type: io.kestra.plugin.core.http.Request, uri: "${uri}", options: { connectTimeout: PT1S } }`;
    for (const [task, secret, part] of [
      [returns("a", "{{ fromJson(inputs.s) }}"), json, json.slice(25, 33)],
      [returns("a", "{{ inputs.s | jq('.x') }}"), json, json.slice(25, 33)],
      [get("http://127.0.0.1:9/{{ inputs.s }}"), path, path.slice(4, 16)],
      [get("http://{{ inputs.s }}.invalid/"), host, host.toLowerCase()],
    ] as const) {
      const id = await start(`${inputs}\ntasks: [${task}]`, { s: secret });
      await untilEnded(db.pool, id);
      assert.equal((await executionOf(db.pool, id)).state, "FAILED");
      assert.deepEqual(await rowsWith(part), [], task);
    }
  });

  it("is checked before it is encrypted, and refused without a key", async () => {
    const message =
      'Invalid value for input `db.password`. Cause: db.password: it must match the pattern `[a-z0-9"-]{8,}`';
    await assert.rejects(start(flow, { "db.password": "short" }), { code: "RP422", message });
    const { namespace, id } = await aWorkerFlow(db.pool, flow);
    const given = { namespace, flow_id: id, inputs: { "db.password": "long enough" } };
    const cause = "Invalid value for input `db.password`. Cause: ";
    await assert.rejects(createExecution(db.pool, given), {
      message: `${cause}Unable to use a \`SECRET\` input/output as encryption is not configured`,
      hint: noKeyHint,
    });
    await assert.rejects(callOne(db.pool, "reprise_api.create_execution", given), {
      ...{ code: "RP422", reason: "invalid_inputs" },
      message: `${cause}a secret is encrypted before it comes to Postgres, which has no key`,
      hint: /^Give a SECRET by GraphQL or on the command line/,
    });
    await assert.rejects(start(flow, {}), { message: "Missing required input:db.password" });
  });

  it("is encrypted where a form is given as a text, as command lines do", async () => {
    const secret = `s3cret-${randomBytes(6).toString("hex")}`;
    const id = await start(flow, { db: JSON.stringify({ password: secret }) });
    await untilEnded(db.pool, id);
    assert.equal((await executionOf(db.pool, id)).state, "SUCCESS");
    assert.deepEqual(await rowsWith(secret), []);
  });

  it("is encrypted by the first step where it is a default", async () => {
    const id = await start(
      `inputs: [{ id: pw, type: SECRET, defaults: "{{ envs.place }}-secret" }]\ntasks: [${returns("a", "{{ inputs.pw }}!")}]`,
      {},
    );
    await untilEnded(db.pool, id);
    const { inputs } = await executionOf(db.pool, id);
    assert.equal(box.unseal((inputs as { pw: never }).pw), "test-secret");
    assert.deepEqual(await rowsWith("test-secret"), []);
  });

  it("is carried by a replay, and can be another there", async () => {
    const secret = `first-${randomBytes(6).toString("hex")}`;
    const id = await start(flow, { "db.password": secret });
    await untilEnded(db.pool, id);
    const same = await callOne(db.pool, "reprise_api.replay_execution", {
      execution_id: id,
      anchors: ["task:b"],
    });
    const asked = { execution_id: id, anchors: ["start"], inputs: { db: { password: "second-secret" } } };
    const plan = await planReplay(db.pool, asked, box);
    assert.deepEqual(plan.inputs, { db: { password: "******" } });
    const other = await replayExecution(db.pool, { ...asked, plan_hash: plan.plan_hash }, box);
    await untilEnded(db.pool, same.id, other.id);
    const [kept, changed] = [await executionOf(db.pool, same.id), await executionOf(db.pool, other.id)];
    assert.equal(box.unseal((kept.outputs as { out: never }).out), secret);
    assert.equal(box.unseal((changed.outputs as { out: never }).out), "second-secret");
    assert.deepEqual(await rowsWith("second-secret"), []);
  });

  it("is handed on to a Subflow", async () => {
    const secret = `handed-${randomBytes(6).toString("hex")}`;
    const child = await aWorkerFlow(
      db.pool,
      `inputs: [{ id: pw, type: SECRET }, { id: text, type: STRING }, { id: own, type: SECRET }]\noutputs: [{ id: back, type: STRING, value: "{{ inputs.pw ~ inputs.text }}" }]\ntasks: [${returns("c", "{{ inputs.pw }}")}]`,
    );
    const id = await start(
      `inputs: [{ id: pw, type: SECRET }]
tasks:
  - { id: sub, type: io.kestra.plugin.core.flow.Subflow, namespace: company.team, flowId: ${child.id}, inputs: { pw: "{{ inputs.pw }}", text: "<{{ inputs.pw }}>", own: constant-of-parent } }
  - ${returns("z", "{{ outputs.sub.outputs.back == inputs.pw ~ '<' ~ inputs.pw ~ '>' }}")}`,
      { pw: secret },
    );
    await untilEnded(db.pool, id);
    assert.deepEqual(await statesOf(db.pool, id), { execution: "SUCCESS", sub: "SUCCESS", z: "SUCCESS" });
    const { rows } = await db.pool.query(
      "select outputs ->> 'value' as value from reprise_api.task_runs where execution_id = $1 and task_id = 'z'",
      [id],
    );
    assert.equal(rows[0]?.value, "true");
    assert.deepEqual(await rowsWith(secret), []);
  });

  it("may be what a Pause asks for, and so may what depends on others", async () => {
    const secret = `paused-${randomBytes(6).toString("hex")}`;
    const id = await start(
      `tasks:
  - id: wait
    type: io.kestra.plugin.core.flow.Pause
    onResume:
      - { id: sure, type: BOOL }
      - { id: pw, type: SECRET, dependsOn: { inputs: [sure], condition: "{{ inputs.sure }}" } }
      - { id: more, type: YAML, required: false }
  - ${returns("z", "{{ outputs.wait.onResume.pw }}{{ outputs.wait.onResume.more.k }}")}`,
      {},
    );
    await until(async () => (await executionOf(db.pool, id)).state === "PAUSED", { what: "it to pause" });
    const resume = (inputs: Record<string, unknown>) =>
      resumeExecution(db.pool, { execution_id: id, inputs }, box);
    await assert.rejects(resume({ sure: "true" }), { message: "Missing required input:pw" });
    await assert.rejects(resume({ sure: "true", pw: "x", none: 1 }), { message: "Unknown input `none`." });
    await resume({ sure: "true", pw: secret, more: "k: 1" });
    await untilEnded(db.pool, id);
    assert.deepEqual(await rowsWith(secret), []);
    const { rows } = await db.pool.query<{ outputs: { value: never } }>(
      "select a.outputs from reprise.attempts as a join reprise.task_runs as r on r.id = a.task_run_id join reprise.tasks as t on t.key = r.task_key where r.execution_id = $1 and t.id = 'z'",
      [id],
    );
    assert.equal(box.unseal(rows[0]?.outputs.value as never), `${secret}1`);
  });
});

describe("a secret that blocks and their children read", () => {
  const inputs = "inputs: [{ id: pw, type: SECRET }, { id: env, type: STRING, required: false }]\n";
  const block = (id: string, type: string, rest: string) =>
    `{ id: ${id}, type: io.kestra.plugin.core.flow.${type}, ${rest} }`;
  const secret = () => `s3cret-${randomBytes(6).toString("hex")}`;

  it("does not hide the case that a Switch takes, nor show in the value that none is for", async () => {
    const pw = secret();
    const text = block(
      "s",
      "Switch",
      `value: "{{ inputs.env }}", cases: { ${pw}-eu: [${returns("a", "x")}] }, defaults: [${returns("d", "x")}]`,
    );
    const taken = await start(`${inputs}tasks: [${text}]`, { pw, env: `${pw}-eu` });
    await untilEnded(db.pool, taken);
    assert.deepEqual(await statesOf(db.pool, taken), { execution: "SUCCESS", s: "SUCCESS", a: "SUCCESS" });
    const read = block(
      "s",
      "Switch",
      `value: "{{ inputs.pw }}", cases: { x: [${returns("a", "x")}] }, defaults: [${returns("d", "x")}]`,
    );
    const hidden = secret();
    const other = await start(`${inputs}tasks: [${read}]`, { pw: hidden });
    await untilEnded(db.pool, other);
    assert.deepEqual(await statesOf(db.pool, other), { execution: "SUCCESS", s: "SUCCESS", d: "SUCCESS" });
    assert.deepEqual(await rowsWith(hidden), []);
  });

  it("is no value of a loop", async () => {
    const pw = secret();
    const loop = block("l", "ForEach", `values: ["{{ inputs.pw }}"], tasks: [${returns("a", "x")}]`);
    const id = await start(`${inputs}tasks: [${loop}]`, { pw });
    await untilEnded(db.pool, id);
    assert.deepEqual(await statesOf(db.pool, id), { execution: "FAILED", l: "FAILED" });
    assert.deepEqual(await rowsWith(pw), []);
  });

  it("shows in no metric, label, key or variable, and is read by a runIf in a WorkingDirectory and by SLAs", async () => {
    const pw = secret();
    const publish = `{ id: m, type: io.kestra.plugin.core.metric.Publish, metrics: [{ type: counter, name: "n-{{ inputs.pw }}", value: 1, tags: { t: "{{ inputs.pw }}" } }] }`;
    const values = `{ id: o, type: io.kestra.plugin.core.output.OutputValues, values: { "k{{ inputs.pw }}": 1 } }`;
    const variables = `{ id: v, type: io.kestra.plugin.core.execution.SetVariables, variables: { x: "{{ inputs.pw }}" } }`;
    const label = `{ id: n, type: io.kestra.plugin.core.execution.Labels, labels: { of: "l-{{ inputs.pw }}" } }`;
    const conditional = returns("c", "x").replace(
      " }",
      `, runIf: "{{ inputs.pw == '${pw.slice(0, 6)}' ~ '${pw.slice(6)}' }}" }`,
    );
    const sla = `sla: [{ id: s, type: EXECUTION_ASSERTION, assert: "{{ inputs.pw | length == ${pw.length} }}", behavior: FAIL }]\n`;
    const tasks = [
      publish,
      values,
      variables,
      label,
      block("w", "WorkingDirectory", `tasks: [${conditional}]`),
    ];
    const id = await start(`${inputs}${sla}tasks: [${tasks}]`, { pw });
    await untilEnded(db.pool, id);
    const { execution, c } = await statesOf(db.pool, id);
    assert.deepEqual([execution, c], ["SUCCESS", "SUCCESS"]);
    assert.deepEqual(await rowsWith(pw), []);
    const { rows } = await db.pool.query(
      "select variables, labels from reprise_api.executions where id = $1",
      [id],
    );
    assert.deepEqual([rows[0].variables, ownLabels(rows[0].labels)], [{ x: "******" }, { of: "l-******" }]);
  });
});
