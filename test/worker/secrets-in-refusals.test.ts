import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import type pg from "pg";
import { openSecretBox } from "../../src/base/secret-box.ts";
import { createExecution } from "../../src/worker/create-execution.ts";
import { planReplay, replayExecution } from "../../src/worker/judge-replay.ts";
import type { Worker } from "../../src/worker/worker.ts";
import { aWorker } from "../support/a-worker.ts";
import { testDatabase } from "../support/database.ts";
import { aWorkerFlow, untilEnded } from "../support/worker-flows.ts";

const key = randomBytes(32);
const box = openSecretBox(key);
const db = await testDatabase();

const flow = `inputs:
  - {id: pw, type: SECRET}
  - {id: sel, type: SELECT, expression: "{{ [inputs.pw, 'b'] }}", dependsOn: {inputs: [pw]}, defaults: b}
  - {id: n, type: INT, defaults: "{{ inputs.pw }}", dependsOn: {inputs: [pw]}}
checks: [{ condition: "{{ (inputs.pw | number) > 0 }}", message: x, style: ERROR }]
tasks: [{ id: a, type: io.kestra.plugin.core.debug.Return, format: x }]`;

/** The database, which keeps what is raised in it. */
function listening(pool: pg.Pool): { pool: pg.Pool; raised: string[] } {
  const raised: string[] = [];
  const query = async (...args: [pg.QueryConfig]) =>
    await pool.query(...args).catch((error: unknown) => {
      raised.push(JSON.stringify(error, Object.getOwnPropertyNames(error)));
      throw error;
    });
  return { pool: Object.create(pool, { query: { value: query } }) as pg.Pool, raised };
}

async function refusal(refused: Promise<unknown>): Promise<string> {
  const error = await refused.then(
    () => assert.fail("Nothing was refused."),
    (each: unknown) => each,
  );
  return JSON.stringify(error, Object.getOwnPropertyNames(error));
}

describe("the refusal of inputs that templates make of a secret", () => {
  it("shows the secret neither to who gave it nor to the log of Postgres", async () => {
    const { namespace, id } = await aWorkerFlow(db.pool, flow);
    const { pool, raised } = listening(db.pool);
    const create = async (inputs: object) =>
      await refusal(createExecution(pool, { namespace, flow_id: id, inputs }, box));
    const told = await create({ pw: "some-other-777", sel: "nope" });
    assert.match(told, /it must match the values `\[\*{6}, b\]`/);
    assert.match(told, /For input string: \\"\*{6}\\"/);
    assert.match(await create({ pw: "some-other-777", n: 5 }), /`\*{6}` is not a valid number/);
    assert.doesNotMatch(told + raised.join(), /some-other-777/);
  });

  it("shows a secret that is stored to nobody who plans or makes a replay", async () => {
    const { namespace, id } = await aWorkerFlow(db.pool, flow.replace("| number) > 0", ") != ''"));
    const given = { namespace, flow_id: id, inputs: { pw: "some-other-777", n: 5 } };
    const execution = await createExecution(db.pool, given, box);
    const { pool, raised } = listening(db.pool);
    const asked = { execution_id: execution.id, anchors: ["start"], inputs: { sel: "nope", n: null } };
    const plan = await planReplay(pool, asked, box);
    const told = JSON.stringify(plan.problems) + (await refusal(replayExecution(pool, asked, box)));
    assert.match(told, /it must match the values `\[\*{6}, b\]`/);
    assert.match(told, /For input string: .*\*{6}/);
    assert.doesNotMatch(told + raised.join(), /some-other-777/);
  });
});

describe("a message that shortens a text", () => {
  let worker: Worker;
  before(async () => {
    worker = await aWorker(db.connectionString, { env: { REPRISE_ENCRYPTION_KEY: key.toString("base64") } });
  });
  after(() => worker[Symbol.asyncDispose]());

  const long = `-----BEGIN PRIVATE KEY-----\n${randomBytes(80).toString("base64")}\n${randomBytes(40).toString("base64")}\n`;
  const account = JSON.stringify({ type: "service_account", private_key: randomBytes(40).toString("hex") });
  const lines = 'pa"ss\\qz7\nwordline2';
  for (const [format, pw, pieces] of [
    ["{{ inputs.pw | number }}", long, [long.slice(28, 60), long.slice(28, 34)]],
    ["{{ inputs.pw | date('yyyy') }}", account, [account.slice(44, 54)]],
    ["{{ inputs.pw | timestamp }}", account, [account.slice(44, 54)]],
    ["{{ fromJson(inputs.pw) }}", lines, ["ss\\qz7", "wordline2"]],
    ["{{ fromIon(inputs.pw) }}", "{a: 1 word99 tail77}", ["word99", "tail77"]],
    ["{{ yaml(inputs.pw) }}", "a: |word99\n  b", ["word99"]],
    [
      "{{ [inputs.pw] | yaml }}{{ {'a': {'b': inputs.pw}} | yaml }}{{ inputs | toJson | toJson }}",
      lines,
      ["ss\\qz7", "wordline2"],
    ],
  ] as const) {
    it(`shows no part of a secret: ${format}`, async () => {
      const { namespace, id } = await aWorkerFlow(
        db.pool,
        `inputs: [{id: pw, type: SECRET}]
tasks:
  - {id: a, type: io.kestra.plugin.core.debug.Return, format: "${format}"}
  - {id: b, type: io.kestra.plugin.core.log.Log, message: "${format}"}`,
      );
      const { id: execution } = await createExecution(
        db.pool,
        { namespace, flow_id: id, inputs: { pw } },
        box,
      );
      await untilEnded(db.pool, execution);
      const { rows } = await db.pool.query<{ told: string }>(
        `select concat(
          (select string_agg(t::text, ' ') from reprise_api.task_runs as t where t.execution_id = $1),
          (select string_agg(l.message, ' ') from reprise_api.logs as l where l.execution_id = $1)
        ) as told`,
        [execution],
      );
      const told = rows[0]?.told ?? "";
      assert.match(told, /\*{6}/);
      for (const piece of pieces) assert.ok(!told.includes(piece), told);
    });
  }
});
