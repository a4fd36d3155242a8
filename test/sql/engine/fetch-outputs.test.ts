import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { anExecution } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type HandRun } from "../../support/hand-worker.ts";
import { aBlockFlow, block, log } from "../blocks/block-flows.ts";

const db = await testDatabase();

const UNSEEN = "{{ render(inputs.text) }}";
const reader = (id: string) => `{ id: ${id}, type: io.kestra.plugin.core.log.Log, message: "${UNSEEN}" }`;
const loop = (id: string, values: readonly string[], tasks: string) =>
  block(id, "ForEach", `values: [${values.join(", ")}], concurrencyLimit: 0, tasks: [${tasks}]`);

const INPUTS = "inputs: [{ id: text, type: STRING, defaults: x }]";

/** Runs a flow, with a worker that fetches outputs itself, as far as to its readers, which it holds. */
async function held(client: ClientBase, tasks: string, fetchesOutputs = true): Promise<HandRun[]> {
  await anExecution(client, await aBlockFlow(client, `${INPUTS}\ntasks: [${tasks}]`));
  const worker = await aHandWorker(client, { fetchesOutputs });
  return await worker.drain({}, { holds: ({ taskId }) => taskId === "r" });
}

/** What an attempt reads of a task, or of all. */
async function fetch(client: ClientBase, { begun }: HandRun, taskId?: string, path: readonly string[] = []) {
  const args = { attempt_id: begun.attempt_id, task_id: taskId ?? null, path: [...path] };
  const read = await callOne(client, "reprise_engine.fetch_outputs", args);
  return ((read ?? []) as [string, string[] | null, string, unknown][])
    .filter(([id]) => !id.startsWith("$"))
    .map(([id, at, state, outputs]) => `${id}[${at ?? ""}]${outputs === null ? ` ${state}` : ""}`);
}

describe("reprise_engine.fetch_outputs", () => {
  it("is for a worker that can ask, where nobody sees through a template; another is handed everything", () =>
    db.inTransaction(async (client) => {
      const tasks = `${log("a")}, ${reader("r")}`;
      const read = (run: HandRun | undefined) =>
        run === undefined
          ? undefined
          : ((run.begun.outputs as unknown[][] | null)?.map(([id]) => id) ?? null);
      assert.equal(read((await held(client, tasks))[0]), null);
      assert.deepEqual(read((await held(client, tasks, false))[0]), ["a", "r"]);
    }));

  it("reads a task in the iterations of a path, as far as it has loops around it", () =>
    db.inTransaction(async (client) => {
      const inner = loop("m", ["p", "q"], `${log("c")}, ${reader("r")}`);
      const [run] = await held(client, `${log("o")}, ${loop("l", ["x", "y"], `${log("b")}, ${inner}`)}`);
      assert.ok(run);
      const read = async (id?: string, path?: readonly string[]) =>
        (await fetch(client, run, id, path)).join(" ");
      assert.equal(await read("o", ["y", "q"]), "o[]");
      assert.equal(await read("b", ["y", "q"]), "b[y]");
      assert.equal(await read("b"), "b[x] b[y]");
      assert.equal(await read("c", ["y", "q"]), "c[y,q]");
      assert.equal(await read("c", ["y"]), "c[y,p] c[y,q]");
      assert.equal(await read("none", ["y", "q"]), "");
      assert.equal(await read("r", ["y", "q"]), "r[y,q] RUNNING");
      assert.match(await read(), /^o\[\] l\[\].* b\[x\] b\[y\] .*c\[x,p\] c\[x,q\] c\[y,p\] c\[y,q\]/);
    }));

  it("reads one from elsewhere where nothing stands under a path", () =>
    db.inTransaction(async (client) => {
      const tasks = `${loop("f", ["x", "y"], log("a"))}, ${loop("l", ["z"], `${reader("r")}, ${log("b")}`)}`;
      const [run] = await held(client, tasks);
      assert.ok(run);
      assert.deepEqual(await fetch(client, run, "a", ["z"]), ["a[x]"]);
      assert.deepEqual(await fetch(client, run, "a", ["y"]), ["a[y]"]);
      assert.deepEqual(await fetch(client, run, "b", ["z"]), []);
    }));

  it("gives an empty map of what has ended and given nothing, and of a block that runs", () =>
    db.inTransaction(async (client) => {
      const sequence = (id: string, task: string) => block(id, "Sequential", `tasks: [${task}]`);
      const tasks = `${sequence("e", log("a"))}, ${sequence("s", reader("r"))}`;
      const [run] = await held(client, tasks);
      assert.ok(run);
      const args = { attempt_id: run.begun.attempt_id, task_id: null, path: [] };
      const all = (await callOne(client, "reprise_engine.fetch_outputs", args)) as unknown[][];
      assert.deepEqual(
        all
          .filter(([id]) => !String(id).startsWith("$"))
          .map(([id, , state, outputs]) => [id, state, outputs]),
        [
          ["e", "SUCCESS", {}],
          ["a", "SUCCESS", { value: "a 1" }],
          ["s", "RUNNING", {}],
          ["r", "RUNNING", null],
        ],
      );
    }));

  it("costs as much in a loop of many values as in one of few", async () => {
    const cost = async (count: number) =>
      await db.inTransaction(async (client) => {
        const values = Array.from({ length: count }, (_, index) => `v${index}`);
        const before = await fetched(client);
        for (const run of await held(client, loop("l", values, `${log("a")}, ${reader("r")}`)))
          await fetch(client, run, "a", run.begun.iteration_path as string[]);
        return ((await fetched(client)) - before) / count;
      });
    const [few, many] = [await cost(20), await cost(120)];
    assert.ok(many < few * 1.5, `${few} rows for each value of 20, and ${many} for each of 120`);
  });
});

async function fetched(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ n: string }>(
    "select sum(idx_tup_fetch + seq_tup_read) as n from pg_stat_xact_user_tables where schemaname = 'reprise' and relname in ('task_runs', 'attempts')",
  );
  return Number(rows[0]?.n);
}
