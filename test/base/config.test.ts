import assert from "node:assert/strict";
import { isAbsolute, join } from "node:path";
import { describe, it } from "node:test";
import { describeVariables, readConfig } from "../../src/base/config.ts";
import { packageRoot } from "../../src/base/version.ts";

describe("readConfig", () => {
  it("needs nothing to be set", () => {
    const config = readConfig({});
    assert.equal(config.databaseUrl, undefined);
    assert.equal(config.host, "127.0.0.1");
    assert.equal(config.port, 4000);
    assert.equal(config.beatMs, 500);
    assert.ok(config.concurrency >= 8);
  });

  it("takes an empty variable for one that is not set", () => {
    assert.equal(readConfig({ DATABASE_URL: "", REPRISE_PORT: "" }).port, 4000);
  });

  it("makes the data folder absolute", () => {
    assert.ok(isAbsolute(readConfig({ REPRISE_DATA_DIR: "somewhere" }).dataDir));
  });

  it("keeps the data in the clone, whatever folder it is called from", (test) => {
    test.mock.method(process, "cwd", () => "/elsewhere");
    assert.equal(readConfig({}).dataDir, join(packageRoot, "data"));
  });

  it("cannot be changed by whom it is handed to", () => {
    assert.throws(() => Object.assign(readConfig({}), { port: 1 }), TypeError);
  });

  it("refuses to bind to an address that others reach", () => {
    assert.throws(() => readConfig({ REPRISE_HOST: "0.0.0.0" }), {
      code: "RP422",
      reason: "bad_configuration",
      message: /^REPRISE_HOST must be 127\.0\.0\.1.*\.$/,
    });
  });

  for (const [name, value] of [
    ["REPRISE_PORT", "http"],
    ["REPRISE_PORT", "70000"],
    ["REPRISE_BEAT_MS", "-1"],
    ["REPRISE_LOG_LEVEL", "loud"],
    ["REPRISE_WORKER_GROUP", "a b"],
    ["DATABASE_URL", "mysql://host/db"],
    ["REPRISE_DOWNLOAD_ORIGINS", "https://a.example/path=http://127.0.0.1:9000"],
  ] as const) {
    it(`names the variable when ${name} is "${value}"`, () => {
      assert.throws(() => readConfig({ [name]: value }), { message: new RegExp(`^${name} .*\\.$`) });
    });
  }

  it("reads where downloads are to come from instead", () => {
    const text = "https://a.example=http://127.0.0.1:9000/, https://b.example=http://127.0.0.1:9001/sub";
    assert.deepEqual(readConfig({ REPRISE_DOWNLOAD_ORIGINS: text }).downloadOrigins, [
      { from: "https://a.example", to: "http://127.0.0.1:9000" },
      { from: "https://b.example", to: "http://127.0.0.1:9001/sub" },
    ]);
  });
});

describe("describeVariables", () => {
  it("has a sentence for each variable", () => {
    for (const { name, description } of describeVariables()) assert.match(description, /^[A-Z].*\.$/, name);
  });
});
