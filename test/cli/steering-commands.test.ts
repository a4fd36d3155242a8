import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { testDatabase } from "../support/database.ts";
import { ownLabels } from "../support/own-labels.ts";
import { runCli, runJson } from "./run-cli.ts";

const db = await testDatabase();
const url = db.connectionString;
const source = `
id: one
namespace: cli.gates
concurrency: { limit: 1 }
inputs: [{ id: word, type: STRING, defaults: good }]
checks: [{ condition: "{{ inputs.word == 'good' }}", message: A bad word }]
tasks: [{ id: a, type: io.kestra.plugin.core.log.Log, message: hi }]
`;

before(() => runJson(["flow", "apply", "-"], { url, input: source }));

// No worker runs here: what is created waits for one.
describe("reprise run", () => {
  it("keeps an execution for its date", async () => {
    const date = "2100-01-01T08:00:00.000Z";
    const created = await runJson(["run", "cli.gates", "one", "--schedule-date", date], { url });
    assert.deepEqual([created.state, created.scheduleDate], ["CREATED", date]);
    const { stdout } = await runCli(["execution", "show", created.id], { url });
    assert.match(stdout, /^scheduled for +2100-01-01/m);
    const forced = await runJson(["execution", "force-run", created.id], { url });
    assert.equal(forced.state, "RUNNING");
    const { error } = await runJson(["run", "cli.gates", "one", "--schedule-date", "soon"], { url }, 2);
    assert.equal(error.reason, "usage");
  });

  it("refuses what the checks of the flow block", async () => {
    const { error } = await runJson(["run", "cli.gates", "one", "-i", "word=bad"], { url }, 1);
    assert.deepEqual([error.code, error.reason], ["RP422", "execution_blocked"]);
    assert.match(error.message, /Failed checks: A bad word$/);
  });
});

describe("reprise execution unqueue", () => {
  it("starts what waits, or ends it", async () => {
    // The forced one holds the slot.
    const [first, second] = [await create(), await create()];
    assert.deepEqual([first.state, second.state], ["QUEUED", "QUEUED"]);
    const { stdout } = await runCli(["execution", "show", second.id], { url });
    assert.match(
      stdout,
      /^⏸ It waits for a slot of its flow since .*: no more than 1 execution of that may run at once, and 1 waits before it\.$/m,
    );
    assert.match(stdout, new RegExp(`reprise execution unqueue ${second.id}$`, "m"));
    assert.equal((await runJson(["execution", "unqueue", first.id], { url })).state, "RUNNING");
    const ended = await runJson(["execution", "unqueue", second.id, "--state", "cancelled"], { url });
    assert.equal(ended.state, "CANCELLED");
    assert.equal(
      (await runJson(["execution", "unqueue", first.id], { url }, 1)).error.reason,
      "execution_not_queued",
    );
  });
});

describe("reprise execution set-labels", () => {
  it("labels an execution", async () => {
    const { id } = await create();
    const labelled = await runJson(["execution", "set-labels", id, "-l", "team=a", "-l", "b=c"], { url });
    assert.deepEqual(ownLabels(labelled.labels), { team: "a", b: "c" });
    assert.deepEqual(ownLabels((await runJson(["execution", "set-labels", id], { url })).labels), {});
  });
});

describe("reprise execution pause, resume and mark", () => {
  it("hold an execution, let it go on, and tell what cannot be marked", async () => {
    await runJson(["flow", "apply", "-"], {
      url,
      input: source.replace("id: one", "id: two").replace(/^concurrency.*$/m, ""),
    });
    const { id } = await runJson(["run", "cli.gates", "two"], { url });
    assert.equal((await runJson(["execution", "pause", id], { url })).state, "PAUSED");
    const held = await runCli(["execution", "show", id], { url });
    assert.match(held.stdout, /^⏸ Somebody has paused it since /m);
    assert.match(held.stdout, new RegExp(`^  Go on: reprise execution resume ${id}$`, "m"));
    const stopped = await runJson(["run", "cli.gates", "two", "--breakpoint", "a"], { url });
    const shown = await runCli(["execution", "show", stopped.id], { url });
    assert.match(shown.stdout, /^⏸ It stands at a breakpoint before a since /m);
    assert.equal((await runJson(["execution", "resume", id], { url })).state, "RUNNING");
    const marked = await runJson(["execution", "mark", id, "a"], { url }, 1);
    assert.equal(marked.error.reason, "execution_not_ended");
    assert.equal(
      (await runJson(["execution", "mark", id, "z"], { url }, 3)).error.reason,
      "task_run_not_found",
    );
  });
});

describe("reprise replay --override", () => {
  it("wants all outputs of a task, or of one iteration of it, and a task that is carried", async () => {
    const { id } = await create();
    const [dotted, inLoop] = await Promise.all(
      [['a["x=y"].value=1', 2] as const, ['a["x=y"]={"value": 1}', 1] as const].map(([text, code]) =>
        runJson(["replay", id, "--override", text], { url }, code),
      ),
    );
    assert.equal(dotted.error.reason, "usage");
    assert.equal(inLoop.error.reason, "override_not_carried");
    assert.match(inLoop.error.message, /`a\["x=y"\]`/);
  });
});

const create = () => runJson(["run", "cli.gates", "one"], { url });
