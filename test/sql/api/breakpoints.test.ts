import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { anExecution, aReplay, executionOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type HandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "../blocks/block-flows.ts";

const db = await testDatabase();

async function started(
  client: ClientBase,
  body: string,
  breakpoints: string[],
): Promise<[string, HandWorker]> {
  const id = await anExecution(client, await aBlockFlow(client, body), { breakpoints });
  const worker = await aHandWorker(client);
  await worker.drain({}, { room: 4 });
  return [id, worker];
}

const resume = (client: ClientBase, id: string, breakpoints: string[] | null = null) =>
  callOne(client, "reprise_api.resume_execution", { execution_id: id, breakpoints });

describe("breakpoints", () => {
  it("stop an execution before a task, until it is resumed, and can be set anew", () =>
    db.inTransaction(async (client) => {
      const [id, worker] = await started(
        client,
        `tasks: [${log("a")}, ${log("b")}, ${log("c")}, ${log("d")}]`,
        ["b"],
      );
      assert.deepEqual(await linesOf(client, id), ["a SUCCESS", "b BREAKPOINT", "= BREAKPOINT"]);
      await resume(client, id, ["d"]);
      await worker.drain();
      assert.deepEqual(await linesOf(client, id), [
        "a SUCCESS",
        "b SUCCESS",
        "c SUCCESS",
        "d BREAKPOINT",
        "= BREAKPOINT",
      ]);
      await resume(client, id);
      await worker.drain();
      assert.deepEqual(await linesOf(client, id), [
        "a SUCCESS",
        "b SUCCESS",
        "c SUCCESS",
        "d SUCCESS",
        "= SUCCESS",
      ]);
      const { rows } = await client.query("select state_history from reprise_api.executions where id = $1", [
        id,
      ]);
      assert.deepEqual(
        rows[0].state_history.map(({ state }: { state: string }) => state),
        ["CREATED", "RUNNING", "BREAKPOINT", "RUNNING", "BREAKPOINT", "RUNNING", "SUCCESS"],
      );
    }));

  it("stop before the first task, before a block, and in one iteration", () =>
    db.inTransaction(async (client) => {
      const loop = block("l", "ForEach", `values: [x, y], tasks: [${log("a")}]`);
      const [id, worker] = await started(client, `tasks: [${block("s", "Sequential", `tasks: [${loop}]`)}]`, [
        "s",
        'a["y"]',
      ]);
      assert.deepEqual(await linesOf(client, id), ["s BREAKPOINT", "= BREAKPOINT"]);
      await resume(client, id, ['a["y"]']);
      await worker.drain();
      assert.deepEqual(await linesOf(client, id), [
        "s RUNNING",
        "l RUNNING",
        "a[x] SUCCESS",
        "a[y] BREAKPOINT",
        "= BREAKPOINT",
      ]);
      await resume(client, id);
      await worker.drain();
      assert.deepEqual((await linesOf(client, id)).at(-1), "= SUCCESS");
    }));

  it("stop in one iteration of loops in loops, by all its values or those of the innermost", () =>
    db.inTransaction(async (client) => {
      const inner = block("in", "ForEach", `values: [1, 2], tasks: [${log("a")}]`);
      const body = `tasks: [${block("out", "ForEach", `values: [x, y], tasks: [${inner}]`)}]`;
      const stopsAt = async (breakpoint: string) => {
        const [id] = await started(client, body, [breakpoint]);
        return (await linesOf(client, id)).filter((line) => line.includes("BREAKPOINT"));
      };
      assert.deepEqual(await stopsAt('a["y", "1"]'), ["a[y,1] BREAKPOINT", "= BREAKPOINT"]);
      assert.deepEqual(await stopsAt("a[y, 1]"), ["a[y,1] BREAKPOINT", "= BREAKPOINT"]);
      assert.deepEqual(await stopsAt("a[2]"), ["a[x,2] BREAKPOINT", "= BREAKPOINT"]);
      // As Kestra writes it.
      assert.deepEqual(await stopsAt("a.2"), ["a[x,2] BREAKPOINT", "= BREAKPOINT"]);
      assert.deepEqual(await stopsAt("a[3]"), []);
      await assert.rejects(started(client, body, ["a[x, y, 1]"]), { reason: "breakpoint_not_possible" });
    }));

  it("stop a restart before what runs again, also where that had to wait for its turn", () =>
    db.inTransaction(async (client) => {
      const allowed = (id: string) => log(id, ", allowFailure: true");
      const loop = block(
        "l",
        "ForEach",
        `values: [x, y], concurrencyLimit: 2, tasks: [${block("s", "Sequential", `tasks: [${allowed("a")}, ${log("b")}]`)}]`,
      );
      const id = await anExecution(client, await aBlockFlow(client, `tasks: [${loop}, ${log("z")}]`), {
        breakpoints: ["z", "b[y]"],
      });
      const worker = await aHandWorker(client);
      await worker.drain({ b: "FAILED" });
      assert.deepEqual((await linesOf(client, id)).at(-1), "= BREAKPOINT");
      await resume(client, id, ["b[y]"]);
      await worker.drain({ b: "FAILED" });
      assert.deepEqual((await linesOf(client, id)).at(-1), "= FAILED");
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      await worker.drain();
      const lines = await linesOf(client, id);
      assert.deepEqual(lines.filter((line) => line.startsWith("b")).concat(lines.at(-1) as string), [
        ...["b[x] RESTARTED", "b[y] BREAKPOINT", "= BREAKPOINT"],
      ]);
      await resume(client, id);
      await worker.drain();
      assert.equal((await linesOf(client, id)).at(-1), "= SUCCESS");
    }));

  it("stop a replay before a loop that finds its values anew", () =>
    db.inTransaction(async (client) => {
      const loop = block("l", "ForEach", `values: "{{ inputs.v }}", tasks: [${log("a")}, ${log("b")}]`);
      const flow = await aBlockFlow(
        client,
        `inputs: [{ id: v, type: ARRAY, itemType: STRING }]\ntasks: [${loop}]`,
      );
      const id = await anExecution(client, flow, { inputs: { v: ["x"] } });
      const worker = await aHandWorker(client);
      await worker.drain({ b: "FAILED" });
      const replay = await aReplay(client, id, {
        ...{ anchors: ["failed"], inputs: { v: ["x", "y"] }, breakpoints: ["l"] },
      });
      await worker.drain();
      assert.deepEqual(await linesOf(client, replay.id), ["l BREAKPOINT", "a[x] SUCCESS", "= BREAKPOINT"]);
      await resume(client, replay.id);
      await worker.drain();
      assert.deepEqual(await linesOf(client, replay.id), [
        ...["l SUCCESS", "a[x] SUCCESS", "b[x] SUCCESS", "a[y] SUCCESS", "b[y] SUCCESS", "= SUCCESS"],
      ]);
    }));

  it("hold everything else in the execution, and end with a kill", () =>
    db.inTransaction(async (client) => {
      const body = `tasks: [${block("p", "Parallel", `tasks: [${log("a")}, ${log("b")}]`)}]`;
      const [id] = await started(client, body, ["a"]);
      assert.deepEqual(await linesOf(client, id), ["p RUNNING", "a BREAKPOINT", "b CREATED", "= BREAKPOINT"]);
      await callOne(client, "reprise_api.kill_execution", { execution_id: id });
      assert.deepEqual(await linesOf(client, id), ["p KILLED", "a KILLED", "b KILLED", "= KILLED"]);
    }));

  it("leave a Pause beside them paused", () =>
    db.inTransaction(async (client) => {
      const pause = "{ id: q, type: io.kestra.plugin.core.flow.Pause }";
      const [id, worker] = await started(
        client,
        `tasks: [${block("p", "Parallel", `tasks: [${pause}, ${log("a")}, ${log("b")}]`)}]`,
        [],
      );
      assert.deepEqual((await linesOf(client, id)).at(-1), "= PAUSED");
      await callOne(client, "reprise_api.pause_execution", { execution_id: id });
      await resume(client, id);
      assert.deepEqual((await linesOf(client, id)).at(-1), "= PAUSED");
      await resume(client, id);
      await worker.drain();
      assert.deepEqual((await linesOf(client, id)).at(-1), "= SUCCESS");
    }));

  it("stop a replay before what it would run", () =>
    db.inTransaction(async (client) => {
      const [id, worker] = await started(client, `tasks: [${log("a")}, ${log("b")}, ${log("c")}]`, []);
      const replay = await aReplay(client, id, { anchors: ["task:b"], breakpoints: ["b", "c"] });
      await worker.drain();
      assert.deepEqual(await linesOf(client, replay.id), ["a SUCCESS", "b BREAKPOINT", "= BREAKPOINT"]);
      await resume(client, replay.id);
      await worker.drain();
      assert.deepEqual(await linesOf(client, replay.id), [
        "a SUCCESS",
        "b SUCCESS",
        "c SUCCESS",
        "= SUCCESS",
      ]);
    }));

  it("show once a Pause has ended that stops at one what it runs meanwhile", () =>
    db.inTransaction(async (client) => {
      const pause = block("p", "Pause", `onPause: ${log("told")}`);
      const [id, worker] = await started(client, `tasks: [${pause}, ${log("z")}]`, ["told"]);
      assert.deepEqual(await linesOf(client, id), ["p PAUSED", "told BREAKPOINT", "= PAUSED"]);
      const { rows } = await client.query("select id from reprise.task_runs where execution_id = $1", [id]);
      await callOne(client, "reprise_api.resume_execution", { execution_id: id, task_run_id: rows[0].id });
      assert.deepEqual((await linesOf(client, id)).slice(0, 2), ["p SUCCESS", "told BREAKPOINT"]);
      assert.equal((await executionOf(client, id)).state, "BREAKPOINT");
      await resume(client, id);
      await worker.drain();
      assert.deepEqual(await linesOf(client, id), ["p SUCCESS", "told SUCCESS", "z SUCCESS", "= SUCCESS"]);
      const { rows: ended } = await client.query(
        "select state_history from reprise_api.executions where id = $1",
        [id],
      );
      assert.deepEqual(
        ended[0].state_history.map(({ state }: { state: string }) => state),
        ["CREATED", "RUNNING", "PAUSED", "BREAKPOINT", "RUNNING", "SUCCESS"],
      );
    }));

  for (const written of ['a["y"]', "a['y']", "a[y]"])
    it(`stop in the iteration that is written as ${written}`, () =>
      db.inTransaction(async (client) => {
        const loop = block("l", "ForEach", `values: [x, y], tasks: [${log("a")}]`);
        const [id] = await started(client, `tasks: [${loop}]`, [written]);
        assert.ok((await linesOf(client, id)).includes("a[y] BREAKPOINT"));
      }));

  for (const [text, reason] of [
    ["z", "breakpoint_not_in_revision"],
    ["a[1", "malformed_breakpoint"],
    ["a[it's]", "malformed_breakpoint"],
    ["x", "breakpoint_not_possible"],
  ])
    it(`are refused where they name nothing: ${text}`, () =>
      db.inTransaction((client) =>
        assert.rejects(
          started(client, `tasks: [${log("a")}]\nafterExecution: [${log("x")}]`, [text as string]),
          { reason },
        ),
      ));

  it("ask for no inputs, also beside a Pause that does", () =>
    db.inTransaction(async (client) => {
      const pause = block("w", "Pause", "onResume: [{ id: who, type: STRING }]");
      const [id, worker] = await started(
        client,
        `tasks: [${block("p", "Parallel", `tasks: [${pause}, ${block("s", "Sequential", `tasks: [${log("a")}, ${log("b")}]`)}]`)}]`,
        ["b"],
      );
      const answer = (rest: object) =>
        callOne(client, "reprise_api.resume_execution", { execution_id: id, inputs: { who: "me" }, ...rest });
      await client.query("savepoint held");
      await assert.rejects(answer({}), { code: "RP422", reason: "inputs_not_asked" });
      await client.query("rollback to held");
      await resume(client, id);
      await worker.drain();
      await answer({});
      await worker.drain();
      assert.equal((await executionOf(client, id)).state, "SUCCESS");
    }));
});
