import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { filesOf, typescriptFiles } from "./source-files.ts";

const ceiling = 300;

describe("source files", () => {
  it(`have at most ${ceiling} lines`, () => {
    const files = [...typescriptFiles(), ...filesOf("sql/{engine,api,views}/*.sql", "sql/*.sql")];
    const long = files
      .map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }))
      .filter(({ lines }) => lines > ceiling)
      .map(({ path, lines }) => `${path} has ${lines} lines`);
    assert.deepEqual(long, []);
  });

  it("are not called utils or helpers, nor gather others' exports", () => {
    const files = typescriptFiles();
    const vague = files.filter(({ path }) => /(^|[/-])(utils?|helpers?|common|misc)([/.-]|$)/.test(path));
    const barrels = files.filter(
      ({ path, text }) => /\/index\.ts$/.test(path) || /^export \* from/m.test(text),
    );
    assert.deepEqual(
      [...vague, ...barrels].map(({ path }) => path),
      [],
    );
  });

  it("have names in kebab-case, plugins of GraphQL excepted", () => {
    const odd = typescriptFiles().filter(({ path }) => {
      const name = path.slice(path.lastIndexOf("/") + 1);
      return !path.startsWith("graphql/") && !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*\.ts$/.test(name);
    });
    assert.deepEqual(
      odd.map(({ path }) => path),
      [],
    );
  });
});
