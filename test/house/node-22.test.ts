import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { filesOf } from "./source-files.ts";

/** What came with Node 23 and 24, and would be missing in the built package; `await using` is written out by the build. */
const newer =
  /\bimport\.meta\.main\b|\b(glob|globSync|mkdtempDisposable\w*)\(|\b(Promise\.try|RegExp\.escape|Error\.isError|Uint8Array\.fromBase64|Iterator\.concat)\b/;

describe("the sources that are built", () => {
  it("use nothing that Node 22.18 has not", () => {
    const files = filesOf("{src,graphql}/**/*.ts").filter(({ path }) => !/\/generate[\w-]*\.ts$/.test(path));
    const found = files.flatMap(({ path, text }) =>
      text
        .split("\n")
        .flatMap((line, index) => (newer.test(line) ? [`${path}:${index + 1} ${line.trim()}`] : [])),
    );
    assert.deepEqual(found, []);
  });
});
