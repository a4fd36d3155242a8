import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { request } from "../../../src/tasks/http/request.ts";
import { aTaskContext, runTask } from "../task-context.ts";
import { anHttpServer } from "./http-server.ts";

describe("io.kestra.plugin.core.http.Request", () => {
  it("gives the answer as text, and the address with its parameters", async () => {
    await using server = await anHttpServer((_, response) => response.end('{ "hello": "world" }'));
    await using context = await aTaskContext();
    const outputs = await runTask(
      request,
      { uri: `${server.url}/a b?foo=baz&flag&q=%2Fx+y`, params: { foo: "b r&", n: [1, 2] } },
      context,
    );
    assert.equal(outputs.uri, `${server.url}/a%20b?foo=baz&flag&q=%2Fx+y&foo=b%20r%26&n=1&n=2`);
    assert.equal(outputs.code, 200);
    assert.equal(outputs.body, '{ "hello": "world" }');
  });

  it("sends JSON unless told otherwise, and forms", async () => {
    await using server = await anHttpServer((asked, response) => response.end(asked.body));
    await using context = await aTaskContext();
    const uri = server.url;
    const body = async (properties: object) =>
      (await runTask(request, { uri, method: "POST", ...properties }, context)).body;
    assert.equal(await body({ body: '{"hello":"world"}' }), '{"hello":"world"}');
    assert.equal(await body({ formData: { hello: "world", more: "a b" } }), "hello=world&more=a+b");
    assert.equal(await body({}), "");
    assert.equal(await body({ method: "GET" }), "");
    assert.deepEqual(
      server.requests.map(({ headers }) => headers["content-type"]),
      [
        "application/json; charset=UTF-8",
        "application/x-www-form-urlencoded",
        "application/json",
        "application/json",
      ],
    );
  });

  it("fails over 400 and above, or what is not allowed, and says what came", async () => {
    await using server = await anHttpServer((_, response) =>
      response.writeHead(417).end('{"hello": "world"}'),
    );
    await using context = await aTaskContext();
    const uri = server.url;
    await assert.rejects(runTask(request, { uri }, context), {
      reason: "http_status",
      message: 'Failed http request with response code \'417\' and body:\n{"hello": "world"}',
    });
    for (const given of [
      { options: { allowFailed: true } },
      { allowFailed: true },
      { options: { allowedResponseCodes: [417] } },
    ]) {
      const { code, body } = await runTask(request, { uri, ...given }, context);
      assert.deepEqual([code, body], [417, '{"hello": "world"}']);
    }
    await assert.rejects(
      runTask(request, { uri, options: { allowedResponseCodes: [200], allowFailed: true } }, context),
      { reason: "http_status" },
    );
  });

  it("tells of the address that was asked for, not of where that led", async () => {
    await using server = await anHttpServer(({ url }, response) => {
      if (url === "/here") response.writeHead(302, { location: "/there" }).end();
      else response.end("there");
    });
    await using context = await aTaskContext();
    const { uri, body } = await runTask(request, { uri: `${server.url}/here` }, context);
    assert.deepEqual([uri, body], [`${server.url}/here`, "there"]);
    const stayed = await runTask(
      request,
      { uri: `${server.url}/here`, options: { followRedirects: false } },
      context,
    );
    assert.equal(stayed.code, 302);
  });

  it("reads what is compressed, gives null where there is no body, and refuses what is no text or too large", async () => {
    const large = Buffer.alloc(19 * 1024 * 1024 + 1, 97);
    await using server = await anHttpServer(({ url }, response) => {
      if (url === "/gzip") response.setHeader("content-encoding", "gzip").end(gzipSync("zipped"));
      else if (url === "/none") response.writeHead(204).end();
      else if (url === "/large") response.end(large);
      else if (url === "/nul") response.end("a\0b");
      else response.end("\u{378}");
    });
    await using context = await aTaskContext();
    const get = async (path: string) => (await runTask(request, { uri: server.url + path }, context)).body;
    assert.equal(await get("/gzip"), "zipped");
    assert.equal(await get("/none"), null);
    await assert.rejects(get("/large"), {
      message:
        /^Response body is too large to store in task outputs \(19922945 bytes > max 19922944 bytes\)\./,
    });
    await assert.rejects(get("/text"), { message: /^Illegal unicode code point in request body: 888, / });
    await assert.rejects(get("/nul"), { message: /^Illegal unicode code point in request body: 0, / });
  });

  it("takes options under their former names", async () => {
    await using server = await anHttpServer((_, response) => response.end("x"));
    await using context = await aTaskContext();
    const options = {
      ...{ basicAuthUser: "a", basicAuthPassword: "b", readTimeout: "PT1S", logLevel: "INFO" },
      maxContentLength: 5,
    };
    await runTask(request, { uri: server.url, options }, context);
    assert.equal(server.requests[0]?.headers.authorization, `Basic ${btoa("a:b")}`);
    assert.equal(context.lines.length, 3);
  });
});
