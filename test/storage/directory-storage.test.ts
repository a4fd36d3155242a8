import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { createDirectoryStorage } from "../../src/storage/directory-storage.ts";
import { itIsAStorage, type Subject } from "./storage-conformance.ts";

describe("createDirectoryStorage", () => {
  let root: string;
  let subject: Subject;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), "reprise-storage-"));
    const place = {
      namespace: "company.team",
      flowId: "Divvy_Tripdata",
      executionId: "0193e4f0-0000-7000-8000-000000000000",
      taskId: "unzip",
      taskRunId: "12",
      attemptId: "15",
    };
    const countLeft = async () =>
      (await readdir(root, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
        .length;
    subject = { storage: createDirectoryStorage(root), place, countLeft };
  });
  after(() => rm(root, { recursive: true }));

  itIsAStorage(() => subject);

  it("does not read what a dying process left half written", async () => {
    const path = join(root, "company", "team", "x.csv part");
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, "half");
    await assert.rejects(subject.storage.stat("kestra:///company/team/x.csv"), { code: "RP404" });
    await assert.rejects(subject.storage.stat("kestra:///company/team/x.csv%20part"), { code: "RP404" });
  });
});
