import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { aWrittenFlow, type FlowReference } from "../../support/a-flow.ts";
import { anEndedExecution, anExecution, aReplay, executionOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type Script } from "../../support/hand-worker.ts";
import { aBlockFlow, block, failing, log } from "../blocks/block-flows.ts";
import { newExecution } from "./retry-flows.ts";

const db = await testDatabase();

/** A replay, and what retries create in its place: of each its task runs with the numbers of their attempts, carried ones in brackets. */
async function replayed(
  client: ClientBase,
  execution_id: string,
  anchors: string[],
  script: Script,
  rest: object = {},
): Promise<string[]> {
  const { id } = await aReplay(client, execution_id, { anchors, ...rest });
  await (await aHandWorker(client)).drain(script);
  const { rows } = await client.query<{ line: string }>(
    `with recursive line as (
      select e.id, e.state from reprise.executions as e where e.id = $1
      union all
      select e.id, e.state from line as l join reprise.executions as e on e.original_id = l.id and e.try > 1
    )
    select string_agg(
      case when r.is_carried and not r.is_reopened then '(' || shown.name || ')' else shown.name || ' ' || r.state end, ', ' order by r.id
    ) || ', = ' || l.state as line
    from line as l
    join reprise_api.task_runs as r on r.execution_id = l.id
    cross join lateral (
      select r.task_id || coalesce('[' || array_to_string(r.iteration_path, ',') || ']', '') || ' #' || r.attempt_number as name
    ) as shown
    group by l.id, l.state
    order by l.id`,
    [id],
  );
  return rows.map(({ line }) => line);
}

const tasks = (...ids: string[]) => `tasks: [${ids.map((id) => log(id)).join(", ")}]`;

describe("a retry as a new execution of a replay", () => {
  it("begins where the replay began, and carries what that had carried", () =>
    db.inTransaction(async (client) => {
      const flow = await aBlockFlow(client, `${newExecution()}\n${tasks("x", "a", "b")}`);
      const id = await anEndedExecution(client, flow);
      const lines = await replayed(client, id, ["task:a"], failing("b 2", "a 3"));
      assert.deepEqual(lines, [
        "(x #1), a #2 SUCCESS, b #2 RETRIED, = RETRIED",
        "(x #1), a #3 RETRIED, = RETRIED",
        "(x #1), a #4 SUCCESS, b #3 SUCCESS, = SUCCESS",
      ]);
      const { rows } = await client.query(
        "select start_date, anchors -> 0 ->> 'anchor' as anchor from reprise.executions where root_id = $1 order by id",
        [id],
      );
      const { start_date } = await executionOf(client, id);
      assert.deepEqual(
        rows,
        rows.map(() => ({ start_date, anchor: "task:a" })),
      );
    }));

  it("begins at the start where the replay did", () =>
    db.inTransaction(async (client) => {
      const flow = await aBlockFlow(client, `${newExecution()}\n${tasks("x", "a")}`);
      const lines = await replayed(client, await anEndedExecution(client, flow), ["start"], failing("a 2"));
      assert.deepEqual(lines, [
        "x #2 SUCCESS, a #2 RETRIED, = RETRIED",
        "x #3 SUCCESS, a #3 SUCCESS, = SUCCESS",
      ]);
    }));

  it("runs again what had failed in the replay beside where that began", () =>
    db.inTransaction(async (client) => {
      const lanes = [tasks("x", "a", "b"), tasks("y", "h")].map((lane, index) =>
        block(`s${index}`, "Sequential", lane),
      );
      const flow = await aBlockFlow(
        client,
        `${newExecution()}\ntasks: [${block("p", "Parallel", `tasks: [${lanes.join(", ")}]`)}]`,
      );
      const id = await anExecution(client, flow);
      const worker = await aHandWorker(client);
      await worker.drain({}, { holds: ({ taskId }) => taskId === "h" });
      const lines = await replayed(client, id, ["task:b"], failing("h 2"));
      assert.match(lines[0] ?? "", /\(x #1\).*\(a #1\).*h #2 RETRIED.*= RETRIED/);
      assert.match(
        lines[1] ?? "",
        /\(x #1\).*\(a #1\).*\(y #1\).*b #3 SUCCESS.*h #3 SUCCESS|h #3 SUCCESS.*b #3 SUCCESS/,
      );
      assert.match(lines[1] ?? "", /= SUCCESS$/);
    }));

  it("runs again what the target revision had put in before that, if it failed", () =>
    db.inTransaction(async (client) => {
      const flow = await aBlockFlow(client, `${newExecution()}\n${tasks("x", "a", "b")}`);
      const id = await anEndedExecution(client, flow);
      await revise(client, flow, `${newExecution()}\n${tasks("x", "n", "a", "b")}`);
      assert.deepEqual(await replayed(client, id, ["task:b"], failing("n 1"), { revision: "latest" }), [
        "(x #1), (a #1), n #1 RETRIED, = RETRIED",
        "(x #1), n #2 SUCCESS, a #2 SUCCESS, b #2 SUCCESS, = SUCCESS",
      ]);
    }));

  it("begins in the iteration of a loop in which the replay began", () =>
    db.inTransaction(async (client) => {
      const loop = block("l", "ForEach", `values: [1, 2], ${tasks("x", "a")}`);
      const flow = await aBlockFlow(client, `${newExecution()}\ntasks: [${loop}]`);
      const id = await anEndedExecution(client, flow);
      const lines = await replayed(client, id, ['task:a["2"]'], failing("a 2"));
      assert.equal(lines.length, 2);
      for (const line of lines)
        assert.match(
          line,
          /\(x\[1\] #1\).*\(x\[2\] #1\).*\(a\[1\] #1\)|\(x\[1\] #1\), \(a\[1\] #1\), \(x\[2\] #1\)/,
        );
      assert.match(lines[1] ?? "", /a\[2\] #3 SUCCESS, = SUCCESS/);
    }));

  it("goes on in blocks that the replay went on in behind what had stopped them", () =>
    db.inTransaction(async (client) => {
      const flowOf = (...ids: string[]) => `tasks: [${block("s", "Sequential", tasks(...ids))}]`;
      const flow = await aBlockFlow(client, flowOf("x", "a", "b"));
      const id = await anEndedExecution(client, flow, { a: "FAILED" });
      await revise(client, flow, `${newExecution()}\n${flowOf("x", "b")}`);
      const lines = await replayed(client, id, ["failed"], failing("b 1"), { revision: "latest" });
      assert.deepEqual(lines, [
        "s #1 RETRIED, (x #1), b #1 RETRIED, = RETRIED",
        "s #1 SUCCESS, (x #1), b #2 SUCCESS, = SUCCESS",
      ]);
    }));

  it("goes on from what failed where the place at which the replay began is gone", () =>
    db.inTransaction(async (client) => {
      const loop = block("l", "ForEach", `values: "{{ inputs.v }}", ${tasks("x")}`);
      const source = `inputs: [{ id: v, type: JSON }]\n${newExecution()}\ntasks: [${log("w")}, ${loop}, ${log("a")}]`;
      const flow = await aBlockFlow(client, source);
      const id = await anEndedExecution(client, flow, {}, { inputs: { v: ["1"] } });
      const lines = await replayed(client, id, ['task:x["1"]'], failing("a 2"), { inputs: { v: ["2"] } });
      assert.deepEqual(lines, [
        "(w #1), l #2 SUCCESS, x[2] #1 SUCCESS, a #2 RETRIED, = RETRIED",
        "(w #1), (l #2), (x[2] #1), a #3 SUCCESS, = SUCCESS",
      ]);
    }));
});

/** Saves the next revision of a flow. */
async function revise(client: ClientBase, flow: FlowReference, body: string): Promise<void> {
  await aWrittenFlow(client, `id: ${flow.id}\nnamespace: ${flow.namespace}\n${body}`);
}
