import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { download } from "../../../src/tasks/http/download.ts";
import { aTaskContext, runTask } from "../task-context.ts";
import { anHttpServer } from "./http-server.ts";

describe("io.kestra.plugin.core.http.Download", () => {
  it("stores what the server sends and says what it was", async () => {
    await using server = await anHttpServer((_, response) =>
      response.setHeader("x-page", ["1", "2"]).end("a,b\n"),
    );
    await using context = await aTaskContext();

    const outputs = await runTask(download, { uri: `${server.url}/data/rides.csv?page=1` }, context);

    assert.equal(outputs.code, 200);
    assert.equal(outputs.length, 4);
    assert.deepEqual(outputs.headers["x-page"], ["1", "2"]);
    assert.match(outputs.uri, /^kestra:\/\/\/company\/team\/divvy-tripdata\/executions\/.+-rides\.csv$/);
    assert.equal((await context.take(outputs.uri)).toString(), "a,b\n");
    assert.deepEqual(await context.filesLeft(), [outputs.uri.split("/").at(-1)]);
  });

  it("names the file by saveAs, else by Content-Disposition, else by the URI", async () => {
    let disposition = "";
    await using server = await anHttpServer((_, response) => {
      if (disposition) response.setHeader("content-disposition", disposition);
      response.end("x");
    });
    await using context = await aTaskContext();
    const nameOf = async (properties: object) => {
      const { uri } = await runTask(download, { uri: `${server.url}/a/b%20c.zip`, ...properties }, context);
      return (await context.storage.stat(uri)).name;
    };

    assert.equal(await nameOf({}), "b_c.zip");
    assert.equal(await nameOf({ uri: server.url }), "download");
    disposition = 'attachment; filename="../../etc/pass\\"wd"';
    assert.equal(await nameOf({}), 'pass"wd');
    disposition = "attachment; filename=plain.csv; filename*=UTF-8''%C3%BCber.csv";
    assert.equal(await nameOf({}), "über.csv");
    assert.equal(await nameOf({ saveAs: "mine.csv" }), "mine.csv");
  });

  it("sends method, parameters, headers and a body in its charset", async () => {
    await using server = await anHttpServer((_, response) => response.end("x"));
    await using context = await aTaskContext();

    await runTask(
      download,
      {
        uri: `${server.url}/q?z=0`,
        method: "post",
        params: { a: 1, list: ["x y", true] },
        headers: { "X-One": 1 },
        body: "é",
        contentType: "text/plain",
        options: { defaultCharset: "ISO-8859-1" },
      },
      context,
    );

    const [request] = server.requests;
    assert.equal(request?.method, "POST");
    assert.equal(request?.url, "/q?z=0&a=1&list=x%20y&list=true");
    assert.equal(request?.headers["x-one"], "1");
    assert.equal(request?.headers["content-type"], "text/plain; charset=ISO-8859-1");
    assert.equal(request?.headers["content-length"], "1");
    assert.equal(request?.body, "\xe9");
  });

  it("asks the origin that the setting names instead", async () => {
    await using server = await anHttpServer((_, response) => response.end("x"));
    await using context = await aTaskContext({
      rewriteUrl: (url) => url.replace("https://divvy-tripdata.s3.amazonaws.com", server.url),
    });

    await runTask(
      download,
      { uri: "https://divvy-tripdata.s3.amazonaws.com/202406-divvy-tripdata.zip" },
      context,
    );

    assert.equal(server.requests[0]?.url, "/202406-divvy-tripdata.zip");
  });

  it("fails with the code and the start of the body when the server refuses", async () => {
    await using server = await anHttpServer((_, response) =>
      response.writeHead(404).end(`gone${"!".repeat(5000)}`),
    );
    await using context = await aTaskContext();

    await assert.rejects(
      runTask(download, { uri: server.url }, context),
      (error: Error & { reason?: string }) => {
        assert.equal(error.reason, "http_status");
        assert.match(error.message, /^Failed http request with response code '404' and body:\ngone!+$/);
        assert.ok(error.message.length < 2100);
        return true;
      },
    );
    assert.deepEqual(await context.filesLeft(), []);
  });

  it("takes a refusal for good with allowFailed, and only the codes of allowedResponseCodes where given", async () => {
    await using server = await anHttpServer((request, response) =>
      response.writeHead(Number(request.url?.slice(1))).end("body"),
    );
    await using context = await aTaskContext();
    const ask = (code: number, options: object) =>
      runTask(download, { uri: `${server.url}/${code}`, options }, context);

    assert.equal((await ask(500, { allowFailed: true })).code, 500);
    assert.equal((await ask(404, { allowedResponseCodes: [404] })).code, 404);
    await assert.rejects(ask(200, { allowedResponseCodes: "[404, 410]" }), { reason: "http_status" });
  });

  it("fails when nothing comes back, unless told that this is fine", async () => {
    await using server = await anHttpServer((_, response) => response.end());
    await using context = await aTaskContext();

    await assert.rejects(runTask(download, { uri: server.url }, context), {
      message: "No response from server",
    });
    assert.deepEqual(await context.filesLeft(), []);
    const outputs = await runTask(download, { uri: server.url, failOnEmptyResponse: "false" }, context);
    assert.equal(outputs.length, 0);
    assert.match(context.lines.join("\n"), /WARN File .* is empty/);
  });

  it("fails when less comes than was announced, and keeps nothing", async () => {
    await using server = await anHttpServer((_, response) => {
      response.writeHead(200, { "content-length": 100 });
      response.write("only this", () => response.destroy());
    });
    await using context = await aTaskContext();

    await assert.rejects(runTask(download, { uri: server.url }, context), {
      reason: "invalid_size",
      message: "Invalid size, got 9, expected 100",
    });
    assert.deepEqual(await context.filesLeft(), []);
  });

  it("fails when the server falls silent", async () => {
    await using server = await anHttpServer((_, response) => {
      response.writeHead(200, { "content-length": 100 });
      response.write("so far");
    });
    await using context = await aTaskContext();
    const options = { timeout: { readIdleTimeout: "PT0.2S" } };

    await assert.rejects(runTask(download, { uri: server.url, options }, context), {
      reason: "read_timeout",
    });
    assert.deepEqual(await context.filesLeft(), []);
  });

  it("says what failed when nobody answers", async () => {
    await using context = await aTaskContext();
    await assert.rejects(runTask(download, { uri: "http://127.0.0.1:1/x?key=secret" }, context), {
      reason: "http_request_failed",
      message: /^GET http:\/\/127\.0\.0\.1:1\/x failed: .*ECONNREFUSED/,
    });
  });

  it("stops at once when the attempt is killed, and keeps nothing", async () => {
    const kill = new AbortController();
    await using server = await anHttpServer((_, response) => {
      response.writeHead(200, { "content-length": 10_000_000 });
      response.write(Buffer.alloc(3_000_000), () => kill.abort(new Error("killed")));
    });
    await using context = await aTaskContext({ signal: kill.signal });

    await assert.rejects(runTask(download, { uri: server.url }, context), { message: "killed" });
    assert.deepEqual(await context.filesLeft(), []);
  });

  it("undoes content encodings, and counts the bytes on the wire", async () => {
    const text = Buffer.from("ride_id\n".repeat(1000));
    await using server = await anHttpServer((request, response) => {
      const bytes = request.url === "/gzip" ? gzipSync(text) : zstdCompressSync(text);
      const encoding = request.url?.slice(1);
      response.writeHead(200, { "content-encoding": encoding, "content-length": bytes.length }).end(bytes);
    });
    await using context = await aTaskContext();

    for (const encoding of ["gzip", "zstd"]) {
      const outputs = await runTask(download, { uri: `${server.url}/${encoding}` }, context);
      assert.equal(outputs.length, text.length);
      assert.deepEqual(await context.take(outputs.uri), text);
    }
    await assert.rejects(runTask(download, { uri: `${server.url}/compress` }, context), {
      reason: "content_encoding",
    });
  });

  it("says so when what comes is not encoded as announced, or cut, and keeps nothing", async () => {
    const cut = gzipSync(Buffer.alloc(100_000, "xyz")).subarray(0, 60);
    await using server = await anHttpServer((request, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(request.url === "/cut" ? cut : "plain");
    });
    await using context = await aTaskContext();
    for (const [path, message] of [
      ["plain", "The file is not GZIP, or damaged: incorrect header check."],
      ["cut", "The file is not GZIP, or damaged: unexpected end of file."],
    ]) {
      await assert.rejects(runTask(download, { uri: `${server.url}/${path}` }, context), {
        reason: "not_compressed",
        message,
      });
    }
    assert.deepEqual(await context.filesLeft(), []);
  });

  it("takes an encoding of nothing", async () => {
    await using server = await anHttpServer((_, response) => {
      response.writeHead(200, { "content-encoding": "gzip", "content-length": 20 }).end();
    });
    await using context = await aTaskContext();
    const head = { uri: server.url, method: "HEAD", failOnEmptyResponse: false };
    assert.equal((await runTask(download, head, context)).length, 0);
  });

  it("writes to the logs what it is told to, without credentials", async () => {
    await using server = await anHttpServer((_, response) =>
      response.setHeader("set-cookie", "s=1").end("the answer"),
    );
    await using context = await aTaskContext();
    const logs = ["REQUEST_HEADERS", "REQUEST_BODY", "RESPONSE_HEADERS", "RESPONSE_BODY"];

    await runTask(
      download,
      {
        uri: server.url,
        method: "PUT",
        body: "the question",
        headers: { "X-Api-Key": "k1" },
        options: { logs },
      },
      context,
    );

    const said = context.lines.join("\n");
    assert.match(said, /PUT http:.*x-api-key: \*\*\*.*the question.*set-cookie: \*\*\*.*the answer/s);
    assert.doesNotMatch(said, /k1|s=1/);
  });

  it("refuses what it cannot do in words", async () => {
    await using context = await aTaskContext();
    const refused = (properties: object, message: RegExp) =>
      assert.rejects(runTask(download, { uri: "http://127.0.0.1:1", ...properties }, context), { message });

    await refused({ uri: "ftp://example.test/x" }, /Only http and https/);
    await refused({ uri: "not a uri" }, /is not a URI/);
    await refused({ uri: "http://169.254.169.254/latest/meta-data" }, /may not reach/);
    await refused({ uri: "http://[::ffff:169.254.169.254]/" }, /may not reach/);
    await refused({ options: { proxy: { type: "SOCKS", address: "x" } } }, /only HTTP proxies/);
    await refused({ options: { auth: { type: "NTLM" } } }, /BASIC, BEARER or DIGEST/);
    await refused({ retries: 3 }, /retries/);
  });
});
