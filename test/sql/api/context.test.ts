import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase, DatabaseError } from "pg";
import { aFlow, aWrittenFlow } from "../../support/a-flow.ts";
import { anEndedExecution, anExecution } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";

const db = await testDatabase();
/** Each function on the way has a line, and the call of the next up to four; nobody reads through a statement that writes an execution. */
const mostLines = 18;
const nowhere = "'00000000-0000-0000-0000-000000000000'";
const tooDeep = `('{"n": 1, "n": ' || repeat('[', 300) || repeat(']', 300) || '}')::json`;

/** Arguments, and the reason word. */
type Refusal = readonly [string, string];

/** What each function of the API refuses, by its arguments, with the reason. FLOW, FAILED, PAUSED, HELD, RUN and PAUSE are what is there. */
const refusals: Record<string, readonly Refusal[]> = {
  create_execution: [
    ["'company.team', 'gone'", "flow_not_found"],
    ["FLOW, revision => 99", "revision_not_found"],
    ["FLOW, inputs => '[]'", "malformed_inputs"],
    [`FLOW, inputs => '{"n": "x", "other": 1}'`, "invalid_inputs"],
    [`FLOW, inputs => '{"n": "\\u0000"}'`, "not_storable"],
    [`FLOW, inputs => ${tooDeep}`, "nested_too_deeply"],
    ["FLOW, labels => '[]'", "malformed_labels"],
    [`FLOW, labels => '{"A": 1}'`, "invalid_label"],
    ["FLOW, breakpoints => '{a[}'", "malformed_breakpoint"],
    ["FLOW, breakpoints => '{gone}'", "breakpoint_not_in_revision"],
    ["FLOW, schedule_date => 'infinity'", "malformed_schedule_date"],
    [`FLOW, inputs => '{"n": 1}', check_failure => 'no', found_inputs => '{"n": "x"}'`, "invalid_inputs"],
    [`FLOW, inputs => '{"n": 1}', idempotency_key => 'taken'`, "idempotency_key_reused"],
  ],
  replay_execution: [
    [nowhere, "execution_not_found"],
    ["FAILED, anchors => '{}'", "malformed_anchor"],
    ["FAILED, anchors => '{task:a[}'", "malformed_anchor"],
    ["FAILED, anchors => '{task:gone}'", "anchor_not_in_revision"],
    ["FAILED, revision => 'x'", "malformed_revision"],
    ["FAILED, revision => '99'", "revision_not_found"],
    ["FAILED, mode => 'AFFECTED'", "not_yet_supported"],
    ["FAILED, inputs => '[]'", "malformed_inputs"],
    [`FAILED, inputs => '{"n": "x"}'`, "invalid_inputs"],
    [`FAILED, inputs => '{"n": "\\u0000"}'`, "not_storable"],
    ["FAILED, overrides => '[]'", "malformed_overrides"],
    [`FAILED, overrides => '{"a": {"x": "\\u0000"}}'`, "not_storable"],
    [`FAILED, overrides => '{"a[": {}}'`, "malformed_overrides"],
    ["FAILED, breakpoints => '{gone}'", "breakpoint_not_in_revision"],
    ["FAILED, plan_hash => 'x'", "plan_changed"],
    ["FAILED, idempotency_key => 'taken'", "idempotency_key_reused"],
    [`FAILED, judgement => '{"failure": "no", "inputs": {"n": "x"}}'`, "invalid_inputs"],
  ],
  replay_plan: [
    [nowhere, "execution_not_found"],
    ["FAILED, anchors => '{task:a[}'", "malformed_anchor"],
    ["FAILED, revision => 'x'", "malformed_revision"],
    ["FAILED, inputs => '[]'", "malformed_inputs"],
    ["FAILED, overrides => '[]'", "malformed_overrides"],
    [`FAILED, overrides => '{"a": {"x": "\\u0000"}}'`, "not_storable"],
    ["FAILED, breakpoints => '{a[}'", "malformed_breakpoint"],
  ],
  read_checks: [[`'company.team', 'checked', inputs => '{"n": "\\u0000"}'`, "not_storable"]],
  read_replay_checks: [
    [nowhere, "execution_not_found"],
    ["FAILED, revision => 'x'", "malformed_revision"],
    ["FAILED, inputs => '[]'", "malformed_inputs"],
    [`FAILED, inputs => '{"n": "\\u0000"}'`, "not_storable"],
  ],
  examine_values: [["'[]', '[]'", "malformed_inputs"]],
  resume_execution: [
    [nowhere, "execution_not_found"],
    ["FAILED", "execution_not_paused"],
    ["PAUSED, '[]'", "malformed_inputs"],
    [`PAUSED, '{"q": "x"}'`, "invalid_inputs"],
    [`PAUSED, '{"q": "\\u0000"}'`, "not_storable"],
    ["PAUSED, task_run_id => 0", "task_run_not_paused"],
    ["HELD, breakpoints => '{gone}'", "breakpoint_not_in_revision"],
    [`HELD, inputs => '{"q": 1}'`, "inputs_not_asked"],
  ],
  change_task_run_state: [
    ["0, 'SUCCESS'", "task_run_not_found"],
    ["RUN, 'KILLED'", "state_not_markable"],
    ["RUN, 'FAILED'", "nothing_to_change"],
    ["PAUSE, 'FAILED'", "execution_not_ended"],
  ],
  pause_execution: [
    [nowhere, "execution_not_found"],
    ["FAILED", "execution_not_running"],
  ],
  kill_execution: [
    [nowhere, "execution_not_found"],
    ["FAILED", "execution_ended"],
  ],
  restart_execution: [
    [nowhere, "execution_not_found"],
    ["PAUSED", "execution_not_ended"],
  ],
  force_run_execution: [
    [nowhere, "execution_not_found"],
    ["FAILED", "execution_ended"],
    ["PAUSED", "invalid_inputs"],
  ],
  unqueue_execution: [
    [nowhere, "execution_not_found"],
    ["FAILED", "execution_not_queued"],
  ],
  set_labels: [
    [`${nowhere}, '{}'`, "execution_not_found"],
    ["FAILED, '[]'", "malformed_labels"],
  ],
  purge_executions: [["", "purge_without_condition"]],
  delete_flow: [["'a', 'b'", "flow_not_found"]],
  enable_flow: [["'a', 'b'", "flow_not_found"]],
  disable_flow: [["'a', 'b'", "flow_not_found"]],
  save_revision: [["FLOW, '', false, '{}', '[]', expected_revision => 7", "outdated_revision"]],
};

/** What answers with nothing where nothing is. */
const answering = ["list_attempts", "read_asked", "read_paused"];

describe("an error of the API, as psql shows it", () => {
  it("is looked at for every function that people call", async () => {
    const { rows } = await db.pool.query<{ name: string }>(
      `select distinct p.proname as name from pg_catalog.pg_proc as p
      where p.pronamespace = 'reprise_api'::regnamespace and has_function_privilege('reprise_graphql', p.oid, 'execute')
        and p.proname !~ '^(executions|task_runs|flows|flow_revisions|attempts|logs)_'`,
    );
    const names = rows.map(({ name }) => name);
    assert.deepEqual(
      names.filter((name) => !(name in refusals) && !answering.includes(name)),
      [],
    );
  });

  for (const [name, cases] of Object.entries(refusals)) {
    it(`says in a few lines where ${name} came upon it`, () =>
      db.inTransaction(async (client) => {
        const there = await whatIsThere(client);
        for (const [args, reason] of cases) {
          const given = args.replace(
            /\b(FLOW|FAILED|PAUSED|HELD|RUN|PAUSE)\b(?!')/g,
            (word) => there[word] ?? word,
          );
          const error = await refusalOf(client, `select * from reprise_api.${name}(${given})`);
          const where = error.where ?? "";
          assert.equal(error.detail?.split(" ")[0], reason, `${name}(${given}): ${error.message}`);
          assert.ok(where.split("\n").length <= mostLines, `${name}(${args}): ${error.message}\n${where}`);
        }
      }));
  }
});

async function whatIsThere(client: ClientBase): Promise<Record<string, string>> {
  const flow = await aFlow(client, { tasks: ["a"], inputs: [{ id: "n", type: "INT", isTemplated: false }] });
  const failed = await anEndedExecution(
    client,
    flow,
    { a: "FAILED" },
    { inputs: { n: 1 }, idempotency_key: "taken", labels: { a: "b" } },
  );
  const asking = await aWrittenFlow(
    client,
    `{id: asks, namespace: company.team, tasks: [{id: wait, type: io.kestra.plugin.core.flow.Pause, onResume: [{id: q, type: INT}]}]}`,
  );
  const paused = await anExecution(client, asking);
  await (await aHandWorker(client)).drain();
  const held = await anExecution(client, flow, { inputs: { n: 1 } });
  await client.query("select reprise_api.pause_execution($1)", [held]);
  await aWrittenFlow(
    client,
    `{id: checked, namespace: company.team, inputs: [{id: n, type: STRING}], checks: [{condition: "{{ inputs.n == '1' }}", message: no}],
      tasks: [{id: a, type: io.kestra.plugin.core.debug.Return}]}`,
  );
  const runOf = async (id: string) => {
    const { rows } = await client.query("select id from reprise.task_runs where execution_id = $1", [id]);
    return String(rows[0].id);
  };
  return {
    FLOW: `'${flow.namespace}', '${flow.id}'`,
    FAILED: `'${failed}'`,
    PAUSED: `'${paused}'`,
    HELD: `'${held}'`,
    RUN: await runOf(failed),
    PAUSE: await runOf(paused),
  };
}

async function refusalOf(client: ClientBase, sql: string): Promise<DatabaseError> {
  await client.query("savepoint before");
  try {
    await client.query(sql);
  } catch (error) {
    await client.query("rollback to savepoint before");
    return error as DatabaseError;
  }
  throw new Error(`Not refused: ${sql}`);
}
