import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import { openSecretBox } from "../../src/base/secret-box.ts";
import { createExecution } from "../../src/worker/create-execution.ts";
import { planReplay, replayExecution } from "../../src/worker/judge-replay.ts";
import { aRevision } from "../support/a-flow.ts";
import { executionOf, statesOf } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { aWorkerFlow, untilEnded } from "../support/worker-flows.ts";
import { replaying, returns, told } from "./replay-flows.ts";

const closed = openSecretBox(undefined);
const db = await testDatabase();

const { box, ended, replayed, replayedBySql } = replaying(db, randomBytes(32));

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
