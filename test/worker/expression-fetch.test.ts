import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Worker } from "../../src/worker/worker.ts";
import { block } from "../sql/blocks/block-flows.ts";
import { aWorker } from "../support/a-worker.ts";
import { anExecution, executionOf, taskRunsOf } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { aWorkerFlow, untilEnded } from "../support/worker-flows.ts";

const db = await testDatabase();
let worker: Worker;
before(async () => {
  worker = await aWorker(db.connectionString);
});
after(async () => await worker?.[Symbol.asyncDispose]());

const file = (text: string, id = "file") => `{ id: ${id}, type: test.Store, text: ${JSON.stringify(text)} }`;
const say = (text: string, more = "", id = "say") =>
  `{ id: ${id}, type: test.Say, text: ${JSON.stringify(text)}${more} }`;

async function run(tasks: string, rest = "") {
  const id = await anExecution(db.pool, await aWorkerFlow(db.pool, `tasks: [${tasks}]\n${rest}`));
  await untilEnded(db.pool, id);
  return { id, runs: await taskRunsOf(db.pool, id), execution: await executionOf(db.pool, id) };
}

const said = ({ runs }: Awaited<ReturnType<typeof run>>) =>
  (runs.say?.outputs as { text?: string } | null)?.text;
const failure = ({ runs }: Awaited<ReturnType<typeof run>>) =>
  (runs.say?.error as { message?: string } | null)?.message;

describe("expressions that read files", () => {
  it("have their text, their size, and whether they are there", async () => {
    const uri = "outputs.file.uri";
    const text = `{{ read(${uri}) | upper }} {{ fileSize(${uri}) }} {{ isFileEmpty(${uri}) }} {{ fileExists(${uri}) }} {{ fileExists('kestra:///nowhere') }}`;
    assert.equal(said(await run(`${file("höre")}, ${say(text)}`)), "HÖRE 5 false true false");
  });

  it("may be read by a macro, by what a variable holds, in a loop, and one that the other names", async () => {
    const rest = `variables: { content: "{{ read(outputs.file.uri) }}" }`;
    const text =
      "{% macro m(uri) %}{{ read(uri) }}{% endmacro %}{{ m(outputs.file.uri) }}{{ render(vars.content) }}" +
      "{% for uri in [outputs.file.uri, outputs.other.uri] %}{{ fileSize(uri) }}{% endfor %}{{ outputs[read(outputs.other.uri)].read }}";
    assert.equal(
      said(await run(`${file("x y")}, ${file("file", "other")}, ${say(text)}`, rest)),
      "x yx y34x y",
    );
  });

  it("decide whether a task runs, which block follows, and what a flow gives", async () => {
    const condition = "{{ read(outputs.file.uri) == 'go' }}";
    const tasks = `${file("go")}, ${say("ran", `, runIf: "${condition}"`)}, ${block("if", "If", `condition: "${condition}", then: [${say("then", "", "then")}], else: [${say("else", "", "else")}]`)}`;
    const { runs, execution } = await run(
      tasks,
      `outputs: [{ id: content, type: STRING, value: "{{ read(outputs.file.uri) }}" }]`,
    );
    assert.equal(runs.say?.state, "SUCCESS");
    assert.equal(runs.then?.state, "SUCCESS");
    assert.equal(runs.else, undefined);
    assert.deepEqual(execution.outputs, { content: "go" });
  });

  it("fail by work without end, once: not when it is heard what they read, and then again", async () => {
    const again = "{{ outputs.bomb.text }}";
    const bomb = say(`{% raw %}x${again}${again}{% endraw %}`, "", "bomb");
    const message = failure(await run(`${bomb}, ${say("{{ render(outputs.bomb.text) }}")}`));
    assert.match(message ?? "", /does too much work|takes too long|too deep/);
  });

  it("fail with the file's URI where there is none, which `??` does not excuse", async () => {
    const message = failure(await run(say("{{ read('kestra:///nowhere/at-all.txt') ?? 'x' }}")));
    assert.match(
      message ?? "",
      /^There is no file kestra:\/\/\/nowhere\/at-all\.txt\. Expression `\{\{ read/,
    );
  });

  it("fail where they would ask for ever", async () => {
    const message = failure(await run(say("{{ read('kestra:///' ~ uuid()) }}")));
    assert.match(message ?? "", /`read` is not available here/);
  });

  it("refuse what is no file of a task", async () => {
    assert.match(
      failure(await run(say("{{ read('queries/a.sql') }}"))) ?? "",
      /namespace files are not available yet/,
    );
    assert.match(failure(await run(say("{{ read('file:///etc/passwd') }}"))) ?? "", /scheme not supported/);
  });
});

describe("randomPort()", () => {
  it("gives a port that is free", async () =>
    assert.match(
      said(await run(say("{{ randomPort() }} {{ randomPort() > 1023 }}"))) ?? "",
      /^\d{4,5} true$/,
    ));
});

describe("errorLogs()", () => {
  it("gives an error handler what the execution has said of its errors", async () => {
    const tasks = say("{{ 1 / 0 }}", "", "broken");
    const rest = `errors: [${say("{% for entry in errorLogs() %}{{ entry.taskId }} {{ entry.level }} {{ entry.message | startsWith('An integer') }}{% endfor %}")}]`;
    assert.equal(said(await run(tasks, rest)), "broken ERROR true");
  });
});
