import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { testDatabase } from "../support/database.ts";
import { runCli } from "./run-cli.ts";

const db = await testDatabase();
const url = db.connectionString;

const document = '{"zulu":1,"a":2.0,"10":"x","2":{"b":12345678901234567890}}';
const source = `
id: kept
namespace: cli.json
inputs:
  - { id: map, type: JSON }
tasks:
  - { id: t, type: io.kestra.plugin.core.debug.Return, format: x }
`;

describe("JSON on the command line", () => {
  it("is taken and shown with the order of its keys and the kind of its numbers", async () => {
    await runCli(["flow", "apply", "-"], { url, input: source });
    const run = await runCli(["run", "cli.json", "kept", "--inputs", `{"map": ${document}}`, "--json"], {
      url,
    });
    const { id } = JSON.parse(run.stdout);
    const shown = await runCli(["execution", "show", id, "--json"], { url });
    assert.ok(shown.stdout.replace(/\s/g, "").includes(`"inputs":{"map":${document}}`), shown.stdout);
  });
});
