import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Worker } from "../../src/worker/worker.ts";
import { aWorker } from "../support/a-worker.ts";
import { anExecution, executionOf, taskRunsOf } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { aWorkerFlow, untilEnded } from "../support/worker-flows.ts";

const db = await testDatabase();
let worker: Worker;
before(async () => {
  worker = await aWorker(db.connectionString);
});
after(async () => await worker[Symbol.asyncDispose]());

const core = "io.kestra.plugin.core";

/** What the task gave, and why it failed. */
async function run(text: string) {
  const id = await anExecution(db.pool, await aWorkerFlow(db.pool, text));
  await untilEnded(db.pool, id);
  const { x } = await taskRunsOf(db.pool, id);
  const { state } = await executionOf(db.pool, id);
  return { state, outputs: x?.outputs, error: (x?.error ?? null) as { message: string } | null };
}

describe("io.kestra.plugin.core.templating.TemplatedTask", () => {
  const templated = (spec: string) =>
    run(
      `variables: { kind: Return }\ntasks:\n  - id: x\n    type: ${core}.templating.TemplatedTask\n    spec: |\n${spec.replaceAll(/^/gm, "      ")}`,
    );

  it("runs the task that its text makes, and gives what that gives", async () => {
    const { state, outputs } = await templated(`type: ${core}.debug.{{ vars.kind }}\nformat: It's alive!`);
    assert.deepEqual([state, outputs], ["SUCCESS", { value: "It's alive!" }]);
  });

  it("sees in that whatever a template does", async () => {
    const left = "{% raw %}{{ inputs.i }} {{ outputs.a.value }} {{ vars.kind }}{% endraw %}";
    const { outputs } = await run(
      `inputs: [{ id: i, type: STRING, defaults: in }]
variables: { kind: Return }
tasks:
  - { id: a, type: ${core}.debug.Return, format: out }
  - id: x
    type: ${core}.templating.TemplatedTask
    spec: |
      type: ${core}.debug.Return
      format: "${left}"`,
    );
    assert.deepEqual(outputs, { value: "in out Return" });
  });

  it("takes for a text what is written", async () => {
    const { outputs } = await templated(`type: ${core}.debug.Return\nformat: on`);
    assert.deepEqual(outputs, { value: "on" });
  });

  it("renders what is left of templates in it as the task would", async () => {
    const { outputs } = await templated(
      `id: any\ntype: ${core}.output.OutputValues\nvalues:\n  a: "{% raw %}{{ flow.namespace }}{% endraw %}"`,
    );
    assert.deepEqual(outputs, { values: { a: "company.team" } });
  });

  for (const [spec, message] of [
    [
      `type: ${core}.templating.TemplatedTask\nspec: x`,
      `The templated task cannot be of type '${core}.templating.TemplatedTask'`,
    ],
    [`type: ${core}.flow.Pause`, "The templated task must be a runnable task"],
    [`type: ${core}.execution.Exit`, "The templated task must be a runnable task"],
    [
      "type: no.such.Task",
      "Unknown task type `no.such.Task`. docs/tasks.md and docs/blocks.md list the task types that there are.",
    ],
    ["- a", "The templated task must be a map with `type` and its properties."],
    [
      `type: ${core}.debug.Return\nfromat: x`,
      "The properties of the task do not fit: Unknown property `fromat`. Did you mean `format`?",
    ],
  ] as const)
    it(`refuses ${spec.replaceAll("\n", ", ")}`, async () => {
      const { error } = await templated(spec);
      assert.equal(error?.message, message);
    });
});
