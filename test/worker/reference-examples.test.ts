import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { parse, stringify } from "yaml";
import { expressionChapters } from "../../src/expression/reference/all-entries.ts";
import { exampleAnswer, exampleFlow } from "../../src/expression/reference/entry.ts";
import { flowableTypes } from "../../src/flow/flowable-types.ts";
import { blockOutputs } from "../../src/flow/reference/block-outputs.ts";
import { flowExamples, flowTextOf } from "../../src/flow/reference/flow-examples.ts";
import { wordsOfBlock } from "../../src/flow/reference/language-schema.ts";
import type { Worker } from "../../src/worker/worker.ts";
import { aWrittenFlow } from "../support/a-flow.ts";
import { aWorker } from "../support/a-worker.ts";
import { anExecution, executionOf, taskRunsOf } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { until } from "../support/until.ts";
import { anHttpServer, type TestServer } from "../tasks/http/http-server.ts";

const db = await testDatabase();
let server: TestServer;
let worker: Worker;
before(async () => {
  server = await anHttpServer((_, response) =>
    response.setHeader("content-type", "application/json").end(JSON.stringify(exampleAnswer.body)),
  );
  const origin = new URL(exampleAnswer.address).origin;
  worker = await aWorker(db.connectionString, {
    env: { REPRISE_DOWNLOAD_ORIGINS: `${origin}=${new URL(server.url).origin}` },
  });
});
after(async () => {
  await worker?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

type Flow = Record<string, unknown> & { tasks: unknown[] };
type Example = readonly [template: string, text: string];

/** Runs a flow, with each template in a task behind its own, and says what became of it and of them. What waits is resumed. */
async function run(flow: Flow, templates: readonly string[]) {
  const says = templates.map((format, index) => ({
    id: `say-${index}`,
    type: "io.kestra.plugin.core.debug.Return",
    format,
  }));
  const saved = await aWrittenFlow(
    db.pool,
    stringify({
      ...flow,
      id: `f-${randomUUID()}`,
      namespace: "company.team",
      tasks: [...flow.tasks, ...says],
    }),
  );
  const id = await anExecution(db.pool, saved);
  await until(() => hasEnded(id), { what: "the execution to end", timeoutMs: 30_000 });
  const runs = await taskRunsOf(db.pool, id);
  const execution = await executionOf(db.pool, id);
  const said = templates.map(
    (_, index) => (runs[`say-${index}`]?.outputs as { value?: string } | null)?.value,
  );
  return { runs, execution, state: execution.state, said };
}

async function hasEnded(id: string): Promise<boolean> {
  const { state, ended_at } = await executionOf(db.pool, id);
  if (state === "PAUSED")
    await db.pool.query(`select reprise_api.resume_execution($1, inputs => '{"reason": "seen"}')`, [id]);
  return ended_at !== null;
}

const textsOf = (examples: readonly Example[]) => examples.map(([, text]) => text);
const templatesOf = (examples: readonly Example[]) => examples.map(([template]) => template);

describe("examples of expressions that need a flow", () => {
  const entries = expressionChapters().flatMap((chapter) => chapter.entries);
  for (const { name, inFlow = [] } of entries.filter((entry) => entry.inFlow !== undefined)) {
    it(`are right for ${name}`, async () => {
      const { said } = await run(parse(exampleFlow), templatesOf(inFlow));
      assert.deepEqual(said, textsOf(inFlow));
    });
  }
});

describe("a property that is nothing but one expression", () => {
  const two = "{{ 1 + 1 }}";
  it("is text where the reference says so, and else the value itself", async () => {
    const values = { id: "values", type: "io.kestra.plugin.core.output.OutputValues", values: { two } };
    const set = {
      id: "set",
      type: "io.kestra.plugin.core.execution.SetVariables",
      variables: { two },
    };
    const outputs = [
      { id: "bare", value: two },
      { id: "typed", type: "INT", value: two },
    ];
    const { runs, execution, said } = await run({ outputs, tasks: [values, set] }, [
      "{{ vars.two | className }} {{ outputs.values.values.two | className }}",
    ]);
    assert.deepEqual(runs.values?.outputs, { values: { two: "2" } });
    assert.deepEqual(said, ["java.lang.String java.lang.String"]);
    assert.deepEqual(execution.outputs, { bare: "2", typed: 2 });
  });
});

describe("examples of parts of flows", () => {
  for (const [name, text] of Object.entries(flowExamples)) {
    it(`run: ${name}`, async () => assert.equal((await run(parse(flowTextOf(text)), [])).state, "SUCCESS"));
  }

  it("give the outputs that they name", async () => {
    const { execution } = await run(parse(flowTextOf(flowExamples.outputs)), []);
    assert.deepEqual(execution.outputs, { rides: 12 });
  });
});

describe("examples of blocks", () => {
  before(async () => {
    const task = { id: "a", type: "io.kestra.plugin.core.log.Log", message: "Hello" };
    const inputs = ["name", "file"].map((id) => ({ id, type: "STRING", required: false }));
    const outputs = [{ id: "done", type: "STRING", value: "yes" }];
    await aWrittenFlow(
      db.pool,
      stringify({ id: "other", namespace: "company.team", inputs, outputs, tasks: [task] }),
    );
  });
  const inputs = [
    { id: "count", type: "INT", defaults: 5 },
    { id: "name", type: "STRING", defaults: "Ada" },
  ];
  const load = { id: "load", type: "io.kestra.plugin.core.storage.Write", content: "a ride\n" };

  for (const [type, { isLater }] of flowableTypes) {
    if (isLater) continue;
    it(`run, and give what the reference says, of ${type}`, async () => {
      const { outputs, examples } = blockOutputs[type.slice(type.lastIndexOf(".") + 1)] ?? {
        outputs: {},
        examples: [],
      };
      const block = { id: "example", type, ...parse(wordsOfBlock(type)?.example ?? "") };
      const { state, runs, said } = await run({ inputs, tasks: [load, block] }, templatesOf(examples));
      assert.equal(state, "SUCCESS");
      assert.deepEqual(said, textsOf(examples));
      const given = Object.entries(runs).flatMap(([id, ran]) =>
        Object.keys(ran?.outputs ?? {}).map((name) => (id === "example" ? name : `${id}.${name}`)),
      );
      // What an iteration of a Loop gives is made by a step that nobody sees.
      const own = given.filter((name) => !name.includes(".") || /^example_(?!outputs\.)/.test(name));
      // A Loop that goes through no file has none.
      assert.deepEqual(
        own.toSorted(),
        Object.keys(outputs)
          .filter((name) => name !== "uri")
          .toSorted(),
      );
    });
  }
});
