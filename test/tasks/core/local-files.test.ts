import assert from "node:assert/strict";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { localFiles } from "../../../src/tasks/core/local-files.ts";
import { aTaskContext, runTask } from "../task-context.ts";

const given = async (properties: Record<string, unknown>, links: Record<string, string> = {}) => {
  await using context = await aTaskContext();
  const directory = join(await context.tempDir(), "work");
  await mkdir(directory);
  for (const [name, target] of Object.entries(links)) await symlink(target, join(directory, name));
  const here = { ...context, workDir: async () => directory };
  const { uris } = await runTask(localFiles, properties, here);
  const contents = await Promise.all(
    Object.entries(uris).map(async ([name, uri]) => [name, String(await context.take(uri))]),
  );
  return { files: Object.fromEntries(contents) as Record<string, string>, uris };
};

describe("LocalFiles", () => {
  it("writes contents, numbers and lists as texts, and stores what patterns mean", async () => {
    const { files } = await given({
      inputs: { "a.txt": "one", "deep/er/b.txt": 2, "deep/c.json": { d: [1] }, "gone.txt": null },
      outputs: ["*.txt", "deep/**"],
    });
    assert.deepEqual(files, { "a.txt": "one", "deep/er/b.txt": "2", "deep/c.json": '{"d":[1]}' });
  });

  it("takes its inputs as JSON, and one pattern without a list", async () => {
    const { files } = await given({ inputs: '{"a.txt": "one"}', outputs: "a.txt" });
    assert.deepEqual(files, { "a.txt": "one" });
  });

  it("copies stored files, and passes no other address on", async () => {
    await using context = await aTaskContext();
    const uri = await context.give("given.csv", Buffer.from("a,b"));
    await runTask(localFiles, { inputs: { "x/y.csv": uri } }, context);
    assert.equal(await readFile(join(await context.workDir(), "x/y.csv"), "utf8"), "a,b");
    await assert.rejects(runTask(localFiles, { inputs: { a: "file:///etc/passwd" } }, context), {
      reason: "not_supported",
    });
  });

  it("stores nothing where nothing is asked for", async () => {
    assert.deepEqual(await given({ inputs: { "a.txt": "one" } }), { files: {}, uris: {} });
    assert.deepEqual(await given({ outputs: ["*.csv"] }), { files: {}, uris: {} });
  });

  for (const name of ["../a", "a/../../b", "/a", "", "a/..", ".."])
    it(`refuses to write to ${JSON.stringify(name)}`, async () => {
      await assert.rejects(given({ inputs: { [name]: "x" } }), { reason: "path_leaves_directory" });
    });

  it("follows no link when it writes", async () => {
    await assert.rejects(given({ inputs: { "out/a": "x" } }, { out: "/tmp" }), {
      reason: "path_leaves_directory",
    });
    await assert.rejects(given({ inputs: { a: "x" } }, { a: "/tmp/somewhere" }), {
      reason: "path_leaves_directory",
    });
  });

  it("stores what a link means inside the directory, and refuses one that leads out of it", async () => {
    const { files } = await given({ inputs: { "a.txt": "one" }, outputs: ["*"] }, { b: "a.txt" });
    assert.deepEqual(files, { "a.txt": "one", b: "one" });
    await assert.rejects(given({ outputs: ["*"] }, { b: "/etc/hostname" }), {
      reason: "path_leaves_directory",
    });
    assert.deepEqual(
      (await given({ outputs: ["**"] }, { b: "/etc" }).catch(() => ({ files: {} }))).files,
      {},
    );
  });

  it("writes a file anew", async () => {
    await using context = await aTaskContext();
    await writeFile(join(await context.workDir(), "a.txt"), "longer than the next");
    await runTask(localFiles, { inputs: { "a.txt": "short" } }, context);
    assert.equal(await readFile(join(await context.workDir(), "a.txt"), "utf8"), "short");
  });
});
