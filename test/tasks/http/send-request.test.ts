import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { download } from "../../../src/tasks/http/download.ts";
import { aTaskContext, runTask } from "../task-context.ts";
import { anHttpServer } from "./http-server.ts";

describe("redirects", () => {
  it("are followed, and the file is named by where they lead", async () => {
    await using server = await anHttpServer((request, response) => {
      if (request.url === "/old") response.writeHead(302, { location: "/new/rides.csv" }).end("moved");
      else response.end("x");
    });
    await using context = await aTaskContext();

    const { uri } = await runTask(download, { uri: `${server.url}/old` }, context);

    assert.equal((await context.storage.stat(uri)).name, "rides.csv");
  });

  it("are an answer like any other without followRedirects", async () => {
    await using server = await anHttpServer((_, response) =>
      response.writeHead(302, { location: "/x" }).end("moved"),
    );
    await using context = await aTaskContext();

    const outputs = await runTask(
      download,
      { uri: server.url, options: { followRedirects: false } },
      context,
    );

    assert.equal(outputs.code, 302);
    assert.equal((await context.take(outputs.uri)).toString(), "moved");
  });

  it("repeat the request, but for what was posted where 301 and 302 lead, and for all that 303 does", async () => {
    await using server = await anHttpServer((request, response) => {
      const code = Number(request.url?.slice(1));
      if (code) response.writeHead(code, { location: "/end" }).end();
      else response.end("x");
    });
    await using context = await aTaskContext();

    const asked = async (method: string, code: number) => {
      await runTask(download, { uri: `${server.url}/${code}`, method, body: "{}" }, context);
      const last = server.requests.at(-1);
      return [last?.method, last?.body, last?.headers["content-type"]];
    };

    const json = "application/json; charset=UTF-8";
    for (const [method, codes] of [
      ["POST", [301, 302, 303]],
      ["PUT", [303]],
    ] as const) {
      for (const code of codes) assert.deepEqual(await asked(method, code), ["GET", "", undefined]);
    }
    for (const code of [307, 308]) assert.deepEqual(await asked("POST", code), ["POST", "{}", json]);
    for (const code of [301, 302, 307, 308]) assert.deepEqual(await asked("PUT", code), ["PUT", "{}", json]);
  });

  it("to another origin get no credentials", async () => {
    await using other = await anHttpServer((_, response) => response.end("x"));
    await using server = await anHttpServer((_, response) =>
      response.writeHead(307, { location: other.url }).end(),
    );
    await using context = await aTaskContext();
    const headers = { "X-Api-Key": "k", Cookie: "c=1", "X-Plain": "p" };

    await runTask(
      download,
      { uri: server.url, headers, options: { auth: { type: "BEARER", token: "secret" } } },
      context,
    );

    assert.equal(server.requests[0]?.headers.authorization, "Bearer secret");
    const seen = other.requests[0]?.headers;
    assert.deepEqual(
      [seen?.authorization, seen?.cookie, seen?.["x-api-key"], seen?.["x-plain"]],
      [undefined, undefined, undefined, "p"],
    );
  });

  it("end somewhere, and lead only to web servers", async () => {
    let location = "/";
    await using server = await anHttpServer((_, response) => response.writeHead(301, { location }).end());
    await using context = await aTaskContext();

    await assert.rejects(runTask(download, { uri: server.url }, context), { reason: "too_many_redirects" });
    location = "file:///etc/passwd";
    await assert.rejects(runTask(download, { uri: server.url }, context), { reason: "invalid_uri" });
    location = "http://169.254.169.254/";
    await assert.rejects(runTask(download, { uri: server.url }, context), { reason: "address_refused" });
  });
});

describe("options.auth", () => {
  const login = { username: "ann", password: 'p"w' };

  it("sends BASIC credentials, also those that stand in the URI", async () => {
    await using server = await anHttpServer((_, response) => response.end("x"));
    await using context = await aTaskContext();

    await runTask(download, { uri: server.url, options: { auth: { type: "BASIC", ...login } } }, context);
    await runTask(download, { uri: server.url.replace("//", "//ann:p%22w@") }, context);

    const expected = `Basic ${Buffer.from('ann:p"w').toString("base64")}`;
    assert.deepEqual(
      server.requests.map(({ headers }) => headers.authorization),
      [expected, expected],
    );
  });

  for (const algorithm of ["MD5", "SHA-256", "MD5-sess"]) {
    it(`answers a DIGEST challenge with ${algorithm}, sending the body again`, async () => {
      const hash = (text: string) =>
        createHash(algorithm.startsWith("MD5") ? "md5" : "sha256")
          .update(text)
          .digest("hex");
      await using server = await anHttpServer((request, response) => {
        const given = request.headers.authorization ?? "";
        const field = (name: string) => new RegExp(`${name}="?([^",]*)`).exec(given)?.[1];
        const secret = hash(`ann:a realm:${login.password}`);
        const a1 = algorithm === "MD5-sess" ? hash(`${secret}:n1:${field("cnonce")}`) : secret;
        const expected = hash(
          `${a1}:n1:${field("nc")}:${field("cnonce")}:auth:${hash(`POST:${request.url}`)}`,
        );
        if (field("response") === expected && field("opaque") === "o") return response.end("welcome");
        const challenge = `Basic realm="b", Digest realm="a realm", nonce="n1", qop="auth,auth-int", opaque="o", algorithm=${algorithm}`;
        response.writeHead(401, { "www-authenticate": challenge }).end("who?");
      });
      await using context = await aTaskContext();
      const options = { auth: { type: "DIGEST", ...login } };

      const { uri } = await runTask(
        download,
        { uri: `${server.url}/x?y=1`, method: "POST", body: "b", options },
        context,
      );

      assert.equal((await context.take(uri)).toString(), "welcome");
      assert.deepEqual(
        server.requests.map(({ body }) => body),
        ["b", "b"],
      );
    });
  }
});

describe("formData", () => {
  it("is sent as a URL-encoded form", async () => {
    await using server = await anHttpServer((_, response) => response.end("x"));
    await using context = await aTaskContext();

    await runTask(
      download,
      { uri: server.url, method: "POST", formData: { a: 1, b: ["x&y", "z"] } },
      context,
    );

    assert.equal(server.requests[0]?.body, "a=1&b=x%26y&b=z");
    assert.equal(server.requests[0]?.headers["content-type"], "application/x-www-form-urlencoded");
  });

  it("is sent in parts with stored files when the content type says so", async () => {
    await using server = await anHttpServer((_, response) => response.end("x"));
    await using context = await aTaskContext();
    const uri = await context.give("rides.csv", Buffer.from("a,b"));
    const formData = { note: 'say "hi"', file: uri, other: { name: "mine.csv", content: uri } };

    await runTask(
      download,
      { uri: server.url, method: "POST", formData, contentType: "multipart/form-data" },
      context,
    );

    const [request] = server.requests;
    const form = await new Response(request?.body, {
      headers: { "content-type": request?.headers["content-type"] ?? "" },
    }).formData();
    assert.equal(form.get("note"), 'say "hi"');
    assert.deepEqual(
      [form.get("file"), form.get("other")].map((file) => file instanceof File && file.name),
      ["rides.csv", "mine.csv"],
    );
    assert.equal(await (form.get("other") as File).text(), "a,b");
    assert.equal(request?.headers["content-length"], String(request?.body.length));
  });
});

describe("options.proxy", () => {
  it("goes through an HTTP proxy with its credentials", async () => {
    await using proxy = await anHttpServer((_, response) => response.end("through the proxy"));
    await using context = await aTaskContext();
    const port = new URL(proxy.url).port;
    const options = { proxy: { type: "HTTP", address: "127.0.0.1", port, username: "ann", password: "pw" } };

    const { uri } = await runTask(download, { uri: "http://example.test/x", options }, context);

    assert.equal((await context.take(uri)).toString(), "through the proxy");
    assert.equal(proxy.requests[0]?.url, "http://example.test/x");
    assert.equal(proxy.requests[0]?.headers["proxy-authorization"], `Basic ${btoa("ann:pw")}`);
  });
});

describe("options.ssl", () => {
  it("takes a certificate that nobody signed only with insecureTrustAllCertificates", async (t) => {
    const certificate = selfSigned();
    if (!certificate) return t.skip("openssl is not installed");
    const server = createServer(certificate, (_, response) => void response.end("x"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    t.after(() => server.close());
    await using context = await aTaskContext();
    const uri = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;

    await assert.rejects(runTask(download, { uri }, context), {
      reason: "http_request_failed",
      message: /self-signed/,
    });
    const outputs = await runTask(
      download,
      { uri, options: { ssl: { insecureTrustAllCertificates: true } } },
      context,
    );
    assert.equal(outputs.code, 200);
  });
});

function selfSigned(): { key: Buffer; cert: Buffer } | undefined {
  const folder = mkdtempSync(join(tmpdir(), "reprise-certificate-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const kind = [
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
    "-days",
    "2",
  ];
  try {
    execFileSync("openssl", [...kind, "-subj", "/CN=127.0.0.1", "-keyout", key, "-out", cert], {
      stdio: "ignore",
    });
    return { key: readFileSync(key), cert: readFileSync(cert) };
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
