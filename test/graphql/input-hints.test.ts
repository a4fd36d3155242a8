import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { openSecretBox } from "../../src/base/secret-box.ts";
import { createExecution } from "../../src/worker/create-execution.ts";
import { planReplay } from "../../src/worker/judge-replay.ts";
import { runCli } from "../cli/run-cli.ts";
import { aWrittenFlow } from "../support/a-flow.ts";
import { anApi } from "./an-api.ts";

const api = await anApi();

const day = "A DATE is written yyyy-MM-dd, like 2024-05-31.";
const time = "A TIME is written HH:mm or HH:mm:ss, in 24 hours, like 09:30 or 18:27:49.";
const moment =
  "A DATETIME is written with its seconds and its zone, like 2024-05-31T09:30:00Z or 2024-05-31T09:30:00+02:00.";
const length =
  "A DURATION is written as in ISO 8601, without weeks, months and years, like PT30S, PT5M6S, PT1H or P1DT12H.";
const any = "The inputs of the flow say what each may be.";

const source = `
id: times
namespace: company.hints
inputs:
  - { id: day, type: DATE, required: false, after: "2024-01-01" }
  - { id: other, type: DATE, required: false }
  - { id: time, type: TIME, required: false }
  - { id: moment, type: DATETIME, required: false }
  - { id: length, type: DURATION, required: false, max: PT1H }
  - { id: days, type: ARRAY, itemType: DATE, required: false }
  - { id: count, type: INT, required: false }
tasks:
  - { id: say, type: io.kestra.plugin.core.log.Log, message: Hello }
`;
// The day is asked for behind the choice, so that templates are looked at before SQL is asked.
const dependent = source
  .replace("id: times", "id: dependent")
  .replace("{ id: day,", "{ id: day, dependsOn: { inputs: [time] },");

/** The hint that each way in gives for wrong inputs; the message is the same. */
async function hintsOf(flowId: string, inputs: Record<string, unknown>) {
  const bySql = await api.db.pool
    .query("select reprise_api.create_execution('company.hints', $1, inputs => $2)", [flowId, inputs])
    .then(
      () => assert.fail("It was created."),
      (error: { message: string; hint: string }) => error,
    );
  const { message, extensions } = await api.fail(
    `mutation ($id: String!, $inputs: JSON) {
      createExecution(input: { namespace: "company.hints", flowId: $id, inputs: $inputs }) { execution { id } }
    }`,
    { id: flowId, inputs },
  );
  const args = ["run", "company.hints", flowId, "--inputs", JSON.stringify(inputs)];
  const { stderr } = await runCli(args, { url: api.db.connectionString });
  assert.equal(message, bySql.message);
  return { message, hints: [bySql.hint, extensions?.hint ?? ""], stderr };
}

describe("the hint of inputs that are refused", () => {
  before(async () => {
    await aWrittenFlow(api.db.pool, source);
    await aWrittenFlow(api.db.pool, dependent);
  });

  const cases: [inputs: Record<string, unknown>, cause: string, hint: string][] = [
    [{ day: "31.05.2024" }, "Text '31.05.2024' could not be parsed at index 0", day],
    [
      { day: "2023-02-29" },
      "Text '2023-02-29' could not be parsed: Invalid date 'February 29' as '2023' is not a leap year",
      day,
    ],
    [{ time: "9:30" }, "Text '9:30' could not be parsed at index 0", time],
    [{ moment: "2024-05-31" }, "Text '2024-05-31' could not be parsed at index 10", moment],
    [{ length: "1h" }, "Text cannot be parsed to a Duration", length],
    [{ length: "P1W" }, "Text cannot be parsed to a Duration", length],
    [{ days: ["2024-05-31", "today"] }, "Unable to parse array element as `DATE` on `today`", day],
    [{ days: '["today"]' }, "Unable to parse array element as `DATE` on `today`", day],
    [{ day: ["today"] }, "it must be a single value of type DATE, not a JSON array", day],
  ];
  for (const [inputs, cause, hint] of cases) {
    it(`says how it is written: ${JSON.stringify(inputs)}`, async () => {
      const { message, hints, stderr } = await hintsOf("times", inputs);
      assert.ok(message.endsWith(`Cause: ${cause}`), message);
      assert.deepEqual(hints, [hint, hint]);
      assert.ok(stderr.includes(cause) && stderr.includes(hint), stderr);
    });
  }

  it("says nothing of the form where only a limit is passed", async () => {
    const { message, hints } = await hintsOf("times", { day: "2023-01-01", length: "PT2H", count: "x" });
    assert.match(message, /`day`. Cause: it must be after.*`length`. Cause: It must be less.*`count`/s);
    assert.deepEqual(hints, [any, any]);
  });

  it("tells of each form once, and programs of each fault", async () => {
    const { hints } = await hintsOf("times", { time: "9", day: "today", other: "tomorrow", count: "x" });
    assert.deepEqual(hints, [`${day} ${time}`, `${day} ${time}`]);
    const inputs = { day: "today", count: "x" };
    const refused = createExecution(api.db.pool, { namespace: "company.hints", flow_id: "times", inputs });
    await assert.rejects(refused, ({ details }: { details: { problems: { hint?: string }[] } }) => {
      assert.deepEqual(
        details.problems.map(({ hint }) => hint),
        [day, undefined],
      );
      return true;
    });
  });

  it("is the same where an input depends on others", async () => {
    const inputs = { day: "31.05.2024", time: "9" };
    const given = { namespace: "company.hints", flow_id: "dependent", inputs: { ...inputs, time: "09:00" } };
    await assert.rejects(createExecution(api.db.pool, given), { hint: day });
    await assert.rejects(createExecution(api.db.pool, { ...given, inputs }), { hint: time });
  });

  it("stands in the plan of a replay", async () => {
    for (const flow_id of ["times", "dependent"]) {
      const given = { namespace: "company.hints", flow_id, inputs: { time: "09:00" } };
      const { id } = await createExecution(api.db.pool, given);
      const asked = { execution_id: id, anchors: ["start"], inputs: { day: "today" } };
      const { problems } = await planReplay(api.db.pool, asked, openSecretBox(undefined));
      assert.deepEqual(
        problems?.map(({ message }) => message),
        [`Invalid value for input \`day\`. Cause: Text 'today' could not be parsed at index 0. ${day}`],
      );
    }
  });
});
