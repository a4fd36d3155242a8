import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { openSecretBox } from "../../src/base/secret-box.ts";
import { callOne } from "../../src/db/call.ts";
import { createExecution } from "../../src/worker/create-execution.ts";
import { planReplay, replayExecution } from "../../src/worker/judge-replay.ts";
import type { Worker } from "../../src/worker/worker.ts";
import { historyOf, logOf } from "../sql/gates/gate-flows.ts";
import { aRevision } from "../support/a-flow.ts";
import { aWorker } from "../support/a-worker.ts";
import { executionOf, statesOf } from "../support/an-execution.ts";
import { testDatabase, until } from "../support/database.ts";
import { aWorkerFlow, untilEnded } from "../support/worker-flows.ts";

const key = randomBytes(32);
const box = openSecretBox(key);
const closed = openSecretBox(undefined);
const db = await testDatabase();
let worker: Worker;
before(async () => {
  worker = await aWorker(db.connectionString, { env: { REPRISE_ENCRYPTION_KEY: key.toString("base64") } });
});
after(() => worker[Symbol.asyncDispose]());

const returns = (id: string, format: string) =>
  `{ id: ${id}, type: io.kestra.plugin.core.debug.Return, format: "${format}" }`;

/** An execution of a new flow that has ended, with what comes after it, so that plans stay what they are. */
async function ended(text: string, inputs: Record<string, unknown>): Promise<string> {
  const { namespace, id: flow_id } = await aWorkerFlow(db.pool, text);
  const { id } = await createExecution(db.pool, { namespace, flow_id, inputs }, box);
  await untilEnded(db.pool, id);
  await until(async () => !(await executionOf(db.pool, id)).is_finishing, { what: "the end for good" });
  return id;
}

const told = (problems: unknown) =>
  (problems as { code: string; message: string; is_blocking: boolean }[]).map(
    ({ code, message, is_blocking }) => [code, message, is_blocking],
  );

/** What a plan says of other inputs, and what a replay with them comes to: what it says in place of one that is refused. */
async function replayed(execution_id: string, inputs: Record<string, unknown>, from = "start") {
  const asked = { execution_id, anchors: [from], inputs };
  const plan = await planReplay(db.pool, asked, box);
  const replay = await replayExecution(db.pool, { ...asked, plan_hash: plan.plan_hash }, box).catch(
    (error: Error) => error.message,
  );
  if (typeof replay === "string") return { problems: told(plan.problems), replay };
  await untilEnded(db.pool, replay.id);
  return { problems: told(plan.problems), replay: await executionOf(db.pool, replay.id) };
}

/** The same, by whoever calls the database himself. */
async function replayedBySql(execution_id: string, inputs: Record<string, unknown>) {
  const { id } = await callOne(db.pool, "reprise_api.replay_execution", { execution_id, inputs });
  await untilEnded(db.pool, id);
  return await executionOf(db.pool, id);
}

describe("the checks of a flow, in a replay", () => {
  const flow = (behavior: string) =>
    `inputs: [{ id: i, type: INT }, { id: d, type: STRING, defaults: "d{{ inputs.i }}" }]
checks: [{ condition: "{{ inputs.i < 9 }}", message: Too many, behavior: ${behavior} }]
tasks: [${returns("a", "{{ inputs.i }}")}]
afterExecution: [${returns("z", "{{ inputs.d }}")}]`;
  const blocked =
    "Flow execution blocked: one or more condition checks evaluated to false.\nFailed checks: Too many";
  const failed = blocked.replace("blocked", "failed");

  it("block one with other inputs, in the plan and at once", async () => {
    const id = await ended(flow("BLOCK_EXECUTION"), { i: 1 });
    const { problems, replay } = await replayed(id, { i: 9 }, "task:a");
    assert.deepEqual(problems, [
      [
        "defaults_rendered_anew",
        "The default of `d` is rendered anew, since what it reads has changed.",
        false,
      ],
      ["execution_blocked", blocked, true],
    ]);
    assert.equal(replay, blocked);
    // Nobody has rendered a template then.
    const bySql = await callOne(db.pool, "reprise_api.replay_plan", { execution_id: id, inputs: { i: 9 } });
    assert.deepEqual(
      bySql.problems?.map((problem) => [problem?.code, problem?.is_blocking]),
      [
        ["defaults_rendered_anew", false],
        ["checks_not_asked", false],
      ],
    );
    const byHand = await replayedBySql(id, { i: 9 });
    assert.deepEqual(
      [byHand.state, byHand.error],
      ["FAILED", { reason: "execution_blocked", message: blocked }],
    );
  });

  it("let through what holds, and what was let in before", async () => {
    const id = await ended(flow("BLOCK_EXECUTION"), { i: 1 });
    for (const inputs of [{ i: 2 }, { i: 1 }, {}]) {
      const { replay } = await replayed(id, inputs);
      assert.equal((replay as { state: string }).state, "SUCCESS");
      assert.equal((await replayedBySql(id, inputs)).state, "SUCCESS");
    }
  });

  it("are asked again where they have not let in the original", async () => {
    const { namespace, id: flow_id } = await aWorkerFlow(db.pool, flow("BLOCK_EXECUTION"));
    const asked = { namespace, flow_id, inputs: { i: 9 } };
    const { id } = await callOne(db.pool, "reprise_api.create_execution", asked);
    await untilEnded(db.pool, id);
    assert.equal((await replayedBySql(id, {})).state, "FAILED");
    assert.equal((await replayed(id, {})).replay, blocked);
    assert.equal((await replayedBySql(id, { i: 1 })).state, "SUCCESS");
  });

  it("fail one as it is created, whose defaults what comes after the execution reads", async () => {
    const id = await ended(flow("FAIL_EXECUTION"), { i: 1 });
    const { problems, replay } = await replayed(id, { i: 9 });
    assert.deepEqual(problems.at(-1), ["check_failed", failed, false]);
    const plan = await planReplay(db.pool, { execution_id: id, inputs: { i: 9 } }, box);
    assert.deepEqual(
      plan.tasks?.map((task) => [task?.task_id, task?.disposition, task?.explanation]),
      [
        ["a", "NOT_REACHED", "It is not reached: a check of the flow fails the execution as it is created."],
        ["z", "RERUN", "It handles how the execution ends, which will be seen."],
      ],
    );
    const { id: made, inputs, error } = replay as { id: string; inputs: unknown; error: unknown };
    assert.deepEqual(
      [inputs, error],
      [
        { i: 9, d: "d9" },
        { reason: "check_failed", message: failed },
      ],
    );
    assert.deepEqual(await historyOf(db.pool, made), ["CREATED", "FAILED"]);
    assert.deepEqual((await replayedBySql(id, { i: 9 })).inputs, { i: 9, d: "d9" });
  });

  it("let one through with a word of warning", async () => {
    const id = await ended(flow("CREATE_EXECUTION"), { i: 1 });
    const { problems, replay } = await replayed(id, { i: 9 });
    assert.deepEqual(problems.at(-1), ["check_failed", failed.replace("failed:", "created:"), false]);
    const { id: made, state } = replay as { id: string; state: string };
    assert.equal(state, "SUCCESS");
    assert.match((await logOf(db.pool, made)).join("\n"), /^WARN Flow execution created/m);
  });

  it("are those of the revision that it runs on", async () => {
    const { namespace, id: flow_id, revision } = await aWorkerFlow(db.pool, flow("CREATE_EXECUTION"));
    const { id } = await createExecution(db.pool, { namespace, flow_id, inputs: { i: 9 } }, box);
    await untilEnded(db.pool, id);
    const inputs = [{ id: "i", type: "INT" as const }];
    await aRevision(db.pool, { namespace, id: flow_id, revision }, { tasks: ["a"], inputs });
    await db.pool.query(
      `update reprise.flow_revisions
      set definition = definition::jsonb || '{"checks": [{"condition": "{{ inputs.i > 9 }}", "message": "Too few", "behavior": "BLOCK_EXECUTION"}]}'
      where flow_id = $1 and revision = 2`,
      [flow_id],
    );
    const plan = await planReplay(db.pool, { execution_id: id, revision: "latest" }, box);
    assert.deepEqual(told(plan.problems), [["execution_blocked", blocked.replace("many", "few"), true]]);
  });
});

describe("inputs that depend on others, in a replay with other inputs", () => {
  const flow = `inputs:
  - { id: region, type: STRING }
  - { id: city, type: SELECT, expression: "{{ inputs.region == 'us' ? ['Boston'] : ['Rome'] }}", dependsOn: { inputs: [region] } }
  - { id: vat, type: STRING, dependsOn: { inputs: [region], condition: "{{ inputs.region == 'eu' }}" } }
tasks: [${returns("a", "{{ inputs.region }}")}]`;

  it("are held to what they may be now, before anything is created", async () => {
    const id = await ended(flow, { region: "eu", city: "Rome", vat: "1" });
    const { problems, replay } = await replayed(id, { region: "us" });
    const wrong = "Invalid value for input `city`. Cause: it must match the values `[Boston]`";
    assert.deepEqual(problems, [["invalid_inputs", wrong, true]]);
    assert.equal(replay, wrong);
    const byHand = await replayedBySql(id, { region: "us" });
    assert.deepEqual([byHand.state, (byHand.error as { message: string }).message], ["FAILED", wrong]);

    const right = await replayed(id, { region: "us", city: "Boston" });
    assert.deepEqual((right.replay as { inputs: unknown }).inputs, { region: "us", city: "Boston" });
  });

  it("are told with all else that is wrong", async () => {
    const id = await ended(`${flow.replace("tasks:", "  - { id: n, type: INT, defaults: 1 }\ntasks:")}`, {
      ...{ region: "eu", city: "Rome", vat: "1" },
    });
    const { problems } = await replayed(id, { region: "us", n: "many" });
    assert.deepEqual(
      problems.map(([, message]) => message),
      [
        'Invalid value for input `n`. Cause: For input string: "many"',
        "Invalid value for input `city`. Cause: it must match the values `[Boston]`",
      ],
    );
  });

  it("are not looked at again where nothing has changed, nor are checks", async () => {
    const id = await ended(
      `inputs: [{ id: a, type: STRING, required: false }, { id: b, type: JSON, required: false, dependsOn: { inputs: [a] } }]
checks: [{ condition: "{{ execution.originalId == execution.id }}", behavior: FAIL_EXECUTION }]
tasks: [${returns("a", "x")}]`,
      {},
    );
    assert.deepEqual((await executionOf(db.pool, id)).inputs, { a: null, b: null });
    const again = await replayedBySql(id, {});
    assert.deepEqual(
      [again.state, again.inputs, again.is_unresolved],
      ["SUCCESS", { a: null, b: null }, false],
    );
    assert.equal((await statesOf(db.pool, again.id)).$defaults, undefined);
  });

  it("are missed where they are needed now", async () => {
    const id = await ended(flow, { region: "us", city: "Boston" });
    const { problems } = await replayed(id, { region: "eu", city: "Rome" });
    assert.deepEqual(problems, [["invalid_inputs", "Missing required input:vat", true]]);
  });
});

describe("defaults, in a replay with other inputs", () => {
  const flow = `variables: { greeting: "Hi" }
inputs:
  - { id: i, type: INT, defaults: 3 }
  - { id: form, type: FORM, inputs: [{ id: name, type: STRING }, { id: n, type: INT, defaults: "{{ inputs.i + 1 }}" }] }
  - { id: greet, type: STRING, defaults: "{{ vars.greeting }} {{ inputs.form.name }}" }
  - { id: long, type: STRING, defaults: "{{ inputs.greet }}!" }
  - { id: at, type: STRING, defaults: "{{ uuid() }}" }
tasks: [${returns("a", "{{ inputs.greet }}")}, ${returns("b", "{{ inputs.form.n }}")}]`;
  const of = (execution: unknown) => (execution as { inputs: Record<string, unknown> }).inputs;

  it("are rendered anew where what they read has changed, through others too, and nowhere else", async () => {
    const id = await ended(flow, { form: { name: "Zed" } });
    const first = of(await executionOf(db.pool, id));
    const { problems, replay } = await replayed(id, { form: { name: "Q" } }, "task:b");
    assert.deepEqual(
      problems.filter(([code]) => code === "defaults_rendered_anew").map(([, message]) => message),
      ["greet", "long"].map(
        (input) => `The default of \`${input}\` is rendered anew, since what it reads has changed.`,
      ),
    );
    assert.deepEqual(of(replay), { ...first, form: { name: "Q", n: 4 }, greet: "Hi Q", long: "Hi Q!" });
    const again = await replayed((replay as { id: string }).id, { i: 9 });
    assert.deepEqual(of(again.replay), { ...of(replay), i: 9, form: { name: "Q", n: 10 } });
  });

  it("stay where they were given, or are given now", async () => {
    const id = await ended(flow, { form: { name: "Zed", n: 7 }, greet: "Salut" });
    const { replay } = await replayed(id, { i: 9, form: { name: "Q" }, long: "L" });
    const { at: _, ...inputs } = of(replay);
    assert.deepEqual(inputs, { i: 9, form: { name: "Q", n: 7 }, greet: "Salut", long: "L" });
  });

  it("are rendered anew on a revision that has changed the variables that they read", async () => {
    const { namespace, id: flow_id, revision } = await aWorkerFlow(db.pool, flow);
    const given = { namespace, flow_id, inputs: { form: { name: "Zed" } } };
    const { id } = await createExecution(db.pool, given, box);
    await untilEnded(db.pool, id);
    const { rows } = await db.pool.query<{ inputs: [] }>(
      "select definition -> 'inputs' as inputs from reprise.flow_revisions where flow_id = $1 and revision = $2",
      [flow_id, revision],
    );
    await aRevision(
      db.pool,
      { namespace, id: flow_id, revision },
      { tasks: ["a", "b"], inputs: rows[0]?.inputs ?? [], variables: { greeting: "Ciao" } },
    );
    const plan = await planReplay(db.pool, { execution_id: id, revision: "latest" }, box);
    const anew = told(plan.problems).filter(([code]) => code === "defaults_rendered_anew");
    assert.equal(anew.length, 2);
  });
});

describe("a secret, in a replay", () => {
  it("needs a key, and each one that has none is named", async () => {
    const flow = `inputs: [{ id: pw, type: SECRET }, { id: other, type: SECRET, defaults: second }]\ntasks: [${returns("a", "x")}]`;
    const id = await ended(flow, { pw: "first" });
    const noKey = (input: string) =>
      `Invalid value for input \`${input}\`. Cause: Unable to use a \`SECRET\` input/output as encryption is not configured`;
    const plan = await planReplay(db.pool, { execution_id: id }, closed);
    const all = ["pw", "other"].map((input) => ["encryption_not_configured", noKey(input), true]);
    assert.deepEqual([plan.is_runnable, told(plan.problems)], [false, all]);
    await assert.rejects(replayExecution(db.pool, { execution_id: id }, closed), {
      code: "RP422",
      reason: "encryption_not_configured",
    });

    const { namespace, flow_id } = await executionOf(db.pool, id);
    await assert.rejects(createExecution(db.pool, { namespace, flow_id, inputs: { pw: "first" } }, closed), {
      message: `${noKey("pw")}\n${noKey("other")}`,
    });
  });

  it("is read by checks", async () => {
    const flow = `inputs: [{ id: pw, type: SECRET }, { id: i, type: INT, defaults: 1 }]
checks: [{ condition: "{{ inputs.pw == 'first' }}", message: Another }]
tasks: [${returns("a", "x")}]`;
    const id = await ended(flow, { pw: "first" });
    assert.deepEqual((await replayed(id, { i: 2 })).problems, []);
    const { problems } = await replayed(id, { pw: "second" });
    assert.deepEqual(
      problems.map(([code]) => code),
      ["execution_blocked"],
    );
    assert.deepEqual((await statesOf(db.pool, id)).execution, "SUCCESS");
  });
});
