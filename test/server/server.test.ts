import "../graphql/quiet-graphile.ts";
import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { describe, it } from "node:test";
import { anApi } from "../graphql/an-api.ts";

const api = await anApi({
  routes: [
    async (_request, response, path) => {
      if (path !== "/hello") return false;
      response.end("hello");
      return true;
    },
  ],
});

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** Sends a request with exactly these headers: fetch would not let us say Host, or Origin. */
async function send(
  path: string,
  {
    method = "GET",
    headers = {},
    body = "",
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  const sent = request(`${api.server.url}${path}`, { method, headers, agent: false });
  sent.end(body);
  const [response] = await once(sent, "response");
  const chunks: Buffer[] = await response.toArray();
  return { status: response.statusCode, headers: response.headers, text: Buffer.concat(chunks).toString() };
}

const json = { "Content-Type": "application/json" };
const query = JSON.stringify({ query: "{ flows { totalCount } }" });
const mutation = JSON.stringify({
  query: `mutation { deleteFlow(input: { namespace: "a", flowId: "b" }) { flowId } }`,
});

describe("a request from a page of another site", () => {
  it("is refused by its Origin, whatever it asks", async () => {
    for (const origin of ["https://elsewhere.example", "http://localhost:1", "null", "http://127.0.0.1"]) {
      const answer = await send("/graphql", {
        method: "POST",
        headers: { ...json, Origin: origin },
        body: mutation,
      });
      assert.equal(answer.status, 403, origin);
      assert.match(answer.text, /foreign_origin/);
    }
  });

  it("is refused by what browsers say of themselves", async () => {
    const cross = { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors" };
    assert.equal(
      (await send("/graphql", { method: "POST", headers: { ...json, ...cross }, body: query })).status,
      403,
    );
    assert.equal((await send("/metrics", { headers: cross })).status, 403);
    assert.equal(
      (await send("/healthz", { headers: { ...cross, "Sec-Fetch-Mode": "navigate" } })).status,
      200,
    );
  });

  it("is refused when its name was bent to this machine", async () => {
    for (const host of [
      "elsewhere.example",
      "127.0.0.1.elsewhere.example",
      "localhost.elsewhere.example:4000",
    ]) {
      const answer = await send("/graphql", {
        method: "POST",
        headers: { ...json, Host: host },
        body: query,
      });
      assert.equal(answer.status, 403, host);
    }
  });

  it("cannot pass as a form", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/graphql"]) {
      const answer = await send("/graphql", {
        method: "POST",
        headers: { "Content-Type": type },
        body: mutation,
      });
      assert.equal(answer.status, 415, type);
    }
    assert.equal((await send("/graphql", { method: "POST", body: mutation })).status, 400);
    // A page may send this without asking before, so that only its origin tells.
    const form = { "Content-Type": "multipart/form-data; boundary=b" };
    const elsewhere = { ...form, Origin: "https://elsewhere.example" };
    assert.equal(
      (await send("/graphql", { method: "POST", headers: elsewhere, body: mutation })).status,
      403,
    );
    assert.equal((await send("/graphql", { method: "POST", headers: form, body: mutation })).status, 400);
    assert.equal(
      (await send(`/graphql?query=${encodeURIComponent("{ flows { totalCount } }")}`)).status,
      405,
    );
  });
});

describe("a request from the console or the command line", () => {
  it("is answered under each name of this machine", async () => {
    const { host, port } = new URL(api.server.url);
    for (const name of [host, `localhost:${port}`]) {
      const own = { Host: name, Origin: `http://${name}`, "Sec-Fetch-Site": "same-origin" };
      const answer = await send("/graphql", { method: "POST", headers: { ...json, ...own }, body: query });
      assert.deepEqual(JSON.parse(answer.text), { data: { flows: { totalCount: 0 } } });
    }
    assert.equal((await send("/graphql", { method: "POST", headers: json, body: query })).status, 200);
  });

  it("may have several megabytes, and not many", async () => {
    const large = (size: number) =>
      JSON.stringify({ query: "{ flows { totalCount } }", extra: "x".repeat(size) });
    assert.equal(
      (await send("/graphql", { method: "POST", headers: json, body: large(4_000_000) })).status,
      200,
    );
    assert.equal(
      (await send("/graphql", { method: "POST", headers: json, body: large(9_000_000) })).status,
      413,
    );
  });

  it("may have 2 MB of a flow in letters that JSON writes with six", async () => {
    const source = `id: a\nnamespace: b\ndescription: "${"\u0436".repeat(990_000)}"\ntasks: []\n`;
    const plain = JSON.stringify({
      query: "query ($source: String!) { validateFlow(source: $source) { issues { reason } } }",
      variables: { source },
    }).replaceAll("\u0436", "\\u0436");
    const answer = await send("/graphql", { method: "POST", headers: json, body: plain });
    assert.equal(answer.status, 200);
    assert.doesNotMatch(answer.text, /too_long/);
  });
});

describe("a request that is none", () => {
  it("hears why, with a code and a reason", async () => {
    for (const [status, reason, request] of [
      [400, "malformed_request", { method: "POST", headers: json, body: "{" }],
      [400, "malformed_request", { method: "POST", headers: json, body: "[]" }],
      [400, "malformed_request", { method: "POST", headers: json, body: '{"query": 5}' }],
      [
        400,
        "malformed_request",
        { method: "POST", headers: json, body: '{"query": "{a}", "variables": "b"}' },
      ],
      [400, "invalid_query", { method: "POST", headers: json, body: '{"query": "{"}' }],
      [405, "method_not_allowed", { method: "DELETE", headers: json }],
      [406, "not_acceptable", { method: "POST", headers: { ...json, Accept: "text/html" }, body: query }],
      [413, "request_too_large", { method: "POST", headers: json, body: "x".repeat(9_000_000) }],
      [
        415,
        "unsupported_media_type",
        { method: "POST", headers: { "Content-Type": "text/plain" }, body: query },
      ],
    ] as const) {
      const answer = await send("/graphql", request);
      assert.equal(answer.status, status);
      assert.match(String(answer.headers["content-type"]), /json/);
      const [error] = JSON.parse(answer.text).errors;
      assert.deepEqual([error.extensions.code, error.extensions.reason], ["RP400", reason]);
      assert.match(error.message, /\.$|Syntax Error/);
    }
  });
});

describe("GET /healthz", () => {
  it("says that the process lives", async () => {
    const answer = await send("/healthz");
    assert.deepEqual([answer.status, JSON.parse(answer.text)], [200, { isHealthy: true }]);
    assert.equal(answer.headers["x-content-type-options"], "nosniff");
    assert.equal(answer.headers["x-frame-options"], "DENY");
  });
});

describe("GET /readyz", () => {
  it("says that the database is there and current", async () => {
    const answer = await send("/readyz");
    assert.deepEqual([answer.status, JSON.parse(answer.text)], [200, { isReady: true, problems: [] }]);
  });

  it("says what is in the way", async () => {
    await api.db.pool.query("update reprise_meta.code set sha256 = 'x' || sha256");
    try {
      const answer = await send("/readyz");
      assert.equal(answer.status, 503);
      assert.deepEqual(JSON.parse(answer.text).problems, ["The functions are not those of this version."]);
    } finally {
      await api.db.pool.query("update reprise_meta.code set sha256 = substr(sha256, 2)");
    }
  });
});

describe("GET /schemas/flow.json", () => {
  it("gives the JSON Schema of flows", async () => {
    const { status, text, headers } = await send("/schemas/flow.json");
    assert.deepEqual([status, headers["content-type"]], [200, "application/schema+json"]);
    assert.deepEqual(JSON.parse(text).required, ["id", "namespace", "tasks"]);
  });
});

describe("GET /metrics", () => {
  it("counts executions, jobs, attempts and workers", async () => {
    const { text, headers } = await send("/metrics");
    assert.match(String(headers["content-type"]), /^text\/plain; version=0\.0\.4/);
    for (const line of [
      'reprise_executions{state="SUCCESS"} 0',
      'reprise_jobs{state="ready"} 0',
      "reprise_running_attempts 0",
      "reprise_workers 0",
    ]) {
      assert.ok(text.includes(`\n${line}\n`), line);
    }
    assert.match(text, /^# HELP reprise_executions .*\n# TYPE reprise_executions gauge\n/);
  });
});

describe("other paths", () => {
  it("are for further routes, and then for nobody", async () => {
    assert.equal((await send("/hello")).text, "hello");
    const answer = await send("/nothing?here");
    assert.equal(answer.status, 404);
    assert.match(answer.text, /"There is nothing at \/nothing\."/);
    const posted = await send("/healthz", { method: "POST" });
    assert.deepEqual([posted.status, posted.headers.allow], [405, "GET, HEAD"]);
  });

  it("hold no GraphiQL unless it is asked for", async () => {
    assert.equal((await send("/graphiql", { headers: { Accept: "text/html" } })).status, 404);
  });
});
