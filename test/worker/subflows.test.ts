import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { callOne } from "../../src/db/call.ts";
import type { Worker } from "../../src/worker/worker.ts";
import { block, linesOf } from "../sql/blocks/block-flows.ts";
import { childrenOf, subflow } from "../sql/subflows/subflow-flows.ts";
import { aWorker } from "../support/a-worker.ts";
import { anExecution, executionOf, taskRunsOf } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { until } from "../support/until.ts";
import { aWorkerFlow, untilEnded } from "../support/worker-flows.ts";

const db = await testDatabase();
const workers: Worker[] = [];
before(async () => {
  workers.push(await aWorker(db.connectionString), await aWorker(db.connectionString));
});
after(async () => {
  for (const worker of workers) await worker[Symbol.asyncDispose]();
});

const say = (id: string, text = id) => `{ id: ${id}, type: test.Say, text: "${text}" }`;
const lines = async (id: string) => {
  const client = await db.pool.connect();
  return await linesOf(client, id).finally(() => client.release());
};
const children = async (id: string) => {
  const client = await db.pool.connect();
  return await childrenOf(client, id).finally(() => client.release());
};

async function run(text: string, inputs: Record<string, unknown> = {}): Promise<string> {
  const id = await anExecution(db.pool, await aWorkerFlow(db.pool, text), { inputs });
  await untilEnded(db.pool, id);
  return id;
}

describe("a Subflow of a Switch", () => {
  const branch = block(
    "parent_seq",
    "Switch",
    `value: "{{ inputs.string }}", cases: { FIRST: [${say("t1")}], THIRD: [${block(
      "t3",
      "Sequential",
      `tasks: [{ id: failed, type: io.kestra.plugin.core.execution.Fail }], errors: [${say("error_t1", "Error Trigger ! {{ task.id }}")}]`,
    )}], OK: [${say("ok", "{{ task.id }} > amazing")}] }`,
  );
  const launch = async (string: string) => {
    const child = await aWorkerFlow(
      db.pool,
      `labels: { switchFlowLabel: switchFoo, overriding: child }\ninputs: [{ id: string, type: STRING }]\ntasks: [${branch}]`,
    );
    const id = await run(
      `labels: { mainFlowLabel: flowFoo, overriding: parent }
inputs: [{ id: string, type: STRING }]
tasks:
  - id: launch
    type: io.kestra.plugin.core.flow.Subflow
    namespace: ${child.namespace}
    flowId: ${child.id}
    inheritLabels: true
    inputs: { string: "{{ inputs.string }}" }
    labels: { launchTaskLabel: launchFoo }
    outputs:
      extracted: "{{ outputs.ok.text ?? outputs.error_t1.text }}"`,
      { string },
    );
    const [started] = await children(id);
    return { id, child: started?.id as string, runs: await taskRunsOf(db.pool, id) };
  };

  it("shows what it takes from the branch that ran", async () => {
    const { id, child, runs } = await launch("OK");
    assert.deepEqual(runs.launch?.attempts, ["1 SUCCESS"]);
    assert.deepEqual(runs.launch?.outputs, {
      executionId: child,
      state: "SUCCESS",
      outputs: { extracted: "ok > amazing" },
    });
    const { labels } = await executionOf(db.pool, child);
    assert.deepEqual(labels, {
      switchFlowLabel: "switchFoo",
      overriding: "child",
      mainFlowLabel: "flowFoo",
      launchTaskLabel: "launchFoo",
      "system.correlationId": id,
    });
  });

  it("takes it from handlers too, and fails with its child", async () => {
    const { id, child, runs } = await launch("THIRD");
    assert.deepEqual(await lines(id), ["launch FAILED", "= FAILED"]);
    assert.deepEqual(await lines(child), [
      "parent_seq FAILED",
      "t3 FAILED",
      "failed FAILED",
      "error_t1 SUCCESS",
      "= FAILED",
    ]);
    assert.deepEqual(runs.launch?.outputs, {
      executionId: child,
      state: "FAILED",
      outputs: { extracted: "Error Trigger ! error_t1" },
    });
  });

  it("fails when there is nothing to take, though its child did not", async () => {
    const { id, child } = await launch("FIRST");
    assert.deepEqual(await lines(id), ["launch FAILED", "= FAILED"]);
    assert.equal((await executionOf(db.pool, child)).state, "SUCCESS");
  });
});

describe("a Subflow that gives a list or a map where its child wants a text", () => {
  it("gives its JSON", async () => {
    const child = await aWorkerFlow(
      db.pool,
      `inputs: [{ id: list, type: STRING }, { id: map, type: STRING }, { id: own, type: JSON }, { id: one, type: SELECT, values: ['["x"]'] }]
outputs: [{ id: seen, type: STRING, value: "{{ inputs.list }} {{ fromJson(inputs.map).b[1] }} {{ inputs.own.a }} {{ inputs.one }}" }]
tasks: [${say("a")}]`,
    );
    const given =
      "{ list: \"{{ ['x', 1.5, 'y'] }}\", map: \"{{ {'b': [1, 'z']} }}\", own: { a: 1 }, one: [x] }";
    const id = await run(`tasks: [${subflow("s", child, `, inputs: ${given}`)}]`);
    const { s } = await taskRunsOf(db.pool, id);
    assert.equal((s?.outputs as { outputs?: { seen?: unknown } })?.outputs?.seen, '["x",1.5,"y"] z 1 ["x"]');
  });
});

describe("a Subflow whose child an Exit has ended", () => {
  const launch = async (state: string, value: string, rest = "") => {
    const child = await aWorkerFlow(
      db.pool,
      `tasks:
  - ${say("a")}
  - { id: leave, type: io.kestra.plugin.core.execution.Exit, state: ${state} }
  - ${say("b")}
outputs:
  - { id: given, type: INT, value: "{{ 1 + 1 }}" }
  - { id: said, type: STRING, value: "${value}" }`,
    );
    return await run(`tasks: [${subflow("s", child, rest)}, ${say("z", "{{ outputs.s.outputs.said }}")}]`);
  };

  for (const state of ["SUCCESS", "WARNING", "CANCELLED"])
    it(`as ${state} takes what its flow gives of what has run`, async () => {
      const id = await launch(state, "{{ outputs.a.text }} {{ outputs.b.text ?? 'nothing' }}");
      const runs = await taskRunsOf(db.pool, id);
      const [child] = await children(id);
      const outputs = { given: 2, said: "a nothing" };
      assert.deepEqual(runs.s?.outputs, { executionId: child?.id, state, outputs });
      assert.deepEqual(runs.z?.outputs, { text: "a nothing" });
      assert.equal((await executionOf(db.pool, child?.id as string)).outputs, null);
    });

  it("fails where that cannot be rendered, though its child did not", async () => {
    const id = await launch("SUCCESS", "{{ outputs.b.text }}");
    assert.deepEqual(await lines(id), ["s FAILED", "= FAILED"]);
    const { error } = (await taskRunsOf(db.pool, id)).s ?? {};
    assert.equal((error as { reason: string }).reason, "outputs_not_extracted");
  });
});

describe("Subflows side by side", () => {
  it("count their own tries", async () => {
    const child = await aWorkerFlow(
      db.pool,
      `inputs: [{ id: counter, type: INT }]\ntasks: [{ id: f, type: io.kestra.plugin.core.execution.Fail, condition: "{{ inputs.counter == 0 }}" }]`,
    );
    const retry = ", retry: { type: constant, interval: PT0.01S, maxAttempts: 3 }";
    const lane = (name: string) =>
      block(
        `seq_${name}`,
        "Sequential",
        `tasks: [${subflow(name, child, `, inputs: { counter: "{{ taskrun.attemptsCount }}" }${retry}`)}]`,
      );
    const id = await run(`tasks: [${block("p", "Parallel", `tasks: [${lane("a")}, ${lane("b")}]`)}]`);
    assert.equal((await lines(id)).length, 6);
    assert.equal((await executionOf(db.pool, id)).state, "SUCCESS");
    assert.deepEqual((await children(id)).map(({ state }) => state).sort(), [
      "FAILED",
      "FAILED",
      "SUCCESS",
      "SUCCESS",
    ]);
  });

  it("fail each when there is no such flow", async () => {
    const nowhere = { namespace: "company.team", id: "nowhere" };
    const id = await run(
      `tasks: [${block("e", "EachParallel", `value: [1, 2], tasks: [${subflow("s", nowhere)}]`)}]`,
    );
    assert.deepEqual((await lines(id)).sort(), ["= FAILED", "e FAILED", "s[1] FAILED", "s[2] FAILED"]);
  });

  it("all hear of their children, which end at once", async () => {
    const child = await aWorkerFlow(db.pool, `tasks: [${say("x")}]`);
    const values = Array.from({ length: 300 }, (_, value) => value).join(", ");
    const id = await run(
      `tasks: [${block("l", "ForEach", `values: [${values}], concurrencyLimit: 0, tasks: [${subflow("s", child)}]`)}]`,
    );
    assert.equal((await executionOf(db.pool, id)).state, "SUCCESS");
    assert.equal((await children(id)).filter(({ state }) => state === "SUCCESS").length, 300);
    const { rows } = await db.pool.query("select from reprise.ended_subflows");
    assert.equal(rows.length, 0);
  });
});

describe("killing parents at whatever moment", () => {
  it("leaves nothing running below them", async () => {
    const last = await aWorkerFlow(
      db.pool,
      `tasks: [${say("x")}, { id: y, type: io.kestra.plugin.core.flow.Sleep, duration: PT30S }]`,
    );
    const middle = await aWorkerFlow(db.pool, `tasks: [${subflow("t", last)}]`);
    const loop = block(
      "l",
      "ForEach",
      `values: [1, 2, 3], concurrencyLimit: 0, tasks: [${subflow("s", middle)}]`,
    );
    const flow = await aWorkerFlow(db.pool, `tasks: [${loop}]`);
    const ids = await Promise.all(Array.from({ length: 12 }, () => anExecution(db.pool, flow)));
    await Promise.all(
      ids.map(async (execution_id, index) => {
        // Each is killed a little further on its way.
        await until(async () => (await children(execution_id)).length >= index % 4);
        await callOne(db.pool, "reprise_api.kill_execution", { execution_id });
      }),
    );
    const alive = async () => {
      const { rows } = await db.pool.query<{ count: number }>(
        "select count(*)::integer as count from reprise.executions where flow_id = any ($1) and ended_at is null",
        [[flow.id, middle.id, last.id]],
      );
      return rows[0]?.count === 0;
    };
    await until(alive, { what: "all to end", timeoutMs: 20_000 });
    const states = await Promise.all(ids.map(async (id) => (await executionOf(db.pool, id)).state));
    assert.deepEqual([...new Set(states)], ["KILLED"]);
  });
});

describe("a Subflow that gives a secret where no worker has a key", () => {
  it("fails with what is missing, and leaves it nowhere in the clear", async () => {
    const child = await aWorkerFlow(db.pool, `inputs: [{ id: db.pw, type: SECRET }]\ntasks: [${say("a")}]`);
    const start = `type: io.kestra.plugin.core.flow.Subflow, namespace: ${child.namespace}, flowId: ${child.id}`;
    for (const inputs of ["{ db.pw: in the clear }", "{ db: { pw: in the clear } }"]) {
      const id = await run(`tasks: [{ id: start, ${start}, inputs: ${inputs} }]`);
      const { start: failed } = await taskRunsOf(db.pool, id);
      assert.equal(
        (failed?.error as { message?: string } | null)?.message,
        "Invalid value for input `db.pw`. Cause: Unable to use a `SECRET` input/output as encryption is not configured",
      );
      const { rows } = await db.pool.query(
        `select from reprise.attempts as a join reprise.task_runs as r on r.id = a.task_run_id
        where r.execution_id = $1 and concat(a, r) like '%in the clear%'`,
        [id],
      );
      assert.deepEqual(rows, []);
    }
  });
});
