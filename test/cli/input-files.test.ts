import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { createPostgresStorage } from "../../src/storage/postgres-storage.ts";
import { testDatabase } from "../support/database.ts";
import { runCli, runJson } from "./run-cli.ts";

const db = await testDatabase();
const url = db.connectionString;
let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "reprise-input-"));
  await writeFile(join(folder, "rides.csv"), "a,b\n1,2\n");
  const source =
    "id: rides\nnamespace: cli.files\ninputs:\n  - {id: data, type: FILE}\ntasks:\n  - {id: a, type: io.kestra.plugin.core.log.Log, message: x}\n";
  await runJson(["flow", "apply", "-"], { url, input: source });
});
after(() => rm(folder, { recursive: true }));

describe("--file", () => {
  it("uploads a file as an input", async () => {
    const { inputs } = await runJson(
      ["run", "cli.files", "rides", "--file", `data=${join(folder, "rides.csv")}`],
      { url },
    );
    const pieces = await Array.fromAsync(createPostgresStorage(db.pool).get(inputs.data));
    assert.equal(Buffer.concat(pieces).toString(), "a,b\n1,2\n");
  });

  it("refuses one that is not there, before anything is sent", async () => {
    const { code, stderr } = await runCli(["run", "cli.files", "rides", "--file", "data=/none/such"], {
      url,
    });
    assert.equal(code, 2);
    assert.match(stderr, /there is no file \/none\/such/);
  });
});
