import assert from "node:assert/strict";
import { cp, lstat, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, it } from "node:test";
import { findBinaries } from "../../src/db/postgres-binaries.ts";

const folder = await mkdtemp(join(tmpdir(), "reprise-binaries-"));
after(() => rm(folder, { recursive: true, force: true }));

describe("findBinaries", () => {
  it("makes the links between libraries that an installation without scripts lacks", async () => {
    const installed = await findBinaries();
    await cp(dirname(installed.bin), join(folder, "native"), {
      recursive: true,
      filter: async (path) => !(await lstat(path)).isSymbolicLink(),
    });
    const { major } = await findBinaries(join(folder, "native/bin"));
    assert.equal(major, installed.major);
  });
});
