import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { anEndedExecution } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aBlockFlow, block, linesOf, log } from "./block-flows.ts";

const db = await testDatabase();

const off = log("off", ", disabled: true");

/** Blocks with nothing in them that is enabled. */
const blocks: [type: string, body: string][] = [
  ["Sequential", `tasks: [${off}]`],
  ["Parallel", `tasks: [${off}]`],
  ["Dag", `tasks: [{ task: ${off} }]`],
  ["AllowFailure", `tasks: [${off}]`],
  ["ForEach", `values: [x, y], tasks: [${off}]`],
  ["EachParallel", `value: [x, y], tasks: [${off}]`],
  ["If", `condition: "{{ true }}", then: [${off}]`],
  ["Switch", `value: a, cases: { a: [${off}] }`],
  ["LoopUntil", `condition: "{{ false }}", tasks: [${off}]`],
  ["WorkingDirectory", `tasks: [${off}]`],
];

describe("a block in which all is disabled", () => {
  for (const [type, body] of blocks) {
    it(`ends well, behind what it runs finally: ${type}`, () =>
      db.inTransaction(async (client) => {
        const one = block("b", type, `${body}, finally: [${log("f")}]`);
        const id = await anEndedExecution(client, await aBlockFlow(client, `tasks: [${one}, ${log("z")}]`));
        assert.deepEqual(await linesOf(client, id), ["b SUCCESS", "f SUCCESS", "z SUCCESS", "= SUCCESS"]);
      }));
  }
});
