import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { getIntrospectionQuery } from "postgraphile/graphql";
import { aHandWorker } from "../support/hand-worker.ts";
import { anApi } from "./an-api.ts";

const api = await anApi();

/** Sends a query that must be refused as too large, and gives the sentence. */
async function refusal(query: string): Promise<string> {
  const error = await api.fail(query);
  assert.deepEqual([error.extensions?.code, error.extensions?.reason], ["RP400", "query_too_large"]);
  return error.message;
}

describe("the limits of queries", () => {
  it("refuse what is too deep, also through fragments", async () => {
    const nest = (depth: number): string => (depth === 0 ? "id" : `original { ${nest(depth - 1)} }`);
    const head = `execution(id: "00000000-0000-7000-8000-000000000000")`;
    await api.read(`{ ${head} { ${nest(10)} } }`);
    assert.match(await refusal(`{ ${head} { ${nest(20)} } }`), /deeper than 16/);
    const fragments = Array.from(
      { length: 20 },
      (_, n) => `fragment F${n} on Execution { original { ${n === 19 ? "id" : `...F${n + 1}`} } }`,
    );
    assert.match(await refusal(`{ ${head} { ...F0 } } ${fragments.join(" ")}`), /deeper than 16/);
  });

  it("refuse too many root fields, aliases and fields", async () => {
    const root = Array.from({ length: 21 }, (_, n) => `f${n}: flows { totalCount }`).join(" ");
    assert.match(await refusal(`{ ${root} }`), /20 fields at its root/);
    const aliases = Array.from({ length: 101 }, (_, n) => `a${n}: totalCount`).join(" ");
    assert.match(await refusal(`{ flows { ${aliases} } }`), /100 aliases/);
    const fields = Array.from({ length: 2001 }, () => "totalCount").join(" ");
    assert.match(await refusal(`{ flows { ${fields} } }`), /2000 fields/);
  });

  it("are not fooled by fragments that only spread each other", async () => {
    const fragments = Array.from(
      { length: 40 },
      (_, n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`,
    );
    const query = `{ ...F0 } ${fragments.join(" ")} fragment F40 on Query { __typename }`;
    assert.match(await refusal(query), /spread too often/);
  });

  it("refuse lists in lists that have no end", async () => {
    const inLists = (sizes: string[]) =>
      `{ flows${sizes[0]} { nodes { executions${sizes[1]} { nodes { taskRuns${sizes[2]} { nodes { id } } } } } } }`;
    await api.read(inLists(["", "", ""]));
    await api.read(inLists(["(first: 1000)", "(last: 1000)", "(first: 10)"]));
    assert.match(
      await refusal(inLists(["(first: 1000)", "(last: 1000)", "(first: 1000)"])),
      /100000000 entries/,
    );
  });

  it("refuse what no parser goes into", async () => {
    const deep = 50_000;
    assert.match(await refusal(`${"{ a ".repeat(deep)}${"}".repeat(deep)}`), /nested too deeply/);
    const list = `${"[".repeat(deep)}${"]".repeat(deep)}`;
    assert.match(
      await refusal(`{ executions(condition: { labels: ${list} }) { totalCount } }`),
      /nested too deeply/,
    );
    assert.match(await refusal(`{ flows { ${"totalCount ".repeat(1900)} } }`), /same fields too often/);
    const fragments = Array.from({ length: 3000 }, (_, n) => `fragment F${n} on Query { ...F${n + 1} }`);
    assert.match(
      await refusal(`{ ...F0 } ${fragments.join(" ")} fragment F3000 on Query { __typename }`),
      /more than 100 deep/,
    );
  });

  it("leave introspection free", async () => {
    const { __schema: schema } = await api.read(getIntrospectionQuery());
    assert.ok(schema.types.length > 50);
  });
});

describe("errors", () => {
  it("of the query are said as they are", async () => {
    for (const [query, message, variables] of [
      [`{ nothing }`, /Cannot query field "nothing"/],
      [`{`, /Syntax Error/],
      [`query ($id: UUID!) { execution(id: $id) { id } }`, /Variable "\$id"/, { id: "x" }],
      [`{ execution(id: "x") { id } }`, /Invalid UUID/],
      [`{ executions(after: "x") { totalCount nodes { id } } }`, /Invalid cursor/],
      [`query A { flows { totalCount } } query B { flows { totalCount } }`, /operation name/],
    ] as const) {
      const error = await api.fail(query, variables);
      assert.match(error.message, message);
      assert.deepEqual([error.extensions?.code, error.extensions?.reason], ["RP400", "invalid_query"], query);
    }
  });

  it("of the database that nobody foresaw are masked", async () => {
    await api.db.pool.query("alter view reprise_api.workers rename to hidden_workers");
    try {
      const error = await api.fail(`{ workers { totalCount } }`);
      assert.deepEqual(error.extensions, { code: "RP500", reason: "unexpected" });
      assert.doesNotMatch(error.message, /reprise_api|relation/);
      assert.equal(error.path?.[0], "workers");
    } finally {
      await api.db.pool.query("alter view reprise_api.hidden_workers rename to workers");
    }
  });

  it("say what the narrow role may not do any more", async () => {
    await api.db.pool.query("revoke select on reprise_api.workers from reprise_graphql");
    try {
      const { extensions } = await api.fail(`{ workers { totalCount } }`);
      assert.deepEqual([extensions?.code, extensions?.reason], ["RP403", "not_granted"]);
    } finally {
      await api.db.pool.query("grant select on reprise_api.workers to reprise_graphql");
    }
  });

  it("of values that cannot be stored are the asker's", async () => {
    const error = await api.fail(
      `mutation ($note: String!) { createExecution(input: { namespace: "a", flowId: "b", note: $note }) { execution { id } } }`,
      { note: "\u0000" },
    );
    assert.deepEqual([error.extensions?.code, error.extensions?.reason], ["RP400", "malformed_value"]);
  });
});

describe("Query.workers", () => {
  it("lists them", async () => {
    const { id } = await api.commit((db) => aHandWorker(db));
    const { workers, worker } = await api.read(
      `query ($id: Int!) {
        workers { nodes { id state host pid version workerGroup jobIdentifiers concurrency runningAttemptCount startedAt heartbeatAt stoppedAt } }
        worker(id: $id) { id }
      }`,
      { id },
    );
    assert.deepEqual(
      workers.nodes.map(({ id, state, runningAttemptCount }: Record<string, unknown>) => [
        id,
        state,
        runningAttemptCount,
      ]),
      [[id, "RUNNING", 0]],
    );
    assert.equal(worker.id, id);
  });
});
