import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { rewriteUrl } from "../../src/worker/task-context.ts";

const origins = [
  { from: "https://data.example", to: "http://127.0.0.1:9000/mirror" },
  { from: "http://plain.example", to: "http://127.0.0.1:9001" },
];

describe("the origin of a download", () => {
  for (const [written, sent] of [
    ["https://data.example/a/b.zip?c=d#e", "http://127.0.0.1:9000/mirror/a/b.zip?c=d#e"],
    ["https://data.example", "http://127.0.0.1:9000/mirror/"],
    ["HTTPS://DATA.Example:443/a%20b", "http://127.0.0.1:9000/mirror/a%20b"],
    ["https://user:data.example@data.example/a", "http://127.0.0.1:9000/mirror/a"],
    ["http://plain.example/http://plain.example/a", "http://127.0.0.1:9001/http://plain.example/a"],
    ["http://data.example/a", "http://data.example/a"],
    ["https://data.example.org/a", "https://data.example.org/a"],
    ["kestra:///a", "kestra:///a"],
    ["no address", "no address"],
  ] as const)
    it(`of ${written} is ${written === sent ? "left as it is" : "rewritten"}`, () => {
      assert.equal(rewriteUrl(written, origins), sent);
    });
});
