import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { stringify } from "yaml";
import { openSecretBox } from "../../src/base/secret-box.ts";
import { inputSchemas } from "../../src/flow/input-schema.ts";
import { inputExamples } from "../../src/flow/reference/input-examples.ts";
import { createExecution } from "../../src/worker/create-execution.ts";
import type { Worker } from "../../src/worker/worker.ts";
import { aWrittenFlow } from "../support/a-flow.ts";
import { aWorker } from "../support/a-worker.ts";
import { executionOf } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { untilEnded } from "../support/worker-flows.ts";

const db = await testDatabase();
let worker: Worker;
before(async () => {
  worker = await aWorker(db.connectionString);
});
after(async () => await worker?.[Symbol.asyncDispose]());

const key = Buffer.alloc(32, 7);

/** Creates an execution of a flow with this input, and gives its id; what is refused is thrown. */
async function created(type: string, example: object, given: string): Promise<string> {
  const input = { id: "example", type, ...example };
  const say = { id: "say", type: "io.kestra.plugin.core.log.Log", message: "Hello" };
  const source = { id: `f-${randomUUID()}`, namespace: "company.team", inputs: [input], tasks: [say] };
  const { namespace, id } = await aWrittenFlow(db.pool, stringify(source));
  const inputs = { example: JSON.parse(given) };
  const execution = await createExecution(db.pool, { namespace, flow_id: id, inputs }, openSecretBox(key));
  return execution.id;
}

/** The input as it is kept, as JSON: `1.0` is another number than `1`. */
async function keptOf(id: string): Promise<string> {
  await untilEnded(db.pool, id);
  assert.equal((await executionOf(db.pool, id)).state, "SUCCESS");
  const { rows } = await db.pool.query<{ kept: string }>(
    "select (inputs -> 'example')::text as kept from reprise.executions where id = $1",
    [id],
  );
  return (rows[0]?.kept ?? "").replaceAll(/(?<=[:,]) /g, "");
}

describe("the reference of inputs", () => {
  it("tells of every type", () => {
    assert.deepEqual(Object.keys(inputExamples), ["FORM", ...Object.keys(inputSchemas)]);
  });

  for (const [type, { takes, example, given, refused = [] }] of Object.entries(inputExamples)) {
    describe(type, () => {
      it("has an example", () => {
        assert.match(takes, /[.`]$/);
        assert.ok(given.length + refused.length > 0);
      });

      for (const [value, kept] of given) {
        it(`takes ${value}`, async () =>
          assert.equal(await keptOf(await created(type, example, value)), kept));
      }

      for (const [value, cause] of refused) {
        it(`refuses ${value}`, async () =>
          await assert.rejects(created(type, example, value), {
            message: `Invalid value for input \`example\`. Cause: ${cause}`,
          }));
      }
    });
  }
});
