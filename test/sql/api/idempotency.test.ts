import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aFlow } from "../../support/a-flow.ts";
import { anEndedExecution, anExecution, aReplay } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";

const db = await testDatabase();
const idempotency_key = "once";

describe("the same request with one idempotency key", () => {
  // psql leaves out what the command line and GraphQL spell out, and the other way round.
  for (const spelled of [
    { inputs: null },
    { inputs: {} },
    { overrides: null },
    { overrides: {} },
    { revision: null },
    { revision: "original" },
    { anchors: ["start"] },
    { mode: null },
    { mode: "DOWNSTREAM" },
  ] as const) {
    it(`is the same replay when it is spelled out: ${JSON.stringify(spelled)}`, () =>
      db.inTransaction(async (client) => {
        const id = await anEndedExecution(client, await aFlow(client, ["a"]));
        const first = await aReplay(client, id, { idempotency_key });
        const rest = spelled as Parameters<typeof aReplay>[2];
        assert.equal((await aReplay(client, id, { idempotency_key, ...rest })).id, first.id);
      }));
  }

  for (const spelled of [
    { inputs: null },
    { inputs: {} },
    { labels: null },
    { labels: {} },
    { revision: null },
  ] as const) {
    it(`is the same execution when it is spelled out: ${JSON.stringify(spelled)}`, () =>
      db.inTransaction(async (client) => {
        const flow = await aFlow(client, ["a"]);
        const first = await anExecution(client, flow, { idempotency_key });
        assert.equal(await anExecution(client, flow, { idempotency_key, ...spelled }), first);
      }));
  }

  it("is refused across creating and replaying", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, ["a"]);
      const id = await anEndedExecution(client, flow, {}, { idempotency_key });
      await assert.rejects(aReplay(client, id, { idempotency_key }), {
        code: "RP409",
        reason: "idempotency_key_reused",
      });
    }));
});
