import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it } from "node:test";
import { testDatabase, until } from "../../support/database.ts";
import { runJson, startCli } from "../run-cli.ts";

const db = await testDatabase();
const url = db.connectionString;
const source = `
id: waits
namespace: cli.waits
tasks:
  - id: say
    type: io.kestra.plugin.core.log.Log
    message: hello
`;

describe("reprise run --wait", () => {
  it("says that no worker runs; stopped, it tells how to look at the execution, which goes on", async () => {
    await runJson(["flow", "apply", "-"], { url, input: source });
    const child = startCli(["run", "cli.waits", "waits", "--wait"], { url });
    let said = "";
    child.stderr?.on("data", (chunk) => {
      said += chunk;
    });
    const closed = once(child, "close");
    await until(() => /^No worker runs, so it waits\. Start one: reprise worker$/m.test(said), {
      what: "the remark",
    });
    child.kill("SIGINT");
    assert.deepEqual(await closed, [130, null]);
    const [execution] = await runJson(["execution", "list"], { url });
    assert.equal(execution.state, "CREATED");
    assert.match(said, new RegExp(`The execution goes on\\.\n.*reprise execution show ${execution.id}`));
  });
});
