import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callOne } from "../../../src/db/call.ts";
import { renderDeep } from "../../../src/expression/render-deep.ts";
import { attemptContext } from "../../../src/worker/attempt-context.ts";
import { anEndedExecution, aReplay } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type HandRun, type Scripted } from "../../support/hand-worker.ts";
import { aBlockFlow, block, log } from "./block-flows.ts";

const db = await testDatabase();

const reads = (id: string, template: string) =>
  `{ id: ${id}, type: io.kestra.plugin.core.debug.Return, format: "${template}" }`;

/** What reads has its templates rendered; all others give their iteration. */
function giveRead({ taskId, begun, task }: HandRun): Scripted {
  const { format } = task.definition as { format?: string };
  if (format === undefined) return { outputs: { at: taskId } };
  return { outputs: { value: renderDeep(format, attemptContext(begun, task, { envs: {} })) } };
}

const each = (values: string, ...tasks: string[]) =>
  block("l", "ForEach", `values: ${values}, concurrencyLimit: 0, tasks: [${tasks}]`);

const flows = {
  "directly in a loop": [each("[x, y, z]", log("t")), "{{ outputs.t | keys }}"],
  "deeper in it": [
    each("[x, y, z]", block("s", "Sequential", `tasks: [${log("t")}]`)),
    "{{ outputs.t | keys }}",
  ],
  "in one in a loop": [
    block("k", "ForEach", `values: [v, w], tasks: [${each("[x, y, z]", log("t"))}]`),
    "{{ outputs.t }} {{ outputs.t.w | keys }}",
  ],
  "where everything is read": [
    each("[x, y, z]", log("t")),
    "{{ outputs | keys }} {{ render('{{ outputs.t | keys }}') }}",
  ],
} as const;

describe("what is read of a loop", () => {
  for (const [what, [loop, template]] of Object.entries(flows)) {
    it(`comes in the order of its values, ${what}`, () =>
      db.inTransaction(async (client) => {
        const worker = await aHandWorker(client);
        const readIn = async (id: string) =>
          (
            await client.query(
              "select outputs ->> 'value' as value from reprise_api.task_runs where execution_id = $1 and task_id = 'z'",
              [id],
            )
          ).rows[0].value as string;
        const flow = await aBlockFlow(client, `tasks: [${loop}, ${reads("z", template)}]`);
        const id = await anEndedExecution(client, flow, giveRead);
        const fresh = await readIn(id);
        assert.ok(/\["x", ?"y", ?"z"\]/.test(fresh), fresh);
        const first = loop.includes("[v, w]") ? `task:t["v", "x"]` : `task:t["x"]`;
        const replay = await aReplay(client, id, { anchors: [first] });
        await worker.drain(giveRead);
        assert.equal(await readIn(replay.id), fresh);
      }));
  }

  it("comes in the order of its values where these are numbers", () =>
    db.inTransaction(async (client) => {
      const template =
        "{{ outputs.t | keys }} {{ outputs.t }} {% for one in outputs.t %}{{ one.key }} {% endfor %}";
      const loop = each(`["10", "9", "2"]`, log("t"));
      const flow = await aBlockFlow(client, `tasks: [${loop}, ${reads("z", template)}]`);
      const id = await anEndedExecution(client, flow, giveRead);
      const { rows } = await client.query(
        "select outputs ->> 'value' as value from reprise_api.task_runs where execution_id = $1 and task_id = 'z'",
        [id],
      );
      assert.equal(rows[0].value, `["10","9","2"] {"10":{"at":"t"},"9":{"at":"t"},"2":{"at":"t"}} 10 9 2 `);
    }));

  it("comes in the order of its values where a restart ran the first of them last", () =>
    db.inTransaction(async (client) => {
      const worker = await aHandWorker(client);
      const loop = each("[x, y]", log("s"), log("t"));
      const flow = await aBlockFlow(client, `tasks: [${loop}, ${reads("z", "{{ outputs.t | keys }}")}]`);
      const id = await anEndedExecution(client, flow, (run) =>
        run.taskId === "s" && run.begun.iteration_path?.[0] === "x" ? "FAILED" : giveRead(run),
      );
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      await worker.drain(giveRead);
      const { rows } = await client.query(
        "select outputs ->> 'value' as value from reprise_api.task_runs where execution_id = $1 and task_id = 'z'",
        [id],
      );
      assert.equal(rows[0].value, '["x","y"]');
    }));
});
