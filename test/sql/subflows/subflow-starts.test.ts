import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { anEndedExecution, executionOf, type SeenTaskRun, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aBlockFlow, linesOf, log } from "../blocks/block-flows.ts";
import { childrenOf, subflow } from "./subflow-flows.ts";

const db = await testDatabase();

describe("what a child starts with", () => {
  it("are the inputs of its Subflow, rendered, and checked as any", () =>
    db.inTransaction(async (client) => {
      const child = await aBlockFlow(
        client,
        `inputs: [{ id: n, type: INT }, { id: a.b, type: STRING, required: false }, { id: d, type: STRING, defaults: given }, { id: e, type: STRING }]\ntasks: [${log("x")}]`,
      );
      const inputs = `, inputs: { n: "{{ inputs.n }}", "a.b": "{{ flow.id }}", d: null, e: "{{ null }}", other: 1 }`;
      const parent = await aBlockFlow(
        client,
        `inputs: [{ id: n, type: STRING }]\ntasks: [${subflow("s", child, inputs)}]`,
      );
      const id = await anEndedExecution(client, parent, {}, { inputs: { n: "7" } });
      const [started] = await childrenOf(client, id);
      assert.deepEqual((await executionOf(client, started?.id as string)).inputs, {
        n: 7,
        a: { b: parent.id },
        d: "given",
        e: "",
      });
      const { rows } = await client.query(
        "select message from reprise.logs where execution_id = $1 and level = 'WARN'",
        [id],
      );
      assert.deepEqual(rows, [
        {
          message: `Input other was provided by parent execution ${id} for subflow company.team.${child.id} but isn't declared at the subflow inputs`,
        },
      ]);
    }));

  it("are the JSON of lists and maps where texts are wanted, however deep these stand", () =>
    db.inTransaction(async (client) => {
      const ids = ["s", "g.s", "g.h.s", "t.s"].map((id) => `{ id: ${id}, type: STRING }`);
      const child = await aBlockFlow(
        client,
        `inputs: [${ids}, { id: g.j, type: JSON }, { id: k, type: JSON }]\ntasks: [${log("x")}]`,
      );
      const nested = "g: { s: [1.0, 2], h: { s: { a: 1 } }, j: [3] }, k: { s: [4] }";
      const inputs = `, inputs: { s: [0], ${nested}, t: '{"s": [5]}' }`;
      const id = await anEndedExecution(
        client,
        await aBlockFlow(client, `tasks: [${subflow("s", child, inputs)}]`),
      );
      const [started] = await childrenOf(client, id);
      assert.deepEqual((await executionOf(client, started?.id as string)).inputs, {
        s: "[0]",
        g: { s: "[1.0,2]", h: { s: '{"a":1}' }, j: [3] },
        t: { s: "[5]" },
        k: { s: [4] },
      });
    }));

  it("are texts wherever templates stand in them", () =>
    db.inTransaction(async (client) => {
      const child = await aBlockFlow(
        client,
        `inputs: [{ id: j, type: JSON }, { id: k, type: JSON }, { id: a, type: ARRAY, itemType: INT }]\ntasks: [${log("x")}]`,
      );
      const given = `{ j: { n: "{{ 5 }}", l: ["{{ [1, true] }}", 6], "{{ 1 }}": "{{ null }}" }, k: "{{ {'n': 5} }}", a: ["{{ 7 }}", 8] }`;
      const parent = await aBlockFlow(client, `tasks: [${subflow("s", child, `, inputs: ${given}`)}]`);
      const [started] = await childrenOf(client, await anEndedExecution(client, parent));
      assert.deepEqual((await executionOf(client, started?.id as string)).inputs, {
        j: { n: "5", l: ["[1,true]", 6], 1: "" },
        k: { n: 5 },
        a: [7, 8],
      });
    }));

  it("are labels: those of its flow, those that come down, those of the task, the later before the earlier", () =>
    db.inTransaction(async (client) => {
      const child = await aBlockFlow(
        client,
        `labels: { a: child, b: child, c: child }\ntasks: [${log("x")}]`,
      );
      const labels = `, labels: [{ key: b, value: "{{ flow.id }}" }, { key: e, value: "" }]`;
      const tasks = `${subflow("plain", child, labels)}, ${subflow("all", child, `${labels}, inheritLabels: true`)}`;
      const parent = await aBlockFlow(client, `labels: { a: parent, d: parent }\ntasks: [${tasks}]`);
      const id = await anEndedExecution(client, parent);
      const started = await childrenOf(client, id);
      const [plain, all] = await Promise.all(
        started.map(async (each) => (await executionOf(client, each.id)).labels),
      );
      const correlation = { "system.correlationId": id };
      assert.deepEqual(plain, { a: "child", b: parent.id, c: "child", ...correlation });
      assert.deepEqual(all, { a: "child", b: parent.id, c: "child", d: "parent", ...correlation });
    }));

  it("hang together with the first of them all", () =>
    db.inTransaction(async (client) => {
      const last = await aBlockFlow(
        client,
        `tasks: [${log("x", ', runIf: "{{ trigger.executionId is defined }}"')}]`,
      );
      const middle = await aBlockFlow(client, `tasks: [${subflow("t", last)}]`);
      const id = await anEndedExecution(client, await aBlockFlow(client, `tasks: [${subflow("s", middle)}]`));
      const [below] = await childrenOf(client, id);
      const [deepest] = await childrenOf(client, below?.id as string);
      const { labels, state } = await executionOf(client, deepest?.id as string);
      assert.deepEqual([labels, state], [{ "system.correlationId": id }, "SUCCESS"]);
    }));

  it("is the revision that the task names, and its flow under the name of the task", () =>
    db.inTransaction(async (client) => {
      const child = await aBlockFlow(client, `tasks: [${log("x")}]`);
      const parent = await aBlockFlow(
        client,
        `tasks: [{ id: s, type: io.kestra.core.tasks.flows.Subflow, namespace: "{{ flow.namespace }}", flowId: ${child.id}, revision: 1 }]`,
      );
      const id = await anEndedExecution(client, parent);
      assert.deepEqual(await linesOf(client, id), ["s SUCCESS", "= SUCCESS"]);
      const [started] = await childrenOf(client, id);
      const { flow_revision, trigger } = await executionOf(client, started?.id as string);
      assert.equal(flow_revision, 1);
      assert.equal((trigger as { type: string }).type, "io.kestra.core.tasks.flows.Subflow");
    }));
});

describe("outputs that a Subflow takes from its child", () => {
  const outputs = `, outputs: { taken: "{{ outputs.x.value }} of {{ flow.id }}" }`;
  it("are rendered there", () =>
    db.inTransaction(async (client) => {
      const child = await aBlockFlow(client, `tasks: [${log("x")}]`);
      const id = await anEndedExecution(
        client,
        await aBlockFlow(client, `tasks: [${subflow("s", child, outputs)}]`),
      );
      const runs = await taskRunsOf(client, id);
      const [started] = await childrenOf(client, id);
      assert.deepEqual(runs.s?.outputs, {
        executionId: started?.id,
        state: "SUCCESS",
        outputs: { taken: `x 1 of ${child.id}` },
      });
    }));

  it("fail it when they cannot be rendered", () =>
    db.inTransaction(async (client) => {
      const child = await aBlockFlow(client, `tasks: [${log("y")}]`);
      const id = await anEndedExecution(
        client,
        await aBlockFlow(client, `tasks: [${subflow("s", child, outputs)}]`),
      );
      const runs = await taskRunsOf(client, id);
      const [started] = await childrenOf(client, id);
      assert.deepEqual(await linesOf(client, id), ["s FAILED", "= FAILED"]);
      assert.deepEqual(runs.s?.outputs, { executionId: started?.id, state: "SUCCESS" });
      const { reason, message } = (runs.s as SeenTaskRun).error as { reason: string; message: string };
      assert.equal(reason, "outputs_not_extracted");
      assert.match(message, /^Failed to extract outputs with the error: '.*x.*'$/);
    }));

  it("do not count where the flow has outputs of its own", () =>
    db.inTransaction(async (client) => {
      const child = await aBlockFlow(
        client,
        `tasks: [${log("y")}]\noutputs: [{ id: own, type: STRING, value: v }]`,
      );
      const id = await anEndedExecution(
        client,
        await aBlockFlow(client, `tasks: [${subflow("s", child, outputs)}]`),
        ({ taskId }) => (taskId === "$outputs" ? { outputs: { own: "v" } } : {}),
      );
      const [started] = await childrenOf(client, id);
      assert.deepEqual((await taskRunsOf(client, id)).s?.outputs, {
        executionId: started?.id,
        state: "SUCCESS",
        outputs: { own: "v" },
      });
    }));
});
