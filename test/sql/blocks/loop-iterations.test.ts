import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { renderDeep } from "../../../src/expression/render-deep.ts";
import { attemptContext } from "../../../src/worker/attempt-context.ts";
import { aWrittenFlow } from "../../support/a-flow.ts";
import { anEndedExecution, aPlan, aReplay, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type HandRun, type Scripted } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "./block-flows.ts";

const db = await testDatabase();

const loop = (rest: string, tasks: string[], id = "l") =>
  block(id, "Loop", `${rest}, tasks: [${tasks.join(", ")}]`);
const handlers = `errors: [${log("e")}], finally: [${log("f")}]`;
const gives = (value: string, more = "") => `outputs: [{ id: made, type: STRING, value: "${value}"${more} }]`;
const made = "{{ outputs.a.value }}";

/** Each task gives its name, its value and the number of its attempt, but for `fails`, which are named `a[x]`. */
const script =
  (...fails: string[]) =>
  ({ taskId, begun, number }: HandRun): Scripted => {
    const at = begun.iteration_path === null ? taskId : `${taskId}[${begun.iteration_path}]`;
    return fails.includes(at) ? "FAILED" : { outputs: { value: `${at} ${number}` } };
  };

async function outputsOf(client: ClientBase, id: string, task = "l"): Promise<unknown> {
  const { rows } = await client.query(
    "select outputs -> 'outputs' as given from reprise_api.task_runs where execution_id = $1 and task_id = $2",
    [id, task],
  );
  return rows[0].given;
}

const entry = (value: string, iteration: number, given: string) => {
  return { item: { value, iteration }, outputs: { made: given } };
};

async function run(client: ClientBase, tasks: string, ...fails: string[]): Promise<string> {
  return await anEndedExecution(client, await aBlockFlow(client, `tasks: [${tasks}]`), script(...fails));
}

describe("errors and finally of a Loop", () => {
  it("run in each iteration: errors in one that fails, finally in all", () =>
    db.inTransaction(async (client) => {
      const tasks = loop(`values: [x, y], transmitFailed: false, ${handlers}`, [log("a"), log("b")]);
      assert.deepEqual(await linesOf(client, await run(client, tasks, "a[y]")), [
        "l SUCCESS",
        "a[x] SUCCESS",
        "b[x] SUCCESS",
        "f[x] SUCCESS",
        "a[y] FAILED",
        "e[y] SUCCESS",
        "f[y] SUCCESS",
        "= SUCCESS",
      ]);
    }));

  it("come before the end of a Loop that fails, in which no other iteration begins", () =>
    db.inTransaction(async (client) => {
      const tasks = `${loop(`values: [x, y], ${handlers}`, [log("a")])}, ${log("z")}`;
      assert.deepEqual(await linesOf(client, await run(client, tasks, "a[x]", "e[x]")), [
        "l FAILED",
        "a[x] FAILED",
        "e[x] FAILED",
        "f[x] SUCCESS",
        "= FAILED",
      ]);
    }));

  it("see the item of their iteration", () =>
    db.inTransaction(async (client) => {
      const shows = `{ id: f, type: io.kestra.plugin.core.debug.Return, format: "{{ item.index }} {{ item.value }}" }`;
      const flow = await aBlockFlow(
        client,
        `tasks: [${loop(`values: [x, y], finally: [${shows}]`, [log("a")])}]`,
      );
      const seen: unknown[] = [];
      await anEndedExecution(client, flow, ({ taskId, begun, task }) => {
        const { format } = task.definition as { format?: string };
        if (taskId === "f") seen.push(renderDeep(format, attemptContext(begun, task, { envs: {} })));
        return {};
      });
      assert.deepEqual(seen, ["0 x", "1 y"]);
    }));

  it("run again with what is replayed in their iteration, and are kept in the others", () =>
    db.inTransaction(async (client) => {
      const tasks = loop(`values: [x, y], transmitFailed: false, ${handlers}`, [log("a"), log("b")]);
      const id = await run(client, tasks, "b[x]", "a[y]");
      const anchors = [`task:b["x"]`];
      const plan = await aPlan(client, id, { anchors });
      assert.deepEqual(
        plan.tasks.map(
          ({ task_id, iteration_path, disposition }) => `${task_id}[${iteration_path ?? ""}] ${disposition}`,
        ),
        [
          ...["l[] REOPENED", "a[x] CARRIED", "b[x] RERUN", "e[x] UNKNOWN", "f[x] RERUN"],
          ...["a[y] CARRIED_FAILED", "b[y] NOT_REACHED", "e[y] CARRIED", "f[y] CARRIED"],
        ],
      );
      const replay = await aReplay(client, id, { anchors, plan_hash: plan.plan_hash as string });
      await (await aHandWorker(client)).drain(script());
      assert.deepEqual((await linesOf(client, replay.id, true)).toSorted(), [
        "= SUCCESS",
        "a[x] SUCCESS 1",
        "a[y] FAILED 1",
        "b[x] SUCCESS 2",
        "e[y] SUCCESS 1",
        "f[x] SUCCESS 2",
        "f[y] SUCCESS 1",
        "l SUCCESS 2",
      ]);
    }));

  it("run again where a restart does, and nowhere else", () =>
    db.inTransaction(async (client) => {
      const id = await run(client, loop(`values: [x, y], ${handlers}`, [log("a")]), "a[y]");
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      await (await aHandWorker(client)).drain(script());
      assert.deepEqual((await linesOf(client, id, true)).toSorted(), [
        "= SUCCESS",
        "a[x] SUCCESS 1",
        "a[y] SUCCESS 2",
        "f[x] SUCCESS 1",
        "f[y] SUCCESS 2",
        "l SUCCESS 1",
      ]);
    }));

  it("can be where a replay starts, which leaves what they handle as it is", () =>
    db.inTransaction(async (client) => {
      const id = await run(client, loop(`values: [x, y], ${handlers}`, [log("a")]), "a[y]");
      const anchors = [`task:f["y"]`];
      const plan = await aPlan(client, id, { anchors });
      assert.deepEqual(plan.codes, ["failure_carried"]);
      const replay = await aReplay(client, id, { anchors, plan_hash: plan.plan_hash as string });
      await (await aHandWorker(client)).drain(script());
      assert.deepEqual((await linesOf(client, replay.id, true)).toSorted(), [
        "= FAILED",
        "a[x] SUCCESS 1",
        "a[y] FAILED 1",
        "e[y] SUCCESS 1",
        "f[x] SUCCESS 1",
        "f[y] SUCCESS 2",
        "l FAILED 1",
      ]);
    }));
});

describe("outputs of a Loop", () => {
  it("are what each iteration gives, with its item, in the order of the values", () =>
    db.inTransaction(async (client) => {
      const list = await run(client, loop(`values: [x, y], concurrencyLimit: 0, ${gives(made)}`, [log("a")]));
      assert.deepEqual(await outputsOf(client, list), [entry("x", 0, "a[x] 1"), entry("y", 1, "a[y] 1")]);
      const map = await run(
        client,
        loop(`values: { k: v }, ${gives("{{ item.key }} {{ item.value }}")}`, [log("a")]),
      );
      assert.deepEqual(await outputsOf(client, map), [
        { item: { value: "v", iteration: 0, key: "k" }, outputs: { made: "k v" } },
      ]);
      assert.deepEqual(
        await outputsOf(client, await run(client, loop(`values: [], ${gives(made)}`, [log("a")]))),
        [],
        "none where there is nothing to go through",
      );
    }));

  it("are no task runs that anybody sees", () =>
    db.inTransaction(async (client) => {
      const id = await run(client, loop(`values: [x], ${gives(made)}`, [log("a")]));
      const { rows } = await client.query(
        "select task_id from reprise_api.task_runs where execution_id = $1 order by id",
        [id],
      );
      assert.deepEqual(rows, [{ task_id: "l" }, { task_id: "a" }]);
    }));

  it("see of their iteration alone what it gave, also inside of inner loops", () =>
    db.inTransaction(async (client) => {
      const inner = loop(
        `values: [1, 2], outputs: [{ id: made, value: "{{ outputs.a.value }}+{{ outputs.b.value }}" }]`,
        [log("b")],
        "inner",
      );
      const tasks = loop(
        `values: [x, y], ${gives("{{ loopOutputs(outputs.inner.outputs, 'made') | join(' ') }}")}`,
        [log("a"), inner],
      );
      assert.deepEqual(await outputsOf(client, await run(client, tasks)), [
        entry("x", 0, "a[x] 1+b[x,1] 1 a[x] 1+b[x,2] 1"),
        entry("y", 1, "a[y] 1+b[y,1] 1 a[y] 1+b[y,2] 1"),
      ]);
    }));

  it("fail an iteration when they cannot be rendered, and with it the loop", () =>
    db.inTransaction(async (client) => {
      const tasks = loop(`values: [x, y], ${gives("{{ outputs.a.missing }}")}`, [log("a")]);
      const id = await run(client, tasks);
      assert.deepEqual(await linesOf(client, id), [
        "l FAILED",
        "a[x] SUCCESS",
        "l_outputs[x] FAILED",
        "= FAILED",
      ]);
      assert.deepEqual((await taskRunsOf(client, id)).l?.outputs, {
        ...{ iterationCount: 2, runningIterations: 0, terminatedIterations: { FAILED: 1 }, outputs: [] },
      });
    }));

  it("that failed are made anew behind what is replayed, and what they held back runs", () =>
    db.inTransaction(async (client) => {
      const gives = `outputs: [{ id: made, value: "{{ outputs.a.more ?? outputs.a.missing }}" }]`;
      const id = await run(client, loop(`values: [x, y], ${gives}`, [log("a")]));
      const anchors = [`task:a["x"]`];
      const plan = await aPlan(client, id, { anchors });
      assert.deepEqual(
        plan.tasks.map(({ task_id, disposition }) => `${task_id} ${disposition}`),
        ["l REOPENED", "a RERUN", "a NEW"],
      );
      const replay = await aReplay(client, id, { anchors });
      await (await aHandWorker(client)).drain(() => ({ outputs: { more: 1 } }));
      assert.deepEqual(
        (await linesOf(client, replay.id)).filter((line) => /^[al=]/.test(line)).length,
        6,
        "both iterations, with what they give",
      );
      assert.deepEqual(await outputsOf(client, replay.id), [
        { item: { value: "x", iteration: 0 }, outputs: { made: 1 } },
        { item: { value: "y", iteration: 1 }, outputs: { made: 1 } },
      ]);
    }));

  it("of an iteration that fails are given by loops that do not transmit failures", () =>
    db.inTransaction(async (client) => {
      const given = async (transmits: boolean) => {
        const rest = `values: [x, y], transmitFailed: ${transmits}, finally: [${log("f")}], ${gives(made)}`;
        return await outputsOf(
          client,
          await run(client, loop(rest, [log("a"), log("b")]), "b[x]", ...(transmits ? [] : ["a[y]"])),
        );
      };
      assert.deepEqual(await given(false), [entry("x", 0, "a[x] 1")], "y has none to give");
      assert.deepEqual(await given(true), []);
    }));

  it("are made anew in a replay where something runs again, and carried elsewhere", () =>
    db.inTransaction(async (client) => {
      const tasks = `${loop(`values: [x, y], ${gives(made)}`, [log("a")])}, ${log("z")}`;
      const id = await run(client, tasks);
      const original = [entry("x", 0, "a[x] 1"), entry("y", 1, "a[y] 1")];

      const anchors = [`task:a["y"]`];
      const plan = await aPlan(client, id, { anchors });
      assert.deepEqual(
        plan.tasks.map(({ disposition }) => disposition),
        ["REOPENED", "CARRIED", "RERUN", "RERUN"],
      );
      const inside = await aReplay(client, id, { anchors });
      const after = await aReplay(client, id, { anchors: ["task:z"] });
      await (await aHandWorker(client)).drain(script());
      const changed = [entry("x", 0, "a[x] 1"), entry("y", 1, "a[y] 2")];
      assert.deepEqual(await outputsOf(client, inside.id), changed);
      assert.deepEqual(await outputsOf(client, after.id), original);
      assert.deepEqual(await outputsOf(client, id), original, "nothing of the original changes");

      const again = await aReplay(client, inside.id, { anchors: [`task:a["x"]`] });
      await (await aHandWorker(client)).drain(script());
      assert.deepEqual(await outputsOf(client, again.id), [entry("x", 0, "a[x] 2"), entry("y", 1, "a[y] 2")]);
    }));

  it("that a revision changes or adds are all that runs again for them, and what is behind the loop", () =>
    db.inTransaction(async (client) => {
      const write = (given: string) =>
        `id: loop-revised\nnamespace: company.team\ntasks: [${loop(`values: [x, y]${given}`, [log("a")])}, ${log("z")}]`;
      for (const first of ["", `, ${gives("old")}`]) {
        const id = await anEndedExecution(client, await aWrittenFlow(client, write(first)), script());
        await aWrittenFlow(client, write(`, ${gives("new {{ outputs.a.value }}")}`));
        const replay = await aReplay(client, id, { anchors: ["auto"], revision: "latest" });
        await (await aHandWorker(client)).drain(script());
        assert.deepEqual(await outputsOf(client, replay.id), [
          entry("x", 0, "new a[x] 1"),
          entry("y", 1, "new a[y] 1"),
        ]);
        assert.deepEqual(
          (await linesOf(client, replay.id, true)).filter((line) => /^[az=]/.test(line)),
          ["a[x] SUCCESS 1", "a[y] SUCCESS 1", "z SUCCESS 2", "= SUCCESS"],
        );
      }
    }));
});
