import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readFlow } from "../../src/flow/read-flow.ts";
import { flow, log, taskTypes } from "./task-types.ts";

function taskOf(source: string, id: string) {
  const { flow, issues } = readFlow(source, taskTypes);
  assert.ok(flow, issues.map(({ message }) => message).join("\n"));
  return flow.tasks.find((task) => task.id === id);
}

describe("worker groups", () => {
  const identifierOf = (source: string, id: string) => taskOf(source, id)?.jobIdentifier;
  const type = "io.kestra.plugin.core.log.Log";

  it("stand before the type of a task: its own, that of the block around it, or the flow's", () => {
    const group = (key: string) => `workerGroup: {key: ${key}}`;
    const block = `  - id: b\n    type: io.kestra.plugin.core.flow.Sequential\n    ${group("block")}\n    tasks:\n      - {id: a, type: ${type}, message: x}\n`;
    assert.equal(identifierOf(flow(log("a"), `${group("all")}\n`), "a"), `all/${type}`);
    assert.equal(identifierOf(flow(block, `${group("all")}\n`), "a"), `block/${type}`);
    assert.equal(
      identifierOf(flow(block, `${group("all")}\n`), "b"),
      "io.kestra.plugin.core.flow.Sequential",
    );
    const own = `  - {id: a, type: ${type}, message: x, ${group("own")}}\n`;
    assert.equal(identifierOf(flow(own, `${group("all")}\n`), "a"), `own/${type}`);
    assert.equal(
      taskOf(flow(own), "a")?.fingerprint,
      taskOf(flow(own.replace(`, ${group("own")}`, "")), "a")?.fingerprint,
    );
  });

  it("are named so that a job can be", () => {
    for (const key of ["a/b", "{{ inputs.group }}", "x".repeat(64)])
      assert.match(
        readFlow(flow(log("a"), `workerGroup: {key: "${key}"}\n`), taskTypes).issues[0]?.message ?? "",
        /A worker group is named/,
      );
  });

  describe("of a task in a WorkingDirectory", () => {
    const directory = (inside: string, own = "", around = "") =>
      flow(
        `  - id: d
    type: io.kestra.plugin.core.flow.WorkingDirectory
${own}    tasks:
      - {id: a, type: ${type}, message: x, workerGroup: {key: ${inside}}}
    finally:
      - {id: f, type: ${type}, message: x, workerGroup: {key: other}}
`,
        around,
      );
    const issuesOf = (source: string) =>
      readFlow(source, taskTypes).issues.map(
        ({ line, column, reason, severity, message, hint }) =>
          `${line}:${column} ${severity} ${reason}: ${message} ${hint}`,
      );

    it("mean nothing where that has another, which is a warning", () => {
      const told = (line: number, who: string) =>
        `${line}:${56 + type.length} WARNING unused_worker_group: \`own\` means nothing here: all tasks of a WorkingDirectory run with it, by workers ${who}. Give the group to the WorkingDirectory, or take the task out of it.`;
      assert.deepEqual(issuesOf(directory("own")), [told(7, "without a group")]);
      const block = "    workerGroup: {key: block}\n";
      assert.deepEqual(issuesOf(directory("own", block)), [told(8, "of the group `block`")]);
      const all = "workerGroup: {key: all}\n";
      assert.deepEqual(issuesOf(directory("own", "", all)), [told(8, "of the group `all`")]);
    });

    it("may be said again", () => {
      const own = "    workerGroup: {key: own}\n";
      assert.deepEqual(issuesOf(directory("own", own, "workerGroup: {key: all}\n")), []);
    });
  });
});
