import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { openSecretBox } from "../../src/base/secret-box.ts";
import type { Worker } from "../../src/worker/worker.ts";
import { block } from "../sql/blocks/block-flows.ts";
import { aWorker } from "../support/a-worker.ts";
import { anExecution } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { aWorkerFlow, untilEnded } from "../support/worker-flows.ts";

const db = await testDatabase();
const key = randomBytes(32);
const box = openSecretBox(key);
let worker: Worker;
before(async () => {
  worker = await aWorker(db.connectionString, { env: { REPRISE_ENCRYPTION_KEY: key.toString("base64") } });
});
after(async () => await worker?.[Symbol.asyncDispose]());

const say = (id: string, text: string, more = "") =>
  `{ id: ${id}, type: test.Say, text: ${JSON.stringify(text)}${more} }`;
const loop = (id: string, values: string, tasks: string, type = "ForEach") =>
  block(id, type, `values: [${values}], tasks: [${tasks}]`);

/** What task runs show, by their task and their iteration. */
async function run(
  tasks: string,
  texts: Record<string, string> = {},
  secrets: Record<string, string> = {},
  rest = "",
) {
  const inputs = [
    ...Object.keys(texts).map((id) => `{ id: ${id}, type: STRING }`),
    ...Object.keys(secrets).map((id) => `{ id: ${id}, type: SECRET }`),
  ];
  const flow = await aWorkerFlow(db.pool, `inputs: [${inputs.join(", ")}]\n${rest}\ntasks: [${tasks}]\n`);
  const sealed = Object.entries(secrets).map(([id, value]) => [id, box.seal(value)]);
  const id = await anExecution(db.pool, flow, { inputs: { ...texts, ...Object.fromEntries(sealed) } });
  await untilEnded(db.pool, id);
  const { rows } = await db.pool.query<{ name: string; shown: unknown }>(
    `select t.id || coalesce(r.iteration_path::text, '') as name, coalesce(a.outputs -> 'text', to_json(r.state)) as shown
    from reprise.task_runs as r
    join reprise.tasks as t on t.key = r.task_key
    left join reprise.attempts as a on a.task_run_id = r.id and a.number = r.attempt_number
    where r.execution_id = $1`,
    [id],
  );
  return Object.fromEntries(rows.map(({ name, shown }) => [name, shown]));
}

/** A reader that says a text, and one that renders the same text of an input. */
function readers(templates: Record<string, string>): string {
  return Object.entries(templates)
    .map(([id, text]) => `${say(`s_${id}`, text)}, ${say(`r_${id}`, `{{ render(inputs.${id}) }}`)}`)
    .join(", ");
}

/** Both readers say the same in all iterations, and nothing fails. */
async function assertSame(
  tasks: string,
  templates: Record<string, string>,
): Promise<Record<string, unknown>> {
  const shown = await run(tasks, templates);
  const known = Object.entries(shown).filter(([name]) => name.startsWith("s_"));
  assert.ok(known.length > 0);
  for (const [name, text] of known) {
    assert.notEqual(text, "FAILED", name);
    assert.deepEqual(shown[name.replace("s_", "r_")], text, name);
  }
  return shown;
}

describe("a template that nobody sees through", () => {
  it("reads in a ForEach what one that everybody does reads", async () => {
    const templates = {
      own: "{{ outputs.a[taskrun.value].text }}",
      branch: "{{ outputs.bx[taskrun.value].text ?? outputs.by[taskrun.value].text }}",
      earlier: "{{ outputs.e[taskrun.value].text }} {{ outputs.e.z.text }}",
      keys: "{{ outputs.e | keys | join(',') }}",
      top: "{{ outputs.o.text }} {{ outputs.none ?? 'none' }} {{ outputs.behind ?? 'none' }}",
      each: "{{ currentEachOutput(outputs.a).text }}",
      inner: "{{ outputs.i[taskrun.value].p.text }} {{ outputs.i[taskrun.value] | length }}",
    };
    const choice = block(
      "pick",
      "If",
      `condition: "{{ taskrun.value == 'x' }}", then: [${say("bx", "bx")}], else: [${say("by", "by")}]`,
    );
    const inner = loop("n", "p, q", say("i", "{{ taskrun.value }}"));
    const shown = await assertSame(
      `${say("o", "o")}, ${loop("f", "x, y, z", say("e", "e-{{ taskrun.value }}"))}, ${loop("l", "x, y", `${say("a", "a-{{ taskrun.value }}")}, ${choice}, ${inner}, ${readers(templates)}`)}, ${say("behind", "b")}`,
      templates,
    );
    assert.equal(shown["r_own{y}"], "a-y");
    assert.equal(shown["r_branch{x}"], "bx");
    assert.equal(shown["r_branch{y}"], "by");
    assert.equal(shown["r_earlier{y}"], "e-y e-z");
    assert.equal(shown["r_keys{x}"], "x,y,z");
    assert.equal(shown["r_inner{x}"], "p 2");
  });

  it("reads in loops in each other, and in a Loop only what its own iteration gave", async () => {
    const templates = {
      own: "{{ outputs.a[parent.taskrun.value][taskrun.value].text }}",
      outer: "{{ outputs.b[parent.taskrun.value].text }} {{ outputs.b | length }}",
      whole: "{{ outputs.a[parent.taskrun.value] | length }}",
    };
    const inner = loop("m", "p, q", `${say("a", "{{ taskrun.value }}")}, ${readers(templates)}`);
    await assertSame(loop("l", "x, y", `${say("b", "{{ taskrun.value }}")}, ${inner}`), templates);

    const inLoop = {
      own: "{{ outputs.a.text }} {{ outputs.late ?? 'none' }}",
      inner: "{{ outputs.i.p.text }} {{ outputs.i | length }}",
      states: "{{ tasks.a.state }}",
    };
    const each = loop("n", "p, q", say("i", "{{ taskrun.value }}"));
    const tasks = `${say("a", "{{ item.value }}")}, ${each}, ${readers(inLoop)}, ${say("late", "late")}`;
    const shown = await assertSame(loop("l", "x, y", tasks, "Loop"), inLoop);
    assert.equal(shown["r_own{y}"], "y none");
  });

  it("sees an empty map of a block that runs, and nothing of a task that does", async () => {
    const templates = {
      inside: "{{ outputs.s | keys | length }} {{ outputs.l is defined }} {{ outputs.p is defined }}",
      own: "{{ outputs.r_own is defined }} {{ outputs.skipped is defined }}",
    };
    const skipped = `${say("skipped", "no", ', runIf: "{{ false }}"')}`;
    const inner = loop("l", "x", block("p", "Parallel", `tasks: [${readers(templates)}]`));
    const shown = await assertSame(block("s", "Sequential", `tasks: [${skipped}, ${inner}]`), templates);
    assert.deepEqual([shown["r_inside{x}"], shown["r_own{x}"]], ["0 true true", "false false"]);
  });

  it("reads what ran in a WorkingDirectory before, in its own iteration", async () => {
    const templates = { own: "{{ outputs.a[taskrun.value].text }} {{ outputs.z[taskrun.value] ?? 'none' }}" };
    const directory = block(
      "w",
      "WorkingDirectory",
      `tasks: [${say("a", "{{ taskrun.value }}")}, ${readers(templates)}, ${say("z", "z", `, runIf: "{{ render('{{ outputs.a[taskrun.value].text }}') == 'y' }}"`)}]`,
    );
    const shown = await assertSame(loop("l", "x, y", directory), templates);
    assert.deepEqual([shown["z{x}"], shown["z{y}"]], ["SKIPPED", "z"]);
  });

  it("decides in loops, names timeouts, and finds a task by a computed name", async () => {
    const shown = await run(
      loop(
        "l",
        "x, y",
        `${say("a", "{{ taskrun.value }}")}, ${say("b", "{{ outputs[inputs.name][taskrun.value].text }}", `, runIf: "{{ render(inputs.test) }}", timeout: "{{ render(inputs.time) }}"`)}`,
      ),
      { name: "a", test: "{{ outputs.a[taskrun.value].text == 'x' }}", time: "{{ 'PT1M' }}" },
    );
    assert.deepEqual([shown["b{x}"], shown["b{y}"]], ["x", "SKIPPED"]);
  });

  it("is what a variable holds that was set on the way, or was changed", async () => {
    const set = (name: string) =>
      `{ id: set_${name}, type: io.kestra.plugin.core.execution.SetVariables, overwrite: true, variables: { ${name}: "{% raw %}{{ outputs.a[taskrun.value].text }}{% endraw %}" } }`;
    const tasks = loop(
      "l",
      "x, y",
      `${say("a", "{{ taskrun.value }}")}, ${say("b", "{{ render(vars.made) }}{{ render(vars.changed) }}")}`,
    );
    const shown = await run(
      `${set("made")}, ${set("changed")}, ${tasks}`,
      {},
      {},
      "variables: { changed: x }",
    );
    assert.deepEqual([shown["b{x}"], shown["b{y}"]], ["xx", "yy"]);
  });

  it("shows no secret that it reads", async () => {
    const secret = `s3cret-${randomBytes(6).toString("hex")}`;
    const shown = await run(
      `${say("a", "{{ inputs.s }}")}, ${say("b", "{{ render(inputs.t) }}!")}`,
      { t: "{{ outputs.a.text }}" },
      { s: secret },
    );
    assert.equal(box.unseal(shown.b as never), `${secret}!`);
    const { rows } = await db.pool.query("select from reprise.attempts where strpos(outputs::text, $1) > 0", [
      secret,
    ]);
    assert.equal(rows.length, 0);
  });

  it("is answered by a task cache for what it reads", async () => {
    const cached = `, taskCache: { enabled: true, ttl: PT1H }`;
    const check = (id: string) =>
      `{ id: ${id}, type: io.kestra.plugin.core.execution.Assert, conditions: ["{{ outputs[inputs.t].text == 'x' }}"]${cached} }`;
    const shown = await run(`${say("a", "x")}, ${check("c")}, ${say("last", "last")}`, { t: "a" });
    assert.equal(shown.last, "last");
    const { rows } = await db.pool.query(
      "select message from reprise.logs where message like 'The task cache%'",
    );
    assert.deepEqual(rows, []);
  });
});
