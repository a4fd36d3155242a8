import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { buildSchema, parse, validate } from "graphql";
import { packageRoot } from "../src/base/version.ts";
import { runJson, startCli } from "./cli/run-cli.ts";
import { testDatabase } from "./support/database.ts";

const readme = await readFile(join(packageRoot, "README.md"), "utf8");
const db = await testDatabase();
const url = db.connectionString;
const worker = startCli(["worker"], { url });

// Nobody waits for an hour of work here.
const failing = block("yaml").replace("PT5S", "PT0.01S");
const correction = /^Correct the last line, `(.*)`, and/m.exec(readme)?.[1] ?? "";
const corrected = failing.replace(/format: .*/, () => correction);

/** The code block of a language that the README has. */
function block(language: string): string {
  const [, text = ""] = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "ms").exec(readme) ?? [];
  return text;
}

describe("the README's own flow", () => {
  let failedId = "";

  before(async () => {
    await once(worker.stdout ?? worker, "data");
  });
  after(() => worker.kill("SIGTERM"));

  it("fails in its last task, and says why", async () => {
    await runJson(["flow", "apply", "-"], { url, input: failing });
    const { id, taskRuns } = await runJson(["run", "company.team", "bill", "--wait"], { url }, 1);
    assert.match(taskRuns[1].error.message, /^`12,50` is not a valid number\./);
    failedId = id;
  });

  it("is replayed in psql as the README says, and the transaction rolled back", async () => {
    const saved = await runJson(["flow", "apply", "-"], { url, input: corrected });
    assert.equal(saved.flows[0].revision, 2);
    const statements = block("sql")
      .replace(/^\\set.*$/m, "")
      .replaceAll(":'id'", `'${failedId}'`);
    const client = await db.pool.connect();
    const results = await client
      .query(statements.replace("commit;", ""))
      .finally(() => client.query("rollback"));
    client.release();
    const rows = (results as unknown as { rows: Record<string, unknown>[] }[]).flatMap(
      (result) => result.rows,
    );
    assert.deepEqual(
      rows.map(({ task_id, disposition, attempt_number }) => [
        task_id ?? null,
        disposition ?? attempt_number,
      ]),
      [
        ["fetch", "CARRIED"],
        ["total", "RERUN"],
        [null, 2],
      ],
    );
  });

  it("is replayed from what failed on the corrected revision", async () => {
    const from = ["--from", "failed", "--revision", "latest"];
    const plan = await runJson(["replay", failedId, ...from, "--plan"], { url });
    assert.deepEqual([plan.carriedCount, plan.rerunCount], [1, 1]);
    const { state, taskRuns } = await runJson(["replay", failedId, ...from, "--wait"], { url });
    assert.deepEqual([state, taskRuns[0].isCarried, taskRuns[1].attemptNumber], ["SUCCESS", true, 2]);
  });
});

describe("the README's GraphQL", () => {
  it("fits the schema", async () => {
    const schema = buildSchema(await readFile(join(packageRoot, "graphql/schema.graphql"), "utf8"));
    const document = parse(block("graphql"));
    assert.equal(document.definitions.length, 3);
    assert.deepEqual(validate(schema, document), []);
  });

  it("follows an execution as the schema has it, and says by which protocol", async () => {
    const schema = buildSchema(await readFile(join(packageRoot, "graphql/schema.graphql"), "utf8"));
    const [, subscription = ""] = /`(subscription \{[^`]*)`/.exec(readme) ?? [];
    assert.deepEqual(validate(schema, parse(subscription.replace("…", '"7"'))), []);
    assert.match(readme, /`ws:\/\/127\.0\.0\.1:4000\/graphql`, by the protocol\s`graphql-transport-ws`/);
  });
});
