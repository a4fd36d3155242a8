import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { openSecretBox, type Sealed } from "../../src/base/secret-box.ts";
import { callOne } from "../../src/db/call.ts";
import { answerPause } from "../../src/worker/answer-pause.ts";
import { resumeExecution } from "../../src/worker/resume-execution.ts";
import { aBlockFlow } from "../sql/blocks/block-flows.ts";
import { anExecution, executionOf, taskRunsOf } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { aHandWorker } from "../support/hand-worker.ts";

const db = await testDatabase();
const box = openSecretBox(randomBytes(32));

/** What the log says of an answer that a worker with this key has rendered, where the default of an input reads this. */
async function refusal(client: ClientBase, defaults: string, worker = box): Promise<string | undefined> {
  const asked = `[{ id: sel, type: STRING, defaults: B }, { id: s, type: STRING, defaults: "{{ inputs.sel }}${defaults}" }]`;
  const pause = `{ id: p, type: io.kestra.plugin.core.flow.Pause, onResume: ${asked} }`;
  const flow = await aBlockFlow(client, `inputs: [{ id: pw, type: SECRET }]\ntasks: [${pause}]`);
  const id = await anExecution(client, flow, { inputs: { pw: box.seal("hush-hush") } });
  await (await aHandWorker(client)).drain();
  await callOne(client, "reprise_api.resume_execution", { execution_id: id, inputs: { sel: "A" } });
  await answerPause(client, String((await taskRunsOf(client, id)).p?.id), worker);
  const { rows } = await client.query<{ message: string }>(
    "select message from reprise.logs where execution_id = $1 and message like 'Not resumed: %'",
    [id],
  );
  assert.equal((await executionOf(client, id)).state, rows.length === 0 ? "SUCCESS" : "PAUSED");
  return rows[0]?.message;
}

/** An execution at a Pause that asks for a secret only where somebody says so. */
async function askedForSecret(client: ClientBase): Promise<string> {
  const asked = "[{ id: sel, type: STRING }, { id: s, type: SECRET, dependsOn: { inputs: [sel] } }]";
  const pause = `{ id: p, type: io.kestra.plugin.core.flow.Pause, onResume: ${asked} }`;
  const id = await anExecution(client, await aBlockFlow(client, `tasks: [${pause}]`));
  await (await aHandWorker(client)).drain();
  return id;
}

describe("a secret that somebody answers a Pause", () => {
  const inputs = { sel: "A", s: "hush-hush" };
  for (const is_found of [false, true])
    it(`is refused in the clear, whatever it depends on${is_found ? ", also by who has found out what that makes" : ""}`, () =>
      db.inTransaction(async (client) => {
        const execution_id = await askedForSecret(client);
        const resumed = callOne(client, "reprise_api.resume_execution", { execution_id, inputs, is_found });
        await assert.rejects(resumed, { reason: "invalid_inputs", message: /Postgres, which has no key/ });
      }));

  it("is stored encrypted alone, and not behind a kill", () =>
    db.inTransaction(async (client) => {
      const execution_id = await askedForSecret(client);
      const answered = { sel: "A", s: box.seal("hush-hush") };
      await callOne(client, "reprise_api.resume_execution", { execution_id, inputs: answered });
      const waiting = async () =>
        (await client.query<{ answer: unknown }>("select answer from reprise.pauses")).rows.map(
          ({ answer }) => answer,
        );
      assert.deepEqual(await waiting(), [answered]);
      await callOne(client, "reprise_api.kill_execution", { execution_id });
      assert.deepEqual(await waiting(), [null]);
    }));

  it("is taken from who has the key", () =>
    db.inTransaction(async (client) => {
      const execution_id = await askedForSecret(client);
      await resumeExecution(client, { execution_id, inputs }, box);
      const outputs = (await taskRunsOf(client, execution_id)).p?.outputs;
      assert.equal(box.unseal((outputs as { onResume: { s: Sealed } }).onResume.s), "hush-hush");
    }));
});

describe("what depends on others, of a Pause that is resumed by who says what that makes", () => {
  it("is of its type all the same", () =>
    db.inTransaction(async (client) => {
      const asked =
        "[{ id: sel, type: STRING }, { id: n, type: INT, dependsOn: { inputs: [sel] } }, { id: no, type: INT, dependsOn: { inputs: [sel] } }]";
      const pause = `{ id: p, type: io.kestra.plugin.core.flow.Pause, onResume: ${asked} }`;
      const execution_id = await anExecution(client, await aBlockFlow(client, `tasks: [${pause}]`));
      await (await aHandWorker(client)).drain();
      const resume = async (n: string) =>
        await callOne(client, "reprise_api.resume_execution", {
          execution_id,
          inputs: { sel: "A", n },
          is_found: true,
        });
      await client.query("savepoint before");
      const hint =
        "The onResume of the Pause says what each may be. Of several that wait, the first is meant unless you name the task run of another.";
      await assert.rejects(resume("many"), { message: /For input string: "many"/, hint });
      await client.query("rollback to savepoint before");
      await resume("5");
      const outputs = (await taskRunsOf(client, execution_id)).p?.outputs;
      assert.deepEqual((outputs as { onResume: unknown }).onResume, { sel: "A", n: 5 });
    }));
});

describe("a Pause that is answered wrongly", () => {
  for (const depends of ["", ", dependsOn: { inputs: [a] }"])
    it(`says that its onResume says what may be given${depends === "" ? "" : ", also where templates are asked"}`, () =>
      db.inTransaction(async (client) => {
        const asked = `[{ id: a, type: STRING }, { id: b, type: SELECT, values: [low, high]${depends} }]`;
        const pause = `{ id: p, type: io.kestra.plugin.core.flow.Pause, onResume: ${asked} }`;
        const execution_id = await anExecution(client, await aBlockFlow(client, `tasks: [${pause}]`));
        await (await aHandWorker(client)).drain();
        await assert.rejects(
          resumeExecution(client, { execution_id, inputs: { a: "x", b: "SELECT" } }, box),
          {
            message: "Invalid value for input `b`. Cause: it must match the values `[low, high]`",
            hint: "The onResume of the Pause says what each may be. Of several that wait, the first is meant unless you name the task run of another.",
          },
        );
      }));
});

describe("answerPause", () => {
  it("says why it refuses what it would refuse again", () =>
    db.inTransaction(async (client) => {
      const nothing = "{{ 'AA==' | base64decode }}";
      assert.match((await refusal(client, nothing)) ?? "", /^Not resumed: `s` cannot be stored/);
      const secret = "{{ inputs.pw }}";
      const keyless = openSecretBox(undefined);
      assert.match((await refusal(client, secret, keyless)) ?? "", /encryption is not configured\.$/);
      const another = openSecretBox(randomBytes(32));
      assert.match((await refusal(client, secret, another)) ?? "", /cannot be decrypted with this key\.$/);
      assert.equal(await refusal(client, secret), undefined);
    }));
});
