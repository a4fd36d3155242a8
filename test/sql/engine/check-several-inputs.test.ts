import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callOne } from "../../../src/db/call.ts";
import { testDatabase } from "../../support/database.ts";

const db = await testDatabase();

async function check(definitions: Record<string, unknown>[], given: unknown): Promise<unknown> {
  const complete = definitions.map((definition) => ({ required: true, isTemplated: false, ...definition }));
  return await callOne(db.pool, "reprise_engine.check_inputs", { definitions: complete, given });
}

describe("reprise_engine.check_inputs, of several inputs", () => {
  it("names every fault at once", () =>
    assert.rejects(
      check(
        [
          { id: "a", type: "STRING" },
          { id: "b", type: "INT" },
        ],
        { b: "x", c: 1 },
      ),
      {
        code: "RP422",
        reason: "invalid_inputs",
        message:
          'Unknown input `c`.\nMissing required input:a\nInvalid value for input `b`. Cause: For input string: "x"',
      },
    ));

  it("tells programs the path and the code of each fault", () =>
    assert.rejects(check([{ id: "a.b", type: "INT" }], { "a.b": "x", c: 1 }), {
      details: {
        problems: [
          { path: "c", code: "unknown_input", message: "Unknown input `c`." },
          {
            path: "a.b",
            code: "invalid_input",
            message: 'Invalid value for input `a.b`. Cause: For input string: "x"',
          },
        ],
      },
    }));

  it("refuses inputs that are no object", () =>
    assert.rejects(check([], [1]), {
      code: "RP400",
      reason: "malformed_inputs",
      message: "Inputs are a JSON object, not array.",
    }));

  it("takes nested ids dotted and nested, and gives them nested", async () => {
    const definitions = [
      { id: "nested.more.int", type: "INT" },
      { id: "nested.bool", type: "BOOL" },
    ];
    const kept = { nested: { more: { int: 1 }, bool: true } };
    assert.deepEqual(await check(definitions, { "nested.more.int": "1", "nested.bool": "true" }), kept);
    assert.deepEqual(await check(definitions, { nested: { more: { int: 1 }, bool: true } }), kept);
    await assert.rejects(check(definitions, { nested: { more: { int: 1, other: 2 }, bool: true } }), {
      message: "Unknown input `nested.more.other`.",
    });
  });

  it("fills in constant defaults, also for null", async () => {
    const definitions = [{ id: "x", type: "INT", defaults: 7 }];
    assert.deepEqual(await check(definitions, {}), { x: 7 });
    assert.deepEqual(await check(definitions, { x: null }), { x: 7 });
    assert.deepEqual(await check(definitions, { x: 1 }), { x: 1 });
  });

  it("gives null for what is neither required nor given", async () =>
    assert.deepEqual(await check([{ id: "x", type: "INT", required: false }], {}), { x: null }));

  it("leaves out what a worker has to render", async () =>
    assert.deepEqual(
      await check([{ id: "x", type: "INT", isTemplated: true, defaults: "{{ 1 }}" }], {}),
      {},
    ));

  it("leaves what depends on others as it is given, for a worker to look at", async () =>
    assert.deepEqual(await check([{ id: "x", type: "INT", isDeferred: true }], { x: "one" }), { x: "one" }));

  it("take what nests as the text of an object, as a command line gives it", async () => {
    const definitions = [
      { id: "form.city", type: "STRING" },
      { id: "n.more.x", type: "INT", required: false },
      { id: "text", type: "STRING", required: false },
    ];
    assert.deepEqual(
      await check(definitions, { form: '{"city": "Q"}', n: '{"more": "{\\"x\\": 3}"}', text: '{"city": 1}' }),
      { form: { city: "Q" }, n: { more: { x: 3 } }, text: '{"city": 1}' },
    );
    await assert.rejects(check(definitions, { form: '{"town": "Q"}' }), {
      message: "Unknown input `form.town`.\nMissing required input:form.city",
    });
    await assert.rejects(check(definitions, { form: "Q" }), {
      message: "Unknown input `form`.\nMissing required input:form.city",
    });
  });
});
