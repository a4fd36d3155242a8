import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { openSecretBox, sealedType } from "../../src/base/secret-box.ts";
import { callOne } from "../../src/db/call.ts";
import { createExecution } from "../../src/worker/create-execution.ts";
import { replayExecution } from "../../src/worker/judge-replay.ts";
import { resumeExecution } from "../../src/worker/resume-execution.ts";
import type { Worker } from "../../src/worker/worker.ts";
import { aWorker } from "../support/a-worker.ts";
import { executionOf } from "../support/an-execution.ts";
import { testDatabase, until } from "../support/database.ts";
import { aWorkerFlow, untilEnded } from "../support/worker-flows.ts";

const key = randomBytes(32);
const box = openSecretBox(key);
const db = await testDatabase();
let worker: Worker;
before(async () => {
  worker = await aWorker(db.connectionString, { env: { REPRISE_ENCRYPTION_KEY: key.toString("base64") } });
});
after(() => worker[Symbol.asyncDispose]());

const core = "io.kestra.plugin.core";
const secretInput = "inputs: [{ id: pw, type: SECRET }]\n";

async function started(text: string, inputs: Record<string, unknown>): Promise<string> {
  const { namespace, id: flow_id } = await aWorkerFlow(db.pool, text);
  return (await createExecution(db.pool, { namespace, flow_id, inputs }, box)).id;
}

async function untilPaused(id: string): Promise<void> {
  await until(async () => (await executionOf(db.pool, id)).state === "PAUSED", { what: "the pause" });
}

/** The names of the files that an execution names in its outputs. */
async function filesOf(id: string): Promise<string[]> {
  const { rows } = await db.pool.query<{ name: string; uri: string }>(
    "select name, uri from reprise_api.files where execution_id = $1 order by name",
    [id],
  );
  return rows.map(({ name }) => name);
}

describe("the files of an execution that has a secret", () => {
  it("have stars in their names in place of it", async () => {
    const pw = `s3cret-${randomBytes(6).toString("hex")}`;
    const id = await started(
      `${secretInput}tasks:
  - { id: w, type: ${core}.flow.WorkingDirectory, inputFiles: { "{{ inputs.pw }}.txt": "x" }, outputFiles: ["*.txt"], tasks: [{ id: a, type: ${core}.log.Log, message: x }] }
  - { id: f, type: ${core}.storage.Write, content: "x", extension: ".{{ inputs.pw }}" }`,
      { pw },
    );
    await untilEnded(db.pool, id);
    assert.equal((await executionOf(db.pool, id)).state, "SUCCESS");
    const names = await filesOf(id);
    assert.equal(names.length, 2);
    assert.ok(names.every((name) => name.includes("******")));
    const { rows } = await db.pool.query("select from reprise.files where uri ~ $1 or name ~ $1", [pw]);
    assert.equal(rows.length, 0);
  });

  it("are found where the secret is by chance a part of their URIs", async () => {
    const id = await started(
      `${secretInput}tasks:
  - { id: f, type: ${core}.storage.Write, content: "x" }
  - { id: g, type: ${core}.output.OutputValues, values: { uri: "{{ outputs.f.uri }}", note: "execution {{ inputs.pw }}" } }`,
      { pw: "ex" },
    );
    await untilEnded(db.pool, id);
    assert.equal((await filesOf(id)).length, 2);
    const { rows } = await db.pool.query<{ values: { uri: string; note: string } }>(
      "select outputs -> 'values' as values from reprise_api.task_runs where execution_id = $1 and task_id = 'g'",
      [id],
    );
    assert.match(String(rows[0]?.values.uri), /^kestra:/);
    assert.equal(rows[0]?.values.note, "******");
  });
});

describe("a Subflow that is given a secret", () => {
  const child = `inputs: [{ id: team_pw, type: STRING }]
outputs: [{ id: back, type: INT, value: "{{ inputs.team_pw | length }}" }]
tasks: [{ id: c, type: ${core}.debug.Return, format: x }]`;
  const starting = async (flowId: string, pw: string) => {
    const { namespace, id } = await aWorkerFlow(db.pool, child);
    const parent = await started(
      `${secretInput}tasks: [{ id: s, type: ${core}.flow.Subflow, namespace: ${namespace}, flowId: "${flowId.replace("ID", id)}", inputs: { team_pw: "{{ inputs.pw }}" } }]`,
      { pw },
    );
    await untilEnded(db.pool, parent);
    const { rows } = await db.pool.query<{
      outputs: { outputs: unknown } | null;
      error: { reason: string } | null;
    }>("select outputs, error from reprise_api.task_runs where execution_id = $1", [parent]);
    return rows[0];
  };

  it("is found, and its inputs, though the secret is by chance a part of their names", async () => {
    const run = await starting("ID", "team");
    assert.deepEqual(run?.outputs?.outputs, { back: 4 });
  });

  it("fails where a template puts the secret into the name of the flow", async () => {
    assert.equal((await starting("{{ inputs.pw }}-x", "geheim"))?.error?.reason, "secret_in_name");
  });
});

describe("io.kestra.plugin.core.execution.Resume, of a Pause that asks for a secret and what depends on others", () => {
  const pausing = `tasks:
  - id: x
    type: ${core}.flow.Pause
    onResume:
      - { id: pw, type: SECRET }
      - { id: sure, type: BOOL }
      - { id: why, type: STRING, dependsOn: { inputs: [sure], condition: "{{ inputs.sure }}" } }
  - { id: z, type: ${core}.debug.Return, format: "{{ outputs.x.onResume.pw | length }}" }`;
  const resumed = async (inputs: string) => {
    const { namespace, id: flow_id } = await aWorkerFlow(db.pool, pausing);
    const { id } = await createExecution(db.pool, { namespace, flow_id }, box);
    await untilPaused(id);
    const task = `{ id: r, type: ${core}.execution.Resume, executionId: "${id}", namespace: ${namespace}, flowId: ${flow_id}, inputs: ${inputs} }`;
    const resuming = await started(`${secretInput}tasks: [${task}]`, { pw: "geheim" });
    await untilEnded(db.pool, resuming);
    return { id, resuming: await executionOf(db.pool, resuming) };
  };

  it("encrypts the one and leaves out the other", async () => {
    const { id, resuming } = await resumed('{ pw: "{{ inputs.pw }}", sure: false, why: because }');
    assert.equal(resuming.state, "SUCCESS");
    await untilEnded(db.pool, id);
    const { rows } = await db.pool.query<{ outputs: Record<string, never> }>(
      "select outputs from reprise_api.task_runs where execution_id = $1 order by id",
      [id],
    );
    assert.deepEqual(rows[0]?.outputs.onResume, { pw: "******", sure: false });
    assert.equal(rows[1]?.outputs.value, "6");
  });

  it("refuses what is missing where it is asked for", async () => {
    const { id } = await resumed("{ pw: x, sure: true, none: 1 }");
    const { rows } = await db.pool.query(
      `select a.error ->> 'message' as message from reprise.attempts as a
      join reprise.task_runs as r on r.id = a.task_run_id
      join reprise.tasks as t on t.key = r.task_key and t.id = 'r'
      where a.error is not null and t.definition ->> 'executionId' = $1`,
      [id],
    );
    assert.deepEqual(rows, [{ message: "Unknown input `none`.\nMissing required input:why" }]);
  });
});

describe("the faults of one request", () => {
  it("are told at once, in the order of the inputs", async () => {
    const { namespace, id: flow_id } = await aWorkerFlow(
      db.pool,
      `inputs:
  - { id: pw, type: SECRET, validator: "[a-z]+" }
  - { id: data, type: FILE, allowedFileExtensions: [.csv] }
  - { id: city, type: SELECT, expression: "{{ ['Rome'] | slice(0, 1) }}" }
  - { id: n, type: INT }
  - { id: of, type: STRING, defaults: "{{ inputs.n }}", dependsOn: { inputs: [n] } }
tasks: [{ id: a, type: ${core}.debug.Return, format: x }]`,
    );
    const inputs = { none: 1, pw: "12", data: "kestra:///x.txt", city: "Bonn", n: "many" };
    await assert.rejects(createExecution(db.pool, { namespace, flow_id, inputs }, box), {
      message: [
        "Unknown input `none`.",
        "Invalid value for input `pw`. Cause: pw: it must match the pattern `[a-z]+`",
        "Invalid value for input `data`. Cause: File type not allowed. Accepted extensions: .csv",
        "Invalid value for input `city`. Cause: it must match the values `[Rome]`",
        'Invalid value for input `n`. Cause: For input string: "many"',
      ].join("\n"),
    });
  });
});

describe("what looks like an encrypted secret", () => {
  const forged = { type: sealedType, value: "abc" };
  const cause = "it looks like an encrypted secret, which only a SECRET can be";
  const inputs = `inputs:
  - { id: pw, type: SECRET, required: false }
  - { id: json, type: JSON, required: false }
  - { id: text, type: STRING, required: false }
  - { id: list, type: ARRAY, itemType: JSON, required: false }
  - { id: yaml, type: YAML, required: false }
  - { id: later, type: JSON, required: false, dependsOn: { inputs: [text] } }\n`;
  const flow = `${inputs}tasks: [{ id: a, type: ${core}.debug.Return, format: x }, { id: b, type: ${core}.debug.Return, format: x }]`;

  for (const given of [
    { json: { deep: [forged] } },
    { json: JSON.stringify(forged).replace("io.", "\\u0069o.") },
    { text: forged },
    { list: [forged] },
    { list: JSON.stringify([forged]) },
    { yaml: forged },
    { yaml: `k: {type: "\\x69o.kestra.datatype:aes_encrypted", value: x}` },
    { text: "t", later: forged },
  ] as const) {
    const [id] = Object.keys(given).reverse() as [string];
    it(`is taken from nobody as ${JSON.stringify(given)}`, async () => {
      const { namespace, id: flow_id } = await aWorkerFlow(db.pool, flow);
      const message = `Invalid value for input \`${id}\`. Cause: ${cause}`;
      await assert.rejects(createExecution(db.pool, { namespace, flow_id, inputs: given }, box), { message });
      const bySql = callOne(db.pool, "reprise_api.create_execution", { namespace, flow_id, inputs: given });
      // A text that is YAML is read by whoever can.
      if (!("yaml" in given) || typeof given.yaml !== "string")
        return await assert.rejects(bySql, { message });
      await untilEnded(db.pool, (await bySql).id);
      assert.equal((await executionOf(db.pool, (await bySql).id)).state, "FAILED");
    });
  }

  it("is taken from nobody, however it is escaped", async () => {
    const { namespace, id } = await aWorkerFlow(db.pool, flow);
    const hidden = `{"json": ${JSON.stringify(forged).replace("io.", "\\u0069o.").replace("type", "t\\u0079pe")}}`;
    await assert.rejects(
      db.pool.query("select reprise_api.create_execution($1, $2, inputs => $3)", [namespace, id, hidden]),
      { message: `Invalid value for input \`json\`. Cause: ${cause}` },
    );
  });

  it("is no secret either, and not taken in a replay, in outputs that are given, or by a Pause", async () => {
    const { namespace, id: flow_id } = await aWorkerFlow(db.pool, flow);
    const secret = createExecution(db.pool, { namespace, flow_id, inputs: { pw: forged } }, box);
    await assert.rejects(secret, { message: /a secret is given as it is, not encrypted/ });

    const { id } = await createExecution(db.pool, { namespace, flow_id }, box);
    await untilEnded(db.pool, id);
    const execution_id = id;
    await assert.rejects(replayExecution(db.pool, { execution_id, inputs: { json: forged } }, box), {
      message: `Invalid value for input \`json\`. Cause: ${cause}`,
    });
    const overrides = { a: { deep: forged } };
    await assert.rejects(replayExecution(db.pool, { execution_id, anchors: ["task:b"], overrides }, box), {
      reason: "malformed_overrides",
    });

    const paused = await started(
      `tasks: [{ id: p, type: ${core}.flow.Pause, onResume: [{ id: json, type: JSON }] }]`,
      {},
    );
    await untilPaused(paused);
    await assert.rejects(
      resumeExecution(db.pool, { execution_id: paused, inputs: { json: [forged] } }, box),
      { message: `Invalid value for input \`json\`. Cause: ${cause}` },
    );
  });
});

describe("what a task reads from a file that a secret was written into", () => {
  it("shows no secret in its logs and errors, though the task reads no input", async () => {
    const id = await started(
      `inputs: [{ id: pw, type: SECRET }]
tasks:
  - { id: w, type: io.kestra.plugin.core.storage.Write, extension: .csv, content: "a,b\\n1,{{ inputs.pw }}\\n1,{{ inputs.pw }},3\\n" }
  - { id: r, type: io.kestra.plugin.serdes.csv.CsvToIon, from: "{{ outputs.w.uri }}", onBadLines: WARN }
  - { id: f, type: io.kestra.plugin.serdes.csv.CsvToIon, from: "{{ outputs.w.uri }}", onBadLines: ERROR }`,
      { pw: "zebra42yak" },
    );
    await untilEnded(db.pool, id);
    const { rows } = await db.pool.query("select message from reprise_api.logs where execution_id = $1", [
      id,
    ]);
    assert.match(JSON.stringify(rows), /\*{6}/);
    assert.doesNotMatch(JSON.stringify(rows), /zebra42yak/);
  });
});
