import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { callOne } from "../../src/db/call.ts";
import { aFlow, aRevision, type FlowReference } from "../support/a-flow.ts";
import { anEndedExecution, aReplay, taskRunsOf } from "../support/an-execution.ts";
import { aHandWorker } from "../support/hand-worker.ts";
import { anApi } from "./an-api.ts";

const api = await anApi();

let flow: FlowReference;
let original: string;
let replay: string;

before(async () => {
  const retry = { maxAttempts: 3 };
  flow = await aFlow(api.db.pool, ["a", { id: "b", reads: ["a"], retry }, "c"]);
  await aRevision(api.db.pool, flow, ["a", { id: "b", reads: ["a"], retry, does: "better" }, "c"]);
  original = await api.commit((db) => anEndedExecution(db, flow, { b: "FAILED" }, { revision: 1 }));
  replay = await api.commit(async (db) => {
    const { id } = await aReplay(db, original, { anchors: ["task:b"], revision: "latest" });
    await (await aHandWorker(db)).drain();
    return id;
  });
});

// biome-ignore lint/suspicious/noExplicitAny: each test knows what it asked for.
type Seen = any;

/** The task runs of an execution, in the order in which it reached them. */
async function taskRuns(id: string, fields: string): Promise<Seen[]> {
  const { execution } = await api.read(
    `query ($id: UUID!) { execution(id: $id) { taskRuns { nodes { ${fields} } } } }`,
    { id },
  );
  return execution.taskRuns.nodes;
}

describe("Execution.taskRuns", () => {
  it("gives what each did", async () => {
    const [a, b] = await taskRuns(
      original,
      "id taskId taskType taskKind state attemptNumber try iteration iterationPath isCarried isOverridden outputs error " +
        "createdAt startedAt endedAt durationMs task { id definition } execution { id } parent { id } original { id }",
    );
    assert.deepEqual(a.outputs, { value: "a 1" });
    assert.deepEqual(a.execution, { id: original });
    assert.equal(a.task.id, "a");
    assert.equal(b.state, "FAILED");
    assert.equal(b.attemptNumber, 3);
    assert.deepEqual(b.error, { reason: "scripted", message: "b failed." });
    assert.equal(b.original, null);
  });

  it("shows carried ones with the outputs and the duration of the attempt that they carry", async () => {
    const fields =
      "taskId isCarried outputs startedAt durationMs original { execution { id } attempts { durationMs } }";
    const [a] = await taskRuns(replay, fields);
    assert.deepEqual([a.isCarried, a.outputs, a.startedAt], [true, { value: "a 1" }, null]);
    assert.equal(a.original.execution.id, original);
    assert.equal(a.durationMs, a.original.attempts[0].durationMs);
  });

  it("is narrowed by task, state and whether it was carried", async () => {
    const { execution } = await api.read(
      `query ($id: UUID!) { execution(id: $id) {
        failed: taskRuns(condition: { states: [FAILED] }) { totalCount }
        byTask: taskRuns(condition: { taskIds: ["b", "c"] }) { totalCount }
        carried: taskRuns(condition: { isCarried: true }) { nodes { taskId } }
      } }`,
      { id: replay },
    );
    assert.deepEqual(execution, {
      failed: { totalCount: 0 },
      byTask: { totalCount: 2 },
      carried: { nodes: [{ taskId: "a" }] },
    });
  });

  it("shows overridden outputs as such", async () => {
    const { id } = await aReplay(api.db.pool, original, {
      anchors: ["task:b"],
      overrides: { a: { value: "mine" } },
    });
    const [a] = await taskRuns(
      id,
      "isCarried isOverridden outputs attempts { number overriddenBy outputs execution { id } }",
    );
    assert.equal(a.isOverridden, true);
    assert.deepEqual(a.outputs, { value: "mine" });
    assert.deepEqual(
      a.attempts.map(({ number, overriddenBy }: Seen) => [number, overriddenBy !== null]),
      [
        [1, false],
        [2, true],
      ],
    );
  });
});

describe("TaskRun.attempts", () => {
  it("counts on over the originals, each with its execution, revision, worker, error and times", async () => {
    const [, b] = await taskRuns(
      replay,
      "taskId attemptNumber attempts { number try state error startedAt endedAt durationMs worker { id } " +
        "execution { id } revision { revision } taskRun { taskId } }",
    );
    const attempts: Seen[] = b.attempts;
    assert.deepEqual(
      attempts.map(({ number, state, execution, revision }) => [number, state, execution, revision]),
      [
        ...[1, 2, 3].map((number) => [number, "FAILED", { id: original }, { revision: 1 }]),
        [4, "SUCCESS", { id: replay }, { revision: 2 }],
      ],
    );
    assert.ok(attempts.every(({ worker, startedAt }) => worker !== null && startedAt !== null));
    assert.deepEqual(attempts[0]?.error, { reason: "scripted", message: "b failed." });
  });

  it("gives a carried task run the attempt that it carries", async () => {
    const [a] = await taskRuns(replay, "attempts { number execution { id } }");
    assert.deepEqual(a.attempts, [{ number: 1, execution: { id: original } }]);
  });

  it("leaves out what the original did after the replay was made", async () => {
    const first = await api.commit((db) => anEndedExecution(db, flow, { b: "FAILED" }, { revision: 1 }));
    const again = await api.commit(async (db) => {
      const { id } = await aReplay(db, first, { anchors: ["task:b"] });
      await callOne(db, "reprise_api.restart_execution", { execution_id: first });
      await (await aHandWorker(db)).drain();
      return id;
    });
    const [, b] = await taskRuns(again, "attempts { number execution { id } }");
    assert.deepEqual(
      b.attempts.map(({ number, execution }: Seen) => [number, execution.id === again]),
      [
        [1, false],
        [2, false],
        [3, false],
        [4, true],
      ],
    );
  });
});

describe("TaskRun.stateHistory", () => {
  it("tells of each attempt and each retry", async () => {
    const [, b] = await taskRuns(original, "stateHistory { state at }");
    const history: Seen[] = b.stateHistory;
    assert.deepEqual(
      history.map(({ state }) => state),
      [
        "CREATED",
        ...["RUNNING", "FAILED", "RETRYING"],
        ...["RUNNING", "FAILED", "RETRYING"],
        "RUNNING",
        "FAILED",
      ],
    );
    assert.ok(history.every(({ at }) => at !== null));
  });
});

describe("Query.taskRun", () => {
  it("finds one by its id", async () => {
    const id = (await taskRunsOf(api.db.pool, original)).a?.id;
    const { taskRun } = await api.read(`query ($id: BigInt!) { taskRun(id: $id) { taskId } }`, { id });
    assert.deepEqual(taskRun, { taskId: "a" });
  });

  it("refuses an id that is no number, in words", async () => {
    const error = await api.fail(`{ taskRun(id: "a") { taskId } }`);
    assert.equal(error.extensions?.reason, "malformed_value");
  });
});
