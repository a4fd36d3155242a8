import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { renderDeep } from "../../../src/expression/render-deep.ts";
import { attemptContext } from "../../../src/worker/attempt-context.ts";
import { anEndedExecution, anExecution, aReplay, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type HandRun } from "../../support/hand-worker.ts";
import { aBlockFlow, block, failing, linesOf, log } from "./block-flows.ts";

const db = await testDatabase();

const loop = (id: string, rest: string, tasks: string[]) =>
  block(id, "Loop", `${rest}, tasks: [${tasks.join(", ")}]`);
const shows = (id: string, format: string) =>
  `{ id: ${id}, type: io.kestra.plugin.core.debug.Return, format: "${format}" }`;
const failsIn = (...values: string[]) => {
  return ({ taskId, begun }: HandRun) =>
    taskId === "a" && values.includes(begun.iteration_path?.at(-1) ?? "") ? "FAILED" : "SUCCESS";
};

async function run(client: ClientBase, tasks: string, script = {}): Promise<string[]> {
  return await linesOf(
    client,
    await anEndedExecution(client, await aBlockFlow(client, `tasks: [${tasks}]`), script),
  );
}

async function outputsOf(client: ClientBase, id: string, task: string): Promise<unknown> {
  return (await taskRunsOf(client, id))[task]?.outputs;
}

describe("a Loop", () => {
  it("goes through a list, the text of one, and a map, each value once and one after the other", () =>
    db.inTransaction(async (client) => {
      for (const values of [`[x, y, x]`, `'["x", "y", "x"]'`, `"{{ ['x', 'y'] }}"`]) {
        assert.deepEqual(await run(client, loop("l", `values: ${values}`, [log("a")])), [
          "l SUCCESS",
          "a[x] SUCCESS",
          "a[y] SUCCESS",
          "= SUCCESS",
        ]);
      }
      assert.deepEqual(await run(client, loop("l", `values: { k: same, m: same }`, [log("a")])), [
        "l SUCCESS",
        "a[k] SUCCESS",
        "a[m] SUCCESS",
        "= SUCCESS",
      ]);
    }));

  it("begins as many iterations at once as its limit says", () =>
    db.inTransaction(async (client) => {
      const open = async (limit: string) => {
        const flow = await aBlockFlow(
          client,
          `tasks: [${loop("l", `values: [1, 2, 3]${limit}`, [log("a")])}]`,
        );
        const id = await anExecution(client, flow);
        const worker = await aHandWorker(client);
        const held = await worker.drain({}, { holds: ({ taskId }) => taskId === "a" });
        await worker.finish(held.map(({ begun }) => ({ attemptId: begun.attempt_id })));
        await worker.drain({});
        assert.equal((await linesOf(client, id)).at(-1), "= SUCCESS");
        return held.length;
      };
      assert.deepEqual(
        [await open(""), await open(", concurrencyLimit: 2"), await open(", concurrencyLimit: 0")],
        [1, 2, 3],
      );
    }));

  it("counts its iterations as its outputs, by the states in which they ended", () =>
    db.inTransaction(async (client) => {
      const counted = async (values: string, script = {}) => {
        const flow = await aBlockFlow(client, `tasks: [${loop("l", `values: ${values}`, [log("a")])}]`);
        return await outputsOf(client, await anEndedExecution(client, flow, script), "l");
      };
      const counts = (iterationCount: number, terminatedIterations: Record<string, number>) => {
        return { iterationCount, runningIterations: 0, terminatedIterations };
      };
      assert.deepEqual(await counted("[1, 2, 3]"), counts(3, { SUCCESS: 3 }));
      assert.deepEqual(await counted("[]"), counts(0, {}));
      assert.deepEqual(await counted("[1, 2, 3]", failsIn("2")), counts(3, { SUCCESS: 1, FAILED: 1 }));
    }));

  it("fails with an iteration, and begins no other", () =>
    db.inTransaction(async (client) => {
      const tasks = `${loop("l", "values: [x, y, z]", [log("a"), log("b")])}, ${log("c")}`;
      assert.deepEqual(await run(client, tasks, failsIn("y")), [
        "l FAILED",
        "a[x] SUCCESS",
        "b[x] SUCCESS",
        "a[y] FAILED",
        "= FAILED",
      ]);
    }));

  it("goes through all of them and ends well when it does not transmit failures", () =>
    db.inTransaction(async (client) => {
      const tasks = `${loop("l", "values: [x, y, z], transmitFailed: false", [log("a"), log("b")])}, ${log("c")}`;
      assert.deepEqual(await run(client, tasks, failsIn("x", "y")), [
        "l SUCCESS",
        "a[x] FAILED",
        "a[y] FAILED",
        "a[z] SUCCESS",
        "b[z] SUCCESS",
        "c SUCCESS",
        "= SUCCESS",
      ]);
    }));

  it("does not heed a warning in it", () =>
    db.inTransaction(async (client) => {
      const tasks = loop("l", "values: [x, y]", [log("a", ", allowFailure: true")]);
      assert.deepEqual(await run(client, tasks, failsIn("x")), [
        "l SUCCESS",
        "a[x] WARNING",
        "a[y] SUCCESS",
        "= SUCCESS",
      ]);
    }));

  it("fails over a null, and over what is neither a list nor a map", () =>
    db.inTransaction(async (client) => {
      const errorOf = async (values: string) => {
        const flow = await aBlockFlow(client, `tasks: [${loop("l", `values: ${values}`, [log("a")])}]`);
        const id = await anEndedExecution(client, flow);
        assert.deepEqual(await linesOf(client, id), ["l FAILED", "= FAILED"]);
        const { l } = await taskRunsOf(client, id);
        return String((l?.error as { message?: string } | undefined)?.message);
      };
      assert.match(await errorOf(`'[1, null]'`), /Found a null value inside the iteration values=\[1,null\]/);
      assert.match(await errorOf(`"{{ 12 }}"`), /have to be a list/);
    }));

  it("replays an iteration that failed in it, and keeps the others, whether they failed or not", () =>
    db.inTransaction(async (client) => {
      const body = `tasks: [${loop("l", "values: [x, y, z], transmitFailed: false", [log("a"), log("b")])}, ${log("c")}]`;
      const id = await anEndedExecution(client, await aBlockFlow(client, body), failsIn("x", "y"));
      const replay = await aReplay(client, id, { anchors: [`task:a["x"]`] });
      await (await aHandWorker(client)).drain({});
      assert.deepEqual((await linesOf(client, replay.id, true)).toSorted(), [
        "= SUCCESS",
        "a[x] SUCCESS 2",
        "a[y] FAILED 1",
        "a[z] SUCCESS 1",
        "b[x] SUCCESS 1",
        "b[z] SUCCESS 1",
        "c SUCCESS 2",
        "l SUCCESS 2",
      ]);
      assert.deepEqual(await outputsOf(client, replay.id, "l"), {
        ...{ iterationCount: 3, runningIterations: 0, terminatedIterations: { SUCCESS: 2, FAILED: 1 } },
      });
      assert.deepEqual(await outputsOf(client, id, "l"), {
        ...{ iterationCount: 3, runningIterations: 0, terminatedIterations: { SUCCESS: 1, FAILED: 2 } },
      });
    }));

  it("goes on where a restart finds a failure", () =>
    db.inTransaction(async (client) => {
      const flow = await aBlockFlow(client, `tasks: [${loop("l", "values: [x, y]", [log("a")])}]`);
      const id = await anEndedExecution(client, flow, failing("a 1"));
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      await (await aHandWorker(client)).drain({});
      assert.deepEqual(await linesOf(client, id, true), [
        "l SUCCESS 1",
        "a[x] SUCCESS 2",
        "a[y] SUCCESS 1",
        "= SUCCESS",
      ]);
      assert.deepEqual(await outputsOf(client, id, "l"), {
        ...{ iterationCount: 2, runningIterations: 0, terminatedIterations: { SUCCESS: 2 } },
      });
    }));

  it("counts its iterations anew in a replay, also of one that was killed before it could", () =>
    db.inTransaction(async (client) => {
      const worker = await aHandWorker(client);
      const flow = await aBlockFlow(
        client,
        `tasks: [${loop("l", "values: [x, y]", [log("a")])}, ${shows("z", "{{ outputs.l }}")}]`,
      );
      const seen: unknown[] = [];
      const script = (run: HandRun) => {
        if (run.taskId === "z") seen.push(run.outputs.l);
        return {};
      };
      const all = { iterationCount: 2, runningIterations: 0, terminatedIterations: { SUCCESS: 2 } };

      const failed = await anEndedExecution(client, flow, failsIn("y"));
      await aReplay(client, failed, { anchors: ["failed"] });
      await worker.drain(script);

      const killed = await anExecution(client, flow);
      const [held] = await worker.drain(script, { holds: ({ begun }) => begun.iteration_path?.[0] === "y" });
      await callOne(client, "reprise_api.kill_execution", { execution_id: killed });
      await worker.finish([{ attemptId: held?.begun.attempt_id as string, state: "KILLED" }]);
      assert.deepEqual(await outputsOf(client, killed, "l"), { iterationCount: 2 });
      const replay = await aReplay(client, killed, { anchors: [`task:a["x"]`] });
      await worker.drain(script);
      assert.deepEqual(await outputsOf(client, replay.id, "l"), all);
      assert.deepEqual(seen, [all, all]);
    }));
});

describe("item", () => {
  const rendered = async (client: ClientBase, tasks: string): Promise<Record<string, unknown>> => {
    const id = await anEndedExecution(
      client,
      await aBlockFlow(client, `tasks: [${tasks}]`),
      ({ begun, task }) => {
        const { format } = task.definition as { format: string };
        return { outputs: { value: renderDeep(format, attemptContext(begun, task, { envs: {} })) } };
      },
    );
    const { rows } = await client.query<{ name: string; value: string }>(
      `select t.id || '[' || array_to_string(r.iteration_path, ',') || ']' as name, a.outputs ->> 'value' as value
      from reprise.task_runs as r
      join reprise.tasks as t on t.key = r.task_key and t.type like '%.Return'
      join reprise.attempts as a on a.task_run_id = r.id
      where r.execution_id = $1 order by r.id`,
      [id],
    );
    return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
  };

  it("is what the nearest Loop is at: value, index, and the key in a map", () =>
    db.inTransaction(async (client) => {
      const map = loop("l", `values: { k: one, m: { n: 2 } }`, [
        shows("r", "{{ item.index }} {{ item.key }} {{ item.value }}"),
      ]);
      assert.deepEqual(await rendered(client, map), { "r[k]": "0 k one", "r[m]": '1 m {"n":2}' });
      const list = loop("l", `values: [1, x]`, [
        block("s", "Sequential", `tasks: [${shows("r", "{{ item.value ~ item.index ~ taskrun.value }}")}]`),
      ]);
      await assert.rejects(
        rendered(client, list),
        /value/,
        "as in a ForEach, only what is directly in it has a taskrun.value",
      );
      const deep = loop("l", `values: [1, x]`, [
        block(
          "s",
          "Sequential",
          `tasks: [${shows("r", "{{ item.value }} {{ item.index }} {{ item.key ?? 'none' }}")}]`,
        ),
      ]);
      assert.deepEqual(await rendered(client, deep), { "r[1]": "1 0 none", "r[x]": "x 1 none" });
    }));

  it("has the items of the Loops around it, the outermost first", () =>
    db.inTransaction(async (client) => {
      const format =
        "{{ item.value }} {{ item.parent.value }} {{ item.parents[0].index }}{{ item.parents[0].value }} {{ item.parents[1].value }}";
      const tasks = loop("x", "values: [a]", [
        loop("y", "values: [b]", [
          block("w", "ForEach", `values: [f], tasks: [${loop("z", "values: [c]", [shows("r", format)])}]`),
        ]),
      ]);
      assert.deepEqual(await rendered(client, tasks), { "r[a,b,f,c]": "c b 0a b" });
    }));
});
