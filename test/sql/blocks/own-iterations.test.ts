import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { anExecution, aReplay } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type HandRun } from "../../support/hand-worker.ts";
import { aBlockFlow, block, log } from "./block-flows.ts";

const db = await testDatabase();

const reader = (id: string, message: string) =>
  `{ id: ${id}, type: io.kestra.plugin.core.log.Log, message: "{{ ${message} }}" }`;

/** What readers get of other tasks, by their names. */
async function readIn(
  client: ClientBase,
  tasks: string,
  from?: (id: string) => Promise<string>,
): Promise<Record<string, string>> {
  const id = await anExecution(client, await aBlockFlow(client, `tasks: [${tasks}]`));
  const worker = await aHandWorker(client);
  const read: Record<string, string> = {};
  const nameOf = (taskId: string, path: string[] | null) => (path === null ? taskId : `${taskId}[${path}]`);
  const look = ({ taskId, begun }: HandRun) => {
    const name = nameOf(taskId, begun.iteration_path as string[] | null);
    const seen = (begun.outputs ?? []) as [string, string[] | null, string, { of: string }][];
    for (const [id, path, , { of }] of seen) assert.equal(of, nameOf(id, path));
    if (taskId.startsWith("r")) read[name] = seen.map(([id, path]) => nameOf(id, path)).join(" ");
    return { outputs: { of: name } };
  };
  await worker.drain(look);
  if (from === undefined) return read;
  await from(id);
  for (const name of Object.keys(read)) delete read[name];
  await worker.drain(look);
  return read;
}

const loop = (id: string, type: string, values: string, tasks: string) =>
  block(id, type, `values: [${values}], concurrencyLimit: 0, tasks: [${tasks}]`);

/** Rows that one attempt more costs to begin and finish in a loop of so many values. */
async function rowsEach(client: ClientBase, type: string, message: string, count: number): Promise<number> {
  const values = Array.from({ length: count }, (_, index) => `v${index}`).join(", ");
  const flow = await aBlockFlow(
    client,
    `tasks: [${loop("l", type, values, `${log("a")}, ${reader("b", message)}`)}]`,
  );
  await anExecution(client, flow);
  const worker = await aHandWorker(client);
  const before = await fetched(client);
  await worker.drain({});
  return ((await fetched(client)) - before) / count;
}

async function fetched(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ n: string }>(
    "select sum(idx_tup_fetch + seq_tup_read) as n from pg_stat_xact_user_tables where schemaname = 'reprise' and relname in ('task_runs', 'attempts')",
  );
  return Number(rows[0]?.n);
}

describe("what a task in a loop reads", () => {
  it("is what its own iteration gave, where its templates ask for no other", () =>
    db.inTransaction(async (client) => {
      const read = await readIn(
        client,
        `${log("o")}, ${loop(
          "l",
          "ForEach",
          "x, y",
          `${log("a")}, ${reader("r", "outputs.a[taskrun.value].of ~ outputs.o.of")}, ${reader("rAll", "outputs.a")}, ${reader("rEach", "currentEachOutput(outputs.a).of")}`,
        )}`,
      );
      assert.deepEqual(read, {
        ...{ "r[x]": "a[x] o", "r[y]": "a[y] o" },
        ...{ "rAll[x]": "a[x] a[y]", "rAll[y]": "a[x] a[y]" },
        ...{ "rEach[x]": "a[x]", "rEach[y]": "a[y]" },
      });
    }));

  it("is all of what runs in further loops in its own iteration", () =>
    db.inTransaction(async (client) => {
      const inner = loop(
        "m",
        "ForEach",
        "p, q",
        `${log("a")}, ${reader("r", "outputs.a[parent.taskrun.value][taskrun.value]")}, ${reader("rOne", "outputs.a[parent.taskrun.value]")}, ${reader("rEach", "currentEachOutput(outputs.a)")}`,
      );
      const read = await readIn(
        client,
        loop("l", "ForEach", '"x", "xx", ""', `${inner}, ${reader("rBehind", "outputs.a[taskrun.value]")}`),
      );
      for (const outer of ["x", "xx", ""]) {
        for (const value of ["p", "q"]) {
          assert.equal(read[`r[${outer},${value}]`], `a[${outer},${value}]`);
          assert.equal(read[`rEach[${outer},${value}]`], `a[${outer},${value}]`);
          assert.equal(read[`rOne[${outer},${value}]`], `a[${outer},p] a[${outer},q]`);
        }
        assert.equal(read[`rBehind[${outer}]`], `a[${outer},p] a[${outer},q]`);
      }
    }));

  it("is its own in a third loop, too", () =>
    db.inTransaction(async (client) => {
      const own = "outputs.a[parents[1].taskrun.value][parents[0].taskrun.value][taskrun.value].of";
      const middle = "outputs.a[parents[1].taskrun.value][parent.taskrun.value]";
      const tasks = `${log("a")}, ${reader("r", own)}, ${reader("rMiddle", middle)}, ${reader("rOther", "outputs.a[parents[0].taskrun.value]")}`;
      const innermost = loop("n", "ForEach", "p, q", tasks);
      const read = await readIn(
        client,
        loop("l", "ForEach", "x, y", loop("m", "ForEach", "u, v", innermost)),
      );
      assert.equal(read["r[x,v,p]"], "a[x,v,p]");
      assert.equal(read["rMiddle[x,v,p]"], "a[x,v,p] a[x,v,q]");
      assert.equal(read["rOther[x,v,p]"]?.split(" ").length, 8);
    }));

  it("is what was carried, in a replay", () =>
    db.inTransaction(async (client) => {
      const tasks = loop(
        "l",
        "ForEach",
        "x, y",
        `${log("a")}, ${reader("r", "outputs.a[taskrun.value].of")}`,
      );
      const read = await readIn(client, tasks, async (id) => {
        return (await aReplay(client, id, { anchors: ['task:r["y"]'] })).id;
      });
      assert.deepEqual(read, { "r[y]": "a[y]" });
    }));

  for (const [type, message] of [
    ["ForEach", "outputs.a[taskrun.value].of"],
    ["ForEach", "currentEachOutput(outputs.a).of"],
    ["Loop", "outputs.a.of"],
  ] as const)
    it(`costs as much in a ${type} of many values as in one of few, by ${message}`, async () => {
      const cost = async (count: number) =>
        await db.inTransaction(async (client) => await rowsEach(client, type, message, count));
      const [few, many] = [await cost(20), await cost(120)];
      assert.ok(many < few * 1.5, `${few} rows for each value of 20, and ${many} for each of 120`);
    });
});
