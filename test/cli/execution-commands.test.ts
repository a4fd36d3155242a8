import assert from "node:assert/strict";
import { once } from "node:events";
import { before, describe, it } from "node:test";
import { testDatabase } from "../support/database.ts";
import { ownLabels } from "../support/own-labels.ts";
import { runCli, runJson, startCli } from "./run-cli.ts";

const db = await testDatabase();
const url = db.connectionString;
const worker = startCli(["worker", "--concurrency", "2"], { url });
const gone = once(worker, "exit");

const source = `
id: steps
namespace: cli.runs
inputs:
  - id: word
    type: STRING
    defaults: good
tasks:
  - id: first
    type: io.kestra.plugin.core.debug.Return
    format: "{{ inputs.word }}"
  - id: second
    type: io.kestra.plugin.core.execution.Fail
    condition: "{{ inputs.word == 'bad' }}"
    errorMessage: "A bad word."
  - id: third
    type: io.kestra.plugin.core.log.Log
    message: "Said {{ outputs.first.value }}."
outputs:
  - id: said
    type: STRING
    value: "{{ outputs.first.value }}"
`;
const slow = `
id: slow
namespace: cli.runs
tasks:
  - id: sleep
    type: io.kestra.plugin.core.flow.Sleep
    duration: PT1M
`;

let failedId = "";

before(async () => {
  // Without it the tests would wait for ever.
  const said = await Promise.race([once(worker.stdout ?? worker, "data"), gone]);
  assert.match(String(said[0]), /takes jobs/);
  await runJson(["flow", "apply", "-"], { url, input: source });
  await runJson(["flow", "apply", "-"], { url, input: slow });
});
describe("reprise run", () => {
  it("starts an execution and gives it back at once", async () => {
    const key = ["--idempotency-key", "once", "--note", "Try it.", "-l", "team=a"];
    const execution = await runJson(["run", "cli.runs", "steps", ...key], { url });
    assert.deepEqual([execution.note, ownLabels(execution.labels)], ["Try it.", { team: "a" }]);
    const again = await runJson(["run", "cli.runs", "steps", ...key], { url });
    assert.equal(again.id, execution.id);
  });

  it("waits, says how it ended, and fails when it failed", async () => {
    const good = await runCli(["run", "cli.runs", "steps", "--wait"], { url });
    assert.equal(good.code, 0);
    assert.match(good.stdout, /^first +SUCCESS +#1 /m);
    assert.match(good.stdout, /^SUCCESS {2}cli\.runs\.steps revision 1 /m);
    assert.equal(good.stderr, "");
    const failed = await runJson(["run", "cli.runs", "steps", "-i", "word=bad", "--wait"], { url }, 1);
    assert.equal(failed.state, "FAILED");
    assert.deepEqual(
      failed.taskRuns.map(({ taskId, state }: { taskId: string; state: string }) => `${taskId} ${state}`),
      ["first SUCCESS", "second FAILED"],
    );
    failedId = failed.id;
  });

  it("prints the log as it comes with --follow", async () => {
    const { stdout } = await runCli(
      ["run", "cli.runs", "steps", "--inputs", '{"word": "nice"}', "--follow"],
      { url },
    );
    assert.match(stdout, /INFO {2}third#1 {2}Said nice\./);
  });

  it("names every fault of the inputs, and flows that are not there", async () => {
    const [unknown, absent] = await Promise.all([
      runCli(["run", "cli.runs", "steps", "-i", "wrod=x"], { url }),
      runJson(["run", "cli.runs", "nothing"], { url }, 3),
    ]);
    assert.equal(unknown.code, 1);
    assert.match(unknown.stderr, /wrod/);
    assert.equal(absent.error.reason, "flow_not_found");
  });
});

describe("reprise execution", () => {
  it("lists what fits, the newest first", async () => {
    const ids = async (...args: string[]) =>
      (await runJson(["execution", "list", ...args], { url })).map(({ id }: { id: string }) => id);
    const [failed, labelled, byText, old, two] = await Promise.all([
      ids("--state", "failed", "-n", "cli", "-F", "steps", "-r", "1"),
      ids("--label", "team=a"),
      ids("--text", "TRY it"),
      ids("--until", "1h"),
      ids("--limit", "2", "--since", "1h"),
    ]);
    assert.deepEqual(failed, [failedId]);
    assert.equal(labelled.length, 1);
    assert.deepEqual(byText, labelled);
    assert.deepEqual(old, []);
    assert.equal(two.length, 2);
    assert.ok(two[0] > two[1]);
  });

  it("takes the beginning of an id, refuses one that several have, and one that is too short", async () => {
    const [whole, ambiguous, short, absent] = await Promise.all([
      runCli(["execution", "show", failedId.slice(0, 30)], { url }),
      runJson(["execution", "show", failedId.slice(0, 8)], { url }, 2),
      runJson(["execution", "show", failedId.slice(0, 7)], { url }, 2),
      runJson(["execution", "show", "ffffffff-ffff"], { url }, 3),
    ]);
    assert.match(whole.stdout, new RegExp(`^execution +${failedId}$`, "m"));
    assert.match(whole.stdout, /✗ second: Fail on a condition: A bad word\./);
    assert.match(whole.stdout, /^third +not reached$/m);
    assert.equal(ambiguous.error.reason, "ambiguous_id");
    assert.equal(short.error.reason, "usage");
    assert.equal(absent.error.reason, "execution_not_found");
  });

  it("kills what runs, and restarts from it", async () => {
    const { id } = await runJson(["run", "cli.runs", "slow"], { url });
    const killed = await runJson(["execution", "kill", id, "--wait"], { url });
    assert.equal(killed.state, "KILLED");
    const twice = await runJson(["execution", "kill", id], { url }, 1);
    assert.equal(twice.error.reason, "execution_ended");
    const restarted = await runJson(["execution", "restart", id], { url });
    assert.deepEqual([restarted.id, restarted.attemptNumber], [id, 2]);
    await runJson(["execution", "kill", id, "--wait"], { url });
  });
});

describe("reprise replay", () => {
  let replayId = "";
  const changed = ["--from", "failed", "--input", "word=better"];

  it("shows the plan and does nothing", async () => {
    const [text, document, blocked] = await Promise.all([
      runCli(["replay", failedId, ...changed, "--plan"], { url }),
      runJson(["replay", failedId, ...changed, "--plan"], { url }),
      runCli(["replay", failedId, "--from", "task:nothing", "--plan"], { url }),
    ]);
    assert.match(text.stdout, /^second +RERUN +It runs again: the replay starts here\. +2/m);
    assert.match(text.stdout, /^On revision 1: 1 carried, 2 to run, .* saved\.$/m);
    assert.match(text.stdout, new RegExp(`plan hash ${document.planHash}`));
    assert.equal(document.isRunnable, true);
    assert.equal(blocked.code, 1);
    assert.match(blocked.stdout, /The plan cannot be run\./);
  });

  it("refuses a plan that is not the one any more", async () => {
    const { error } = await runJson(
      ["replay", failedId, ...changed, "--plan-hash", "0".repeat(64)],
      { url },
      1,
    );
    assert.equal(error.code, "RP409");
  });

  it("replays what failed with another input, and waits", async () => {
    const note = ["--note", "A better word.", "--idempotency-key", "better"];
    const replay = await runJson(["replay", failedId, ...changed, ...note, "--wait"], { url });
    assert.deepEqual([replay.state, replay.attemptNumber, replay.originalId], ["SUCCESS", 2, failedId]);
    replayId = replay.id;
    const again = await runJson(["replay", failedId, ...changed, ...note], { url });
    assert.equal(again.id, replayId);
  });

  it("shows its original as replayed, also to who asks for that label", async () => {
    const replayed = ["execution", "list", "--label", "system.replayed=true"];
    const found = await runJson(replayed, { url });
    assert.deepEqual([found.length, found[0].id], [1, failedId]);
    assert.deepEqual(await runJson([...replayed, "--label", "team=a"], { url }), []);
  });

  it("takes outputs in the place of a carried task's", async () => {
    const override = ["--from", "task:third", "--override", 'first={"value": "mine"}'];
    const { stdout, code } = await runCli(["replay", replayId, ...override, "--follow"], { url });
    assert.equal(code, 0);
    assert.match(stdout, /Said mine\./);
    assert.match(stdout, /^first +SUCCESS +#2 +◇ overridden, attempt 1 of revision 1$/m);
  });

  it("wants one task for --value", async () => {
    const { error } = await runJson(["replay", failedId, "--value", "a"], { url }, 2);
    assert.equal(error.reason, "usage");
  });

  it("is drawn with what it carries, and its attempts", async () => {
    const [gantt, rows] = await Promise.all([
      runCli(["execution", "gantt", replayId], { url }),
      runJson(["execution", "gantt", replayId], { url }),
    ]);
    assert.match(gantt.stdout, /^first +SUCCESS +#1 +◇ carried, attempt 1 of revision 1 .* saved$/m);
    assert.match(gantt.stdout, /^second +SUCCESS +#2 .*█/m);
    assert.deepEqual(
      rows.rows.map(({ isCarried, attempts, earlier }: { isCarried: boolean; attempts: []; earlier: [] }) => [
        isCarried,
        attempts.length,
        earlier.length,
      ]),
      [
        [true, 0, 1],
        [false, 1, 1],
        [false, 1, 0],
      ],
    );
  });

  it("shows outputs and logs of carried attempts, marked", async () => {
    const [outputs, logs, filtered, absent] = await Promise.all([
      runJson(["execution", "outputs", replayId], { url }),
      runCli(["execution", "logs", failedId], { url }),
      runJson(["execution", "logs", replayId, "--task", "third", "--level", "info", "--no-carried"], { url }),
      runCli(["execution", "outputs", replayId, "--task", "nothing"], { url }),
    ]);
    assert.deepEqual(outputs.tasks[0], {
      taskId: "first",
      iterationPath: null,
      isCarried: true,
      outputs: { value: "bad" },
    });
    assert.match(logs.stdout, /ERROR second#1 {2}A bad word\./);
    assert.deepEqual(
      filtered.map(({ message, isCarried }: { message: string; isCarried: boolean }) => [message, isCarried]),
      [["Said bad.", false]],
    );
    assert.equal(absent.code, 3);
  });

  it("stands in a line with its original", async () => {
    const [text, document] = await Promise.all([
      runCli(["execution", "lineage", replayId], { url }),
      runJson(["execution", "lineage", failedId], { url }),
    ]);
    assert.match(
      text.stdout,
      new RegExp(`^${failedId} .*\n└ ${replayId} .* from failed .* saved {2}A better word\\.$`, "m"),
    );
    assert.equal(document.rootId, failedId);
    assert.equal(document.executions.length, 3);
  });
});

describe("reprise purge", () => {
  it("wants a condition, and somebody who agrees", async () => {
    const [unbounded, unasked] = await Promise.all([
      runJson(["purge", "--yes"], { url }, 2),
      runJson(["purge", "--state", "FAILED"], { url }, 2),
    ]);
    assert.equal(unbounded.error.reason, "purge_without_condition");
    assert.equal(unasked.error.message, "This would purge 1 execution.");
  });

  it("deletes what fits, and says how much that was", async () => {
    const [none, unasked] = await Promise.all([
      runJson(["purge", "--older-than", "30d", "--yes"], { url }),
      runJson(["purge", "--older-than", "30d"], { url }),
    ]);
    assert.deepEqual([none.purgedCount, unasked.purgedCount], [0, 0]);
    const one = await runCli(["purge", "--id", failedId, "-n", "cli.runs", "-F", "steps", "--yes"], { url });
    assert.match(one.stdout, /^1 execution purged, 0 files deleted/);
    assert.match(one.stdout, /^1 of them is kept out of sight, since replays use its outputs\.$/m);
    const gone = await runCli(["execution", "show", failedId], { url });
    assert.equal(gone.code, 3);
  });
});

describe("reprise file get", () => {
  it("says 3 for a file that is not there, and wants a place for a document's file", async () => {
    const [absent, nowhere] = await Promise.all([
      runJson(["file", "get", "kestra:///a/b/c", "-o", "/tmp/never"], { url }, 3),
      runJson(["file", "get", "kestra:///a/b/c"], { url }, 2),
    ]);
    assert.equal(absent.error.reason, "file_not_found");
    assert.equal(nowhere.error.reason, "usage");
  });
});

describe("reprise worker", () => {
  it("stops in order when it is told to", async () => {
    worker.kill("SIGTERM");
    assert.deepEqual(await gone, [0, null]);
    const { rows } = await db.pool.query("select state from reprise.workers");
    assert.deepEqual(rows, [{ state: "STOPPED" }]);
  });
});
