import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callOne } from "../../../src/db/call.ts";
import { testDatabase } from "../../support/database.ts";

const db = await testDatabase();

async function cleaned(given: string): Promise<string> {
  const { rows } = await db.pool.query("select reprise_engine.clean_json($1::json)::text as text", [given]);
  return rows[0].text;
}

describe("reprise_engine.clean_json", () => {
  it("leaves a document as it is written", async () => {
    const written = '{"zulu": 1,  "a":[2.0, 1e3], "10": "ü\\n"}';
    assert.equal(await cleaned(written), written);
  });

  it("keeps the last value of a key, in its first place", async () => {
    assert.equal(await cleaned('{"b": 1.0, "a": {"c": 1, "c": 2}, "b": 3}'), '{"b": 3, "a": {"c": 2}}');
  });

  it("writes out what need not be escaped, so that nothing can hide there", async () => {
    const hidden =
      '{"t\\u0079pe": "\\u0069o.kestra.datatype:aes_encrypted", "uri": "\\u006bestra:\\/\\/\\/x", "n": "\\u0001"}';
    const open = '{"type": "io.kestra.datatype:aes_encrypted", "uri": "kestra:///x", "n": "\\u0001"}';
    assert.equal(await cleaned(hidden), open);
  });

  it("keeps empty lists and objects, however much beside them has to be written anew", async () => {
    assert.equal(await cleaned('{"a": [], "b": {}, "a": []}'), '{"a": [], "b": {}}');
  });

  it("refuses what is nested too deeply, where it would have to be written anew", async () => {
    const nested = (depth: number) => `${'{"a": '.repeat(depth)}"\\u0041"${"}".repeat(depth)}`;
    assert.match(await cleaned(nested(150)), /"A"/);
    await assert.rejects(cleaned(nested(1_000)), { code: "RP400", detail: "nested_too_deeply" });
  });

  it("refuses what no text of Postgres can hold", async () => {
    const refusal = (message: string) => ({ code: "RP422", message });
    await assert.rejects(
      cleaned('{"b": "\\u0041", "a": ["\\u0000"]}'),
      refusal("`a` cannot be stored: unsupported Unicode escape sequence."),
    );
    await assert.rejects(
      cleaned('["\\ud800"]'),
      refusal("The JSON cannot be stored: unsupported Unicode escape sequence."),
    );
    await assert.rejects(
      callOne(db.pool, "reprise_engine.clean_json", { given: { b: "", a: "x\0" } }),
      refusal("`a` cannot be stored: unsupported Unicode escape sequence."),
    );
  });
});
