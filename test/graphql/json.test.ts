import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { anApi } from "./an-api.ts";

const api = await anApi();

/** Sends a request and gives the answer as it comes, since whoever parses it loses what is looked for here. */
async function send(query: string, variables: string): Promise<string> {
  const response = await fetch(`${api.server.url}/graphql`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: `{"query": ${JSON.stringify(query)}, "variables": ${variables}}`,
  });
  return await response.text();
}

const document = '{"zulu":1,"a":2.0,"10":"x","2":{"y":[1.0,0.5],"b":12345678901234567890}}';
const source = `
id: kept
namespace: company.team
variables: { map: ${document} }
inputs:
  - { id: map, type: JSON }
tasks:
  - { id: t, type: io.kestra.plugin.core.debug.Return, format: x }
`;

describe("JSON in GraphQL", () => {
  it("comes and goes with the order of its keys and the kind of its numbers", async () => {
    await api.read(
      "mutation ($source: String!) { saveFlow(input: { source: $source }) { revision { revision } } }",
      {
        source,
      },
    );
    const created = await send(
      'mutation ($map: JSON) { createExecution(input: { namespace: "company.team", flowId: "kept", inputs: { map: $map } }) { execution { id inputs variables } } }',
      `{"map": ${document}}`,
    );
    assert.ok(created.includes(`"inputs":{"map":${document}},"variables":{"map":${document}}`), created);
    const { id } = JSON.parse(created).data.createExecution.execution;
    const plan = await send(
      'query ($id: UUID!, $inputs: JSON) { replayPlan(executionId: $id, anchors: ["start"], inputs: $inputs) { inputs } }',
      `{"id": "${id}", "inputs": {"map": ${document}}}`,
    );
    assert.ok(plan.includes(`"inputs":{"map":${document}}`), plan);
  });

  it("leaves the numbers of other arguments alone", async () => {
    const { data } = JSON.parse(
      await send("query ($first: Int) { executions(first: $first) { nodes { id } } }", '{"first": 2.0}'),
    );
    assert.equal(data.executions.nodes.length, 1);
  });
});
