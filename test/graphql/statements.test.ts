import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { aFlow } from "../support/a-flow.ts";
import { anEndedExecution, aReplay } from "../support/an-execution.ts";
import { aHandWorker } from "../support/hand-worker.ts";
import { anApi } from "./an-api.ts";

const api = await anApi();

// What the API sends goes through here, whichever connection it takes.
const sent: string[] = [];
const { query } = pg.Client.prototype;
pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
  const [first] = args;
  sent.push(typeof first === "string" ? first : String((first as { text?: unknown }).text));
  // biome-ignore lint/suspicious/noExplicitAny: it has an overload for each way to call it.
  return (query as any).apply(this, args);
} as typeof query;
after(() => {
  pg.Client.prototype.query = query;
});

before(async () => {
  const flow = await aFlow(api.db.pool, ["a", "b", "c"]);
  for (let times = 0; times < 6; times += 1) {
    const id = await api.commit((db) => anEndedExecution(db, flow, { b: "FAILED" }));
    await api.commit(async (db) => {
      await aReplay(db, id, { anchors: ["failed"] });
      await (await aHandWorker(db)).drain();
    });
  }
});

/** How many statements a query takes that asks for so many executions. */
async function statementsFor(source: string, first: number): Promise<number> {
  await api.read(source, { first });
  sent.length = 0;
  const data = await api.read(source, { first });
  assert.equal(data.executions.nodes.length, first);
  return sent.filter((text) => /^\s*(select|with)/.test(text)).length;
}

describe("a list of executions", () => {
  it("takes as many statements as one of them, whatever is asked for with each", async () => {
    for (const fields of [
      "id state labels replayCount taskRunCount",
      "flow { id latest { revision } } revision { source tasks { id } }",
      "taskRuns { totalCount nodes { taskId outputs task { definition } attempts { number state worker { host } revision { revision } } } }",
      "logs { nodes { message taskRun { taskId } attempt { number } } } files { totalCount nodes { name } }",
      "original { id } root { id } replays { nodes { id state } } lineage { id state anchors { taskId } }",
    ]) {
      const source = `query ($first: Int) { executions(first: $first) { nodes { ${fields} } } }`;
      const few = await statementsFor(source, 2);
      assert.ok(few > 0 && few < 12, `${few} statements for ${fields}`);
      assert.equal(await statementsFor(source, 12), few, fields);
    }
  });
});

describe("the lines of task runs", () => {
  it("are found by their execution, for which there is an index", async () => {
    await statementsFor(
      `query ($first: Int) { executions(first: $first) { nodes { taskRuns { nodes { logs { nodes { id } } } } } } }`,
      2,
    );
    assert.match(sent.join("\n"), /__logs__\."execution_id" = __task_runs__\."execution_id"/);
  });
});
