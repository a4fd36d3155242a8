import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { anEndedExecution } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import type { Script } from "../../support/hand-worker.ts";
import { aBlockFlow, historyOf, linesOf, log } from "./block-flows.ts";

const db = await testDatabase();

async function run(client: ClientBase, body: string, script: Script = {}): Promise<string[]> {
  return await linesOf(client, await anEndedExecution(client, await aBlockFlow(client, body), script));
}

const flowType = (name: string) => `type: io.kestra.plugin.core.flow.${name}`;

describe("blocks", () => {
  const cases: [title: string, body: string, script: Script, expected: string[]][] = [
    [
      "a Sequential",
      `tasks: [{ id: s, ${flowType("Sequential")}, tasks: [${log("a")}, ${log("b")}] }, ${log("c")}]`,
      {},
      ["s SUCCESS", "a SUCCESS", "b SUCCESS", "c SUCCESS", "= SUCCESS"],
    ],
    [
      "a Sequential whose first task fails",
      `tasks: [{ id: s, ${flowType("Sequential")}, tasks: [${log("a")}, ${log("b")}], errors: [${log("e")}], finally: [${log("f")}] }, ${log("c")}]\nerrors: [${log("g")}]\nfinally: [${log("h")}]`,
      { a: "FAILED" },
      ["s FAILED", "a FAILED", "e SUCCESS", "f SUCCESS", "g SUCCESS", "h SUCCESS", "= FAILED"],
    ],
    [
      "a Parallel",
      `tasks: [{ id: p, ${flowType("Parallel")}, concurrent: 2, tasks: [${log("a")}, ${log("b")}, ${log("x", ", disabled: true")}, ${log("c")}] }, ${log("d")}]`,
      {},
      ["p SUCCESS", "a SUCCESS", "b SUCCESS", "c SUCCESS", "d SUCCESS", "= SUCCESS"],
    ],
    [
      "a ForEach",
      `tasks: [{ id: l, ${flowType("ForEach")}, values: [x, y, x, 3], tasks: [${log("a")}, ${log("b")}] }, ${log("d")}]`,
      {},
      [
        "l SUCCESS",
        "a[x] SUCCESS",
        "b[x] SUCCESS",
        "a[y] SUCCESS",
        "b[y] SUCCESS",
        "a[3] SUCCESS",
        "b[3] SUCCESS",
        "d SUCCESS",
        "= SUCCESS",
      ],
    ],
    [
      "an If and a Switch",
      `tasks: [{ id: i, ${flowType("If")}, condition: "{{ 1 == 2 }}", then: [${log("a")}], else: [{ id: w, ${flowType("Switch")}, value: b, cases: { a: [${log("c")}], b: [${log("d")}] } }] }, ${log("z")}]`,
      {},
      ["i SUCCESS", "w SUCCESS", "d SUCCESS", "z SUCCESS", "= SUCCESS"],
    ],
    [
      "a Switch that comes to a case with nothing in it",
      `tasks: [{ id: w, ${flowType("Switch")}, value: b, cases: { a: [${log("c")}], b: [] } }, ${log("z")}]`,
      {},
      ["w SUCCESS", "z SUCCESS", "= SUCCESS"],
    ],
    [
      "a Dag",
      `tasks: [{ id: g, ${flowType("Dag")}, tasks: [{ task: ${log("c")}, dependsOn: [a, b] }, { task: ${log("a")} }, { task: ${log("b")}, dependsOn: [a] }] }]`,
      {},
      ["g SUCCESS", "a SUCCESS", "b SUCCESS", "c SUCCESS", "= SUCCESS"],
    ],
    [
      "an AllowFailure",
      `tasks: [{ id: m, ${flowType("AllowFailure")}, tasks: [${log("a")}, ${log("b")}] }, ${log("c")}]`,
      { a: "FAILED" },
      ["m WARNING", "a FAILED", "c SUCCESS", "= WARNING"],
    ],
    [
      "an EachParallel, in which every task is by itself",
      `tasks: [{ id: l, ${flowType("EachParallel")}, value: '["x", "y"]', concurrent: 3, tasks: [${log("a")}, ${log("b")}] }]`,
      {},
      ["l SUCCESS", "a[x] SUCCESS", "b[x] SUCCESS", "a[y] SUCCESS", "b[y] SUCCESS", "= SUCCESS"],
    ],
    [
      "handlers that fail",
      `tasks: [{ id: s, ${flowType("Sequential")}, tasks: [${log("a")}], errors: [${log("e")}, ${log("f")}], finally: [${log("g")}, ${log("h")}] }]\nfinally: [${log("i")}, ${log("j")}]`,
      { a: "FAILED", e: "FAILED", g: "FAILED", i: "FAILED" },
      [
        "s FAILED",
        "a FAILED",
        "e FAILED",
        "f SUCCESS",
        "g FAILED",
        "h SUCCESS",
        "i FAILED",
        "j SUCCESS",
        "= FAILED",
      ],
    ],
    [
      "a handler of an end that fails behind what went well",
      `tasks: [${log("a")}]\nfinally: [${log("f")}]`,
      { f: "FAILED" },
      ["a SUCCESS", "f FAILED", "= SUCCESS"],
    ],
    [
      "a loop over nothing, and a Switch with no way to go",
      `tasks: [{ id: l, ${flowType("ForEach")}, values: "[]", tasks: [${log("a")}] }, { id: w, ${flowType("Switch")}, value: x, cases: { y: [${log("b")}] }, errors: [${log("c")}] }, ${log("d")}]`,
      {},
      ["l SUCCESS", "w FAILED", "= FAILED"],
    ],
    [
      "a limited loop of which one fails",
      `tasks: [{ id: l, ${flowType("ForEach")}, concurrencyLimit: 2, values: [1, 2, 3, 4], tasks: [${log("a")}, ${log("b")}], errors: [${log("e")}] }]`,
      { a: ["FAILED"] },
      ["l FAILED", "a[1] FAILED", "a[2] FAILED", "e SUCCESS", "= FAILED"],
    ],
    [
      "a Parallel whose limit is a template",
      `inputs: [{ id: n, type: INT, defaults: 1 }]\ntasks: [{ id: p, ${flowType("Parallel")}, concurrent: "{{ inputs.n }}", tasks: [${log("a")}, ${log("b")}] }]`,
      { a: "FAILED" },
      ["p FAILED", "a FAILED", "= FAILED"],
    ],
    [
      "loops in loops",
      `tasks: [{ id: o, ${flowType("ForEach")}, concurrencyLimit: 0, values: [1, 2], tasks: [{ id: i, ${flowType("ForEach")}, concurrencyLimit: 0, values: ["a{{ taskrun.value }}", b], tasks: [${log("t")}] }] }]`,
      {},
      [
        "o SUCCESS",
        "i[1] SUCCESS",
        "i[2] SUCCESS",
        "t[1,a1] SUCCESS",
        "t[1,b] SUCCESS",
        "t[2,a2] SUCCESS",
        "t[2,b] SUCCESS",
        "= SUCCESS",
      ],
    ],
  ];
  for (const [title, body, script, expected] of cases)
    it(`run: ${title}`, () =>
      db.inTransaction(async (client) => assert.deepEqual(await run(client, body, script), expected)));

  it("show from when they ran", () =>
    db.inTransaction(async (client) => {
      const flow = await aBlockFlow(
        client,
        `tasks: [{ id: s, ${flowType("Sequential")}, tasks: [${log("a")}] }]`,
      );
      const id = await anEndedExecution(client, flow);
      assert.deepEqual(await historyOf(client, id, "s"), ["CREATED", "RUNNING", "SUCCESS"]);
      const { rows } = await client.query(
        "select started_at is not null as has_started from reprise_api.task_runs where execution_id = $1 and task_id = 's'",
        [id],
      );
      assert.deepEqual(rows, [{ has_started: true }]);
    }));

  it("nest fifty deep", () =>
    db.inTransaction(async (client) => {
      let inner = log("leaf");
      for (let n = 50; n > 0; n -= 1) inner = `{ id: s${n}, ${flowType("Sequential")}, tasks: [${inner}] }`;
      const ran = await run(client, `tasks: [${inner}]`);
      assert.equal(ran.length, 52);
      assert.ok(ran.every((line) => line.endsWith("SUCCESS")));
    }));
});
