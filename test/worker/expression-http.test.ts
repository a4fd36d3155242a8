import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Worker } from "../../src/worker/worker.ts";
import { aWorker } from "../support/a-worker.ts";
import { anExecution, executionOf, taskRunsOf } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { aWorkerFlow, untilEnded } from "../support/worker-flows.ts";
import { anHttpServer, type TestServer } from "../tasks/http/http-server.ts";

const db = await testDatabase();
let worker: Worker;
let server: TestServer;
before(async () => {
  worker = await aWorker(db.connectionString);
  server = await anHttpServer((request, response) => {
    const [path] = String(request.url).split("?");
    if (path === "/moved") response.writeHead(302, { location: "file:///etc/passwd" }).end();
    else if (path === "/none") response.writeHead(404).end("nothing");
    else if (path === "/yaml") response.setHeader("content-type", "application/x-yaml").end("with: [a, yes]");
    else if (path === "/long")
      response.setHeader("content-type", "application/json").end('{"2":9007199254740993,"1":1.0}');
    else if (path === "/text") response.setHeader("content-type", "text/plain").end("[1");
    else
      response
        .setHeader("content-type", "application/json; charset=utf-8")
        .end(JSON.stringify({ list: ["b", "a"], method: request.method }));
  });
});
after(async () => {
  await worker?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

async function run(text: string, rest = "") {
  const say = `{ id: say, type: test.Say, text: ${JSON.stringify(text.replaceAll("URL", server.url))} }`;
  const flow = `tasks: [${say}]\n${rest.replaceAll("URL", server.url)}`;
  const id = await anExecution(db.pool, await aWorkerFlow(db.pool, flow));
  await untilEnded(db.pool, id);
  const { say: ran } = await taskRunsOf(db.pool, id);
  return {
    said: (ran?.outputs as { text?: string } | null)?.text,
    error: (ran?.error as { message?: string } | null)?.message ?? "",
    execution: await executionOf(db.pool, id),
  };
}

describe("http() in an expression", () => {
  it("gives what a server answers, read where it is JSON or YAML", async () => {
    const text = "{{ http('URL/a').list | sort }} {{ http('URL/yaml').with[1] }} {{ http('URL/text') }}";
    assert.equal((await run(text)).said, '["a","b"] true [1');
  });

  it("sends what it is told to, once for each question", async () => {
    const from = server.requests.length;
    const call =
      "http('URL/post', 'POST', {'limit': 2}, body={'a': 1.0}, headers={'x-one': 'y', 'x-two': ['a', 'b']}, options={'basicAuthUser': 'u', 'basicAuthPassword': 'p'})";
    const { said } = await run(`{{ ${call}.method }} {{ ${call}.list[0] }}`);
    assert.equal(said, "POST b");
    const [request, ...others] = server.requests.slice(from);
    assert.equal(others.length, 0);
    assert.equal(request?.url, "/post?limit=2");
    assert.equal(request?.body, '{"a":1.0}');
    assert.equal(request?.headers["content-type"], "application/json; charset=UTF-8");
    assert.equal(request?.headers.accept, "application/json");
    assert.equal(request?.headers["x-two"], "a, b");
    assert.equal(request?.headers.authorization, `Basic ${Buffer.from("u:p").toString("base64")}`);
  });

  it("sends and reads numbers as they are written", async () => {
    const from = server.requests.length;
    const { said, error } = await run(
      "{{ http('URL/long', query={'id': 9007199254740993, 'part': 1.0, 'more': [1234567890123456789]}, headers={'x-id': 9007199254740993}) }}",
    );
    assert.equal(error, "");
    assert.equal(said, '{"2":9007199254740993,"1":1.0}');
    const [request] = server.requests.slice(from);
    assert.deepEqual(Object.fromEntries(new URL(String(request?.url), server.url).searchParams), {
      id: "9007199254740993",
      part: "1.0",
      more: "1234567890123456789",
    });
    assert.equal(request?.headers["x-id"], "9007199254740993");
  });

  it("sends a form and YAML", async () => {
    const from = server.requests.length;
    await run(
      "{{ http('URL/f', 'POST', body={'a': 'b c'}, contentType='application/x-www-form-urlencoded').method }}{{ http('URL/y', 'PUT', body={'a': [1]}, contentType='application/yaml').method }}",
    );
    assert.deepEqual(
      server.requests.slice(from).map(({ body }) => body),
      ["a=b+c", "a:\n - 1\n"],
    );
  });

  for (const [call, wrong] of [
    ["http('URL/none')", /Failed to execute HTTP Request, server respond with status 404 : Not Found/],
    ["http('URL/moved')", /Only http and https can be asked, not file/],
    ["http('file:///etc/passwd')", /Only http and https can be asked, not file/],
    ["http('http://169.254.169.254/')", /an address that tasks may not reach/],
    ["http('URL/a', body=1, method='POST', contentType='image/png')", /Unsupported content type image\/png/],
    ["http('URL/a', options={'nope': 1})", /Unknown property `nope`/],
  ] as const)
    it(`fails its own task with ${call}`, async () =>
      assert.match((await run(`{{ ${call} }}`)).error, wrong));

  it("fills what an input can be chosen from", async () => {
    const inputs =
      "inputs: [{ id: pick, type: SELECT, expression: \"{{ http('URL/a').list }}\", autoSelectFirst: true }]";
    const { said, execution } = await run("{{ inputs.pick }}", inputs);
    assert.equal(said, "b");
    assert.deepEqual(execution.inputs, { pick: "b" });
  });
});
