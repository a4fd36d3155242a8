import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { aFlow } from "../support/a-flow.ts";
import { anEndedExecution, anExecution, aReplay } from "../support/an-execution.ts";
import { anApi } from "./an-api.ts";

const api = await anApi();

/** One that failed, its replay, which waits, and one of another flow. */
let all: string[];

before(async () => {
  const flow = await aFlow(api.db.pool, ["a", "b"]);
  const failed = await api.commit((db) => anEndedExecution(db, flow, { b: "FAILED" }));
  const replay = await aReplay(api.db.pool, failed, { anchors: ["failed"] });
  const other = await anExecution(api.db.pool, await aFlow(api.db.pool, ["only"]));
  all = [failed, replay.id, other].sort();
});

interface Page {
  nodes: { id: string }[];
  pageInfo: { hasNextPage: boolean; endCursor: string; hasPreviousPage: boolean; startCursor: string };
}

const orders = ["CREATED_AT", "STARTED_AT", "ENDED_AT", "DURATION", "STATE", "FLOW"].flatMap((by) => [
  `${by}_ASC`,
  `${by}_DESC`,
]);

describe("a list", () => {
  it("reads on page by page", async () => {
    for (const order of orders) {
      const ids: string[] = [];
      let after: string | null = null;
      do {
        const { executions }: { executions: Page } = await api.read(
          `query ($after: Cursor) {
            executions(first: 1, after: $after, orderBy: ${order}) { nodes { id } pageInfo { hasNextPage endCursor } totalCount }
          }`,
          { after },
        );
        ids.push(...executions.nodes.map(({ id }) => id));
        after = executions.pageInfo.hasNextPage ? executions.pageInfo.endCursor : null;
      } while (after !== null);
      assert.deepEqual(ids.sort(), all, order);
    }
  });

  it("reads page by page from the end", async () => {
    for (const order of orders) {
      const { executions: whole }: { executions: Page } = await api.read(
        `{ executions(orderBy: ${order}) { nodes { id } } }`,
      );
      const ids: string[] = [];
      let before: string | null = null;
      do {
        const { executions }: { executions: Page } = await api.read(
          `query ($before: Cursor) {
            executions(last: 2, before: $before, orderBy: ${order}) { nodes { id } pageInfo { hasPreviousPage startCursor } totalCount }
          }`,
          { before },
        );
        ids.unshift(...executions.nodes.map(({ id }) => id));
        before = executions.pageInfo.hasPreviousPage ? executions.pageInfo.startCursor : null;
      } while (before !== null);
      assert.deepEqual(
        ids,
        whole.nodes.map(({ id }) => id),
        order,
      );
    }
  });

  it("reads between two cursors, and backwards from one without a size", async () => {
    const { executions } = await api.read(`{ executions { edges { cursor node { id } } } }`);
    const [first, second, third] = executions.edges;
    const { between, front } = await api.read(
      `query ($after: Cursor, $before: Cursor) {
        between: executions(after: $after, before: $before) { nodes { id } }
        front: executions(before: $before) { nodes { id } pageInfo { hasPreviousPage } }
      }`,
      { after: first.cursor, before: third.cursor },
    );
    assert.deepEqual(between.nodes, [second.node]);
    assert.deepEqual(front, { nodes: [first.node, second.node], pageInfo: { hasPreviousPage: false } });
  });

  it("refuses pages of more than a thousand, also by a variable, and of less than none", async () => {
    for (const [size, args] of [
      [1001, "first"],
      [1001, "last"],
      [-1, "first"],
    ] as const) {
      const direct = await api.fail(`{ executions(${args}: ${size}) { nodes { id } } }`);
      const byVariable = await api.fail(`query ($n: Int) { executions(${args}: $n) { nodes { id } } }`, {
        n: size,
      });
      for (const { extensions } of [direct, byVariable]) {
        assert.deepEqual([extensions?.code, extensions?.reason], ["RP400", "bad_page_size"]);
      }
    }
  });
});
