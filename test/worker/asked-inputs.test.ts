import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { openSecretBox, type Sealed } from "../../src/base/secret-box.ts";
import { callOne } from "../../src/db/call.ts";
import { createExecution } from "../../src/worker/create-execution.ts";
import { resumeExecution } from "../../src/worker/resume-execution.ts";
import type { Worker } from "../../src/worker/worker.ts";
import { aWorker } from "../support/a-worker.ts";
import { executionOf } from "../support/an-execution.ts";
import { testDatabase, until } from "../support/database.ts";
import { aWorkerFlow, untilEnded } from "../support/worker-flows.ts";

const key = randomBytes(32);
const box = openSecretBox(key);
const db = await testDatabase();
let worker: Worker;
before(async () => {
  worker = await aWorker(db.connectionString, { env: { REPRISE_ENCRYPTION_KEY: key.toString("base64") } });
});
after(() => worker[Symbol.asyncDispose]());

async function paused(text: string, inputs: Record<string, unknown> = {}): Promise<string> {
  const { namespace, id: flow_id } = await aWorkerFlow(db.pool, text);
  const { id } = await createExecution(db.pool, { namespace, flow_id, inputs }, box);
  await until(async () => (await executionOf(db.pool, id)).state === "PAUSED", { what: "the pause" });
  return id;
}

const resume = (execution_id: string, inputs: Record<string, unknown> = {}) =>
  resumeExecution(db.pool, { execution_id, inputs }, box);

async function given(id: string): Promise<unknown> {
  const { rows } = await db.pool.query<{ outputs: { onResume: unknown } }>(
    "select outputs from reprise_api.task_runs where execution_id = $1 and task_id = 'p'",
    [id],
  );
  return rows[0]?.outputs.onResume;
}

const pause = (asked: string, then = "") =>
  `tasks:\n  - id: p\n    type: io.kestra.plugin.core.flow.Pause\n    onResume:\n${asked}\n${then}`;

describe("the default of a SECRET that a Pause asks for", () => {
  it("shows nowhere, and is what is taken", async () => {
    const id = await paused(
      pause(
        "      - {id: tok, type: SECRET, defaults: hush-default-88}",
        `  - {id: z, type: io.kestra.plugin.core.debug.Return, format: "{{ outputs.p.onResume.tok == 'hush-default-88' }}"}`,
      ),
    );
    const { rows } = await db.pool.query("select inputs from reprise_api.waits where execution_id = $1", [
      id,
    ]);
    assert.equal(rows[0].inputs[0].defaults, "******");
    await resume(id);
    await untilEnded(db.pool, id);
    assert.deepEqual(await given(id), { tok: "******" });
    const { rows: made } = await db.pool.query(
      "select outputs from reprise_api.task_runs where execution_id = $1 and task_id = 'z'",
      [id],
    );
    assert.deepEqual(made[0].outputs, { value: "true" });
    const { rows: kept } = await db.pool.query(
      "select 1 from reprise.attempts as a where a.outputs::text like '%hush%' union all select 1 from reprise.pauses as p where p.inputs::text like '%hush%'",
    );
    assert.equal(kept.length, 0);
  });
});

describe("inputs of a Pause that read each other", () => {
  const asked = `      - {id: sel, type: SELECT, values: [A, B], defaults: B}
      - {id: s1, type: STRING, defaults: "{{ inputs.sel }} of {{ inputs.outer }}, {{ vars.v }}", dependsOn: {inputs: [sel]}}
      - {id: s3, type: SELECT, expression: "{{ [inputs.sel, 'x'] }}", dependsOn: {inputs: [sel]}, defaults: x}
      - {id: s4, type: STRING, defaults: "{{ outputs.a.value }}"}`;
  const flow = `inputs: [{id: outer, type: STRING, defaults: o}]
variables: {v: w}
${pause(asked).replace("tasks:", "tasks:\n  - {id: a, type: io.kestra.plugin.core.debug.Return, format: made}")}`;

  it("are rendered when it is resumed, with what it was given", async () => {
    const id = await paused(flow);
    await assert.rejects(resume(id, { sel: "A", s3: "B" }), {
      message: "Invalid value for input `s3`. Cause: it must match the values `[A, x]`",
    });
    await resume(id, { sel: "A", s3: "A" });
    await untilEnded(db.pool, id);
    assert.deepEqual(await given(id), { sel: "A", s1: "A of o, w", s3: "A", s4: "made" });
  });

  it("have their defaults where nothing is given", async () => {
    const id = await paused(flow);
    await resume(id);
    await untilEnded(db.pool, id);
    assert.deepEqual(await given(id), { sel: "B", s1: "B of o, w", s3: "x", s4: "made" });
  });

  it("show no secret of the flow in what is refused", async () => {
    const id = await paused(
      `inputs: [{id: pw, type: SECRET}]\n${pause(`      - {id: a, type: STRING, defaults: b}
      - {id: n, type: SELECT, expression: "{{ [inputs.a, inputs.pw] }}", dependsOn: {inputs: [a]}}`)}`,
      { pw: "some-other-777" },
    );
    await assert.rejects(resume(id, { n: "nope" }), {
      message: "Invalid value for input `n`. Cause: it must match the values `[b, ******]`",
    });
  });

  it("have a secret in what they make, which a worker does then, and show none", async () => {
    const flow = `inputs: [{id: pw, type: SECRET}]
${pause(`      - {id: sel, type: SELECT, values: [A, B], defaults: B}
      - {id: tok, type: SECRET}
      - {id: s, type: STRING, defaults: "{{ inputs.sel }} {{ outputs.a.value }}"}`).replace(
  "tasks:",
  'tasks:\n  - {id: a, type: io.kestra.plugin.core.debug.Return, format: "of {{ inputs.pw }}"}',
)}`;
    const stored = async (id: string) => {
      const { rows } = await db.pool.query<{ given: Record<string, Sealed> }>(
        `select a.outputs -> 'onResume' as given from reprise.attempts as a
        join reprise.task_runs as r on r.id = a.task_run_id
        where r.execution_id = $1 and a.outputs ->> 'onResume' is not null`,
        [id],
      );
      return rows[0]?.given ?? {};
    };
    const id = await paused(flow, { pw: "some-other-778" });
    await resume(id, { sel: "A", tok: "token-12-34" });
    await untilEnded(db.pool, id);
    const { s, tok, sel } = await stored(id);
    assert.deepEqual([sel, box.unseal(tok as Sealed)], ["A", "token-12-34"]);
    assert.equal(box.unseal(s as Sealed), "A of some-other-778");

    // Whoever has no key leaves it to who has it.
    const other = await paused(flow.replace("{id: tok, type: SECRET}", "{id: tok, type: STRING}"), {
      pw: "some-other-779",
    });
    const keyless = openSecretBox(undefined);
    await resumeExecution(db.pool, { execution_id: other, inputs: { tok: "t" } }, keyless);
    await untilEnded(db.pool, other);
    assert.equal(box.unseal((await stored(other)).s as Sealed), "B of some-other-779");
  });

  it("read what tasks before have made beside that, also in a loop", async () => {
    const id = await paused(
      `tasks:
  - id: each
    type: io.kestra.plugin.core.flow.ForEach
    values: [v]
    tasks:
      - {id: a, type: io.kestra.plugin.core.debug.Return, format: "made of {{ taskrun.value }}"}
      - id: p
        type: io.kestra.plugin.core.flow.Pause
        onResume:
          - {id: n, type: STRING, defaults: "{{ inputs.sel }}: {{ outputs.a[taskrun.value].value }} in {{ flow.id }} on {{ execution.startDate | date('yyyy') }}"}
          - {id: sel, type: SELECT, values: [A, B], defaults: B}
          - {id: s, type: SELECT, expression: "{{ [inputs.sel, outputs.a[taskrun.value].value | upper] }}", defaults: MADE OF V}
          - {id: c, type: STRING, defaults: y, dependsOn: {condition: "{{ inputs.sel == 'A' and outputs.a[taskrun.value].value == 'made of v' }}"}}
          - {id: d, type: STRING, defaults: y, dependsOn: {condition: "{{ inputs.sel == 'B' or labels.missing is defined }}"}}
`,
    );
    const { flow_id, start_date } = await executionOf(db.pool, id);
    await assert.rejects(resume(id, { sel: "A", s: "C" }), {
      message: "Invalid value for input `s`. Cause: it must match the values `[A, MADE OF V]`",
    });
    await resume(id, { sel: "A" });
    await untilEnded(db.pool, id);
    assert.deepEqual(await given(id), {
      ...{ sel: "A", n: `A: made of v in ${flow_id} on ${new Date(start_date).getUTCFullYear()}` },
      ...{ s: "MADE OF V", c: "y" },
    });
  });
});

describe("what several Pauses ask for", () => {
  const flow = `tasks:
  - id: each
    type: io.kestra.plugin.core.flow.ForEach
    values: [x, y]
    concurrencyLimit: 0
    tasks:
      - {id: a, type: io.kestra.plugin.core.debug.Return, format: "made of {{ taskrun.value }}"}
      - id: p
        type: io.kestra.plugin.core.flow.Pause
        onResume:
          - {id: sel, type: SELECT, values: [A, B], defaults: B}
          - {id: s, type: STRING, defaults: "{{ inputs.sel }}: {{ outputs.a[taskrun.value].value }}"}
`;
  const waiting = async (id: string) => {
    const { rows } = await db.pool.query<{ id: string }>(
      "select id from reprise.task_runs where execution_id = $1 and state = 'PAUSED' order by id",
      [id],
    );
    return rows.map((row) => row.id);
  };
  const bothGiven = async (id: string) => {
    const { rows } = await db.pool.query<{ value: string; s: string }>(
      `select iteration_path[1] as value, outputs -> 'onResume' ->> 's' as s
      from reprise_api.task_runs where execution_id = $1 and task_id = 'p' order by iteration_path`,
      [id],
    );
    return Object.fromEntries(rows.map(({ value, s }) => [value, s]));
  };

  /** The database, where somebody resumes the first Pause just before a call of this function. */
  function overtaken(id: string, call: string) {
    let isFirst = true;
    const query = async (...given: unknown[]) => {
      const [asked] = given as [{ text: string }];
      if (isFirst && (asked.text ?? asked).includes(call)) {
        isFirst = false;
        const [first] = await waiting(id);
        await resumeExecution(db.pool, { execution_id: id, task_run_id: first, inputs: { sel: "A" } }, box);
      }
      return await (db.pool.query as (...all: unknown[]) => Promise<unknown>)(...given);
    };
    return { query } as unknown as typeof db.pool;
  }

  it("is rendered for the one that goes on, also where the first has gone on meanwhile", async () => {
    const id = await paused(flow);
    await until(async () => (await waiting(id)).length === 2, { what: "both" });
    await resumeExecution(
      overtaken(id, "reprise_api.resume_execution"),
      { execution_id: id, inputs: {} },
      box,
    );
    await untilEnded(db.pool, id);
    const given = await bothGiven(id);
    assert.deepEqual(Object.keys(given), ["x", "y"]);
    for (const [value, s] of Object.entries(given)) assert.match(s, new RegExp(`made of ${value}$`));
  });
});

describe("inputs of a Pause that nobody sees through", () => {
  it("read what tasks before have made, whoever renders them", async () => {
    const flow = `inputs: [{id: name, type: STRING, defaults: a}]
variables: {v: "{{ outputs[inputs.name].value }}"}
${pause(`      - {id: sel, type: SELECT, values: [A, B], defaults: B}
      - {id: s, type: STRING, defaults: "{{ inputs.sel }} of {{ outputs[inputs.name].value ?? 'nothing' }}"}
      - {id: r, type: STRING, defaults: "{{ inputs.sel }}: {{ render(vars.v) }}"}`).replace(
  "tasks:",
  "tasks:\n  - {id: a, type: io.kestra.plugin.core.debug.Return, format: made}",
)}`;
    const resumeInSql = (execution_id: string) =>
      callOne(db.pool, "reprise_api.resume_execution", { execution_id, inputs: { sel: "A" } });
    for (const how of [(id: string) => resume(id, { sel: "A" }), resumeInSql]) {
      const id = await paused(flow);
      await how(id);
      await untilEnded(db.pool, id);
      assert.deepEqual(await given(id), { sel: "A", s: "A of made", r: "A: made" });
    }
  });
});

describe("reprise_api.resume_execution, called by whoever renders no templates", () => {
  const asked = `      - {id: sel, type: SELECT, values: [A, B], defaults: B}
      - {id: s, type: STRING, defaults: "{{ inputs.sel }} of {{ outputs.a.value }}"}
      - {id: y, type: YAML, required: false}
      - {id: d, type: STRING, defaults: only with B, dependsOn: {condition: "{{ inputs.sel == 'B' }}"}}`;
  const flow = pause(asked).replace(
    "tasks:",
    "tasks:\n  - {id: a, type: io.kestra.plugin.core.debug.Return, format: made}",
  );
  const resumeInSql = (execution_id: string, inputs: Record<string, unknown>) =>
    callOne(db.pool, "reprise_api.resume_execution", { execution_id, inputs, actor: "psql" });

  it("goes on when a worker has rendered them", async () => {
    const id = await paused(flow);
    assert.equal((await resumeInSql(id, { sel: "A", y: "k: [1]" })).state, "PAUSED");
    await untilEnded(db.pool, id);
    assert.deepEqual(await given(id), { sel: "A", s: "A of made", y: { k: [1] } });
    const { rows } = await db.pool.query(
      "select outputs -> 'resumed' ->> 'by' as by from reprise_api.task_runs where execution_id = $1 and task_id = 'p'",
      [id],
    );
    assert.equal(rows[0].by, "psql");
  });

  it("refuses at once what SQL can tell is wrong, and else says why in the log", async () => {
    const id = await paused(flow);
    await assert.rejects(resumeInSql(id, { sel: "C" }), {
      message: "Invalid value for input `sel`. Cause: it must match the values `[A, B]`",
    });
    await resumeInSql(id, { y: "[" });
    const refused = async () => {
      const { rows } = await db.pool.query<{ message: string }>(
        "select message from reprise_api.logs where execution_id = $1 and message like 'Not resumed: %'",
        [id],
      );
      return rows[0]?.message;
    };
    await until(async () => (await refused()) !== undefined, { what: "the refusal" });
    assert.match((await refused()) ?? "", /^Not resumed: Invalid value for input `y`\. Cause: /);
    assert.equal((await executionOf(db.pool, id)).state, "PAUSED");
    await resumeInSql(id, {});
    await untilEnded(db.pool, id);
    assert.deepEqual(await given(id), { sel: "B", s: "B of made", d: "only with B" });
  });
});
