import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import { testDatabase } from "../support/database.ts";
import { runCli, runJson, startCli } from "./run-cli.ts";

const db = await testDatabase();
const url = db.connectionString;
const worker = startCli(["worker", "--concurrency", "2"], { url });
const gone = once(worker, "exit");

const paused = `
id: paused
namespace: cli.runs
tasks:
  - id: approve
    type: io.kestra.plugin.core.flow.Pause
    pauseDuration: PT1H
    behavior: FAIL
    onResume:
      - { id: reason, type: STRING }
      - { id: level, type: SELECT, values: [low, high] }
      - { id: count, type: INT, defaults: 3 }
`;

const retried = `
id: retried
namespace: cli.runs
retry: { type: constant, interval: PT0.1S, maxAttempts: 3, behavior: CREATE_NEW_EXECUTION }
tasks:
  - id: fail
    type: io.kestra.plugin.core.execution.Fail
    errorMessage: "Never."
`;

const refused = `
id: refused
namespace: cli.runs
tasks:
  - id: approve
    type: io.kestra.plugin.core.flow.Pause
  - id: fail
    type: io.kestra.plugin.core.execution.Fail
    errorMessage: "Not today."
`;

before(async () => {
  await runJson(["flow", "apply", "-"], { url, input: refused });
  await runJson(["flow", "apply", "-"], { url, input: paused });
  await runJson(["flow", "apply", "-"], { url, input: retried });
});
after(async () => {
  worker.kill("SIGTERM");
  await gone;
});

describe("reprise run --wait", () => {
  it("says what it waits for that pauses, and goes on waiting until somebody resumes it", async () => {
    const waiting = startCli(["run", "cli.runs", "paused", "--wait"], { url });
    const [said] = await once(waiting.stderr ?? waiting, "data");
    const end = once(waiting, "exit");
    const [, id] =
      String(said).match(/Go on: reprise execution resume (\S+) --input reason=STRING --input level=low/) ??
      [];
    const [text, document] = await Promise.all([
      runCli(["execution", "show", id ?? ""], { url }),
      runJson(["execution", "show", id ?? ""], { url }),
    ]);
    assert.match(text.stdout, /^⏸ approve waits since .*, until .*, when it fails\.$/m);
    assert.match(
      text.stdout,
      /^ {2}It asks for: reason \(STRING\), level \(SELECT of low \| high\), count \(INT, else 3\)$/m,
    );
    assert.deepEqual([document.waits[0].kind, document.waits[0].ending], ["PAUSE", "FAILED"]);
    await runJson(["execution", "resume", id ?? "", "--input", "reason=good", "-i", "level=low"], { url });
    assert.deepEqual(await end, [0, null]);
  });

  it("waits for the last of a line of retries, and shows that one", async () => {
    const { stdout, stderr, code } = await runCli(["run", "cli.runs", "retried", "--follow"], { url });
    assert.equal(code, 1);
    const [second, third] = [...stderr.matchAll(/It is retried as (\S+)\./g)].map(([, id]) => id);
    assert.match(stdout, new RegExp(`^FAILED {2}cli\\.runs\\.retried revision 1 {2}${third} `, "m"));
    assert.equal(stdout.match(/ERROR fail#\d {2}Never\./g)?.length, 3);
    const shown = await runCli(["execution", "show", second ?? ""], { url });
    assert.match(shown.stdout, new RegExp(`^retried as +${third}$`, "m"));
    const document = await runJson(["replay", third ?? "", "--wait"], { url }, 1);
    assert.deepEqual([document.state, document.attemptNumber], ["FAILED", 6]);
  });
});

describe("reprise execution resume --wait", () => {
  for (const option of ["--wait", "--follow"])
    it(`tells how the execution ended, as run does, with ${option}`, async () => {
      const waiting = startCli(["run", "cli.runs", "refused", "--wait"], { url });
      const [said] = await once(waiting.stderr ?? waiting, "data");
      const end = once(waiting, "exit");
      const [, id = ""] = String(said).match(/Go on: reprise execution resume (\S+)/) ?? [];
      const { code, stdout } = await runCli(["execution", "resume", id, option], { url });
      assert.equal(code, 1);
      assert.match(stdout, /^✗ fail: Not today\.$/m);
      assert.match(stdout, /^Mend it and replay: /m);
      assert.deepEqual(await end, [1, null]);
    });
});

describe("reprise execution logs --task", () => {
  it("refuses a task that it has not come to, in logs and outputs alike, and has no lines where there are none", async () => {
    const { id } = await runJson(["run", "cli.runs", "refused"], { url });
    const [outputs, logs, silent] = await Promise.all([
      runJson(["execution", "outputs", id, "--task", "fail"], { url }, 3),
      runJson(["execution", "logs", id, "--task", "fail"], { url }, 3),
      runCli(["execution", "logs", id, "--task", "approve", "--level", "error"], { url }),
    ]);
    assert.equal(outputs.error.message, "The execution has no task run of `fail`.");
    assert.deepEqual(logs, outputs);
    assert.deepEqual([silent.code, silent.stdout], [0, "No lines.\n"]);
  });
});
