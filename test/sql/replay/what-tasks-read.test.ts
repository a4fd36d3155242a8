import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { aWrittenFlow } from "../../support/a-flow.ts";
import { anEndedExecution, aPlan } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";

const db = await testDatabase();

/** A task that gives a text. */
const give = (id: string, text: string, more = "") =>
  `  - id: ${id}\n    type: io.kestra.plugin.core.debug.Return\n    format: "${text}"\n${more}`;

/** An original of the first text, and what is planned for it on the second. */
async function planned(client: ClientBase, first: string, second: string, anchor: string) {
  const text = (rest: string) => `id: reading\nnamespace: company.team\n${rest}`;
  const id = await anEndedExecution(client, await aWrittenFlow(client, text(first)));
  await aWrittenFlow(client, text(second));
  return await aPlan(client, id, { anchors: [anchor], revision: "latest" });
}

describe("a plan knows of a carried task", () => {
  const labelled = (label: string, title = "") =>
    `${title}labels: { team: ${label} }\ntasks:\n${give("a", "{{ labels.team }}")}${give("b", "b")}`;

  it("that a label which it reads is another", () =>
    db.inTransaction(async (client) => {
      const plan = await planned(client, labelled("one"), labelled("two"), "task:b");
      assert.equal(plan.brief.a, "CARRIED_CHANGED changed");
      assert.match(plan.tasks[0]?.changed_keys?.[0] ?? "", /^labels/);
    }));

  it("that this is where `auto` starts", () =>
    db.inTransaction(async (client) => {
      const plan = await planned(client, labelled("one"), labelled("two"), "auto");
      assert.equal(plan.brief.a, "RERUN anchor");
    }));

  it("that its labels are the same, but for those of the system", () =>
    db.inTransaction(async (client) => {
      const plan = await planned(client, labelled("one"), labelled("one", "description: x\n"), "task:b");
      assert.equal(plan.brief.a, "CARRIED unchanged");
    }));

  it("that a task which it reads now runs before it", () =>
    db.inTransaction(async (client) => {
      const text = (off: boolean) =>
        `tasks:\n${give("m", "m", off ? "    disabled: true\n" : "")}${give("a", "{{ outputs.m.value ?? 'none' }}")}${give("b", "b")}`;
      const plan = await planned(client, text(true), text(false), "task:b");
      assert.deepEqual(plan.brief, {
        m: "NEW inserted",
        a: "CARRIED_CHANGED changed",
        b: "RERUN anchor",
      });
      assert.deepEqual(plan.tasks[1]?.changed_keys, ["outputs.m"]);
    }));

  it("that a task which it reads does not run any more", () =>
    db.inTransaction(async (client) => {
      const text = (off: boolean) =>
        `tasks:\n${give("m", "m", off ? "    disabled: true\n" : "")}${give("a", "{{ outputs.m.value ?? 'none' }}")}${give("b", "b")}`;
      const plan = await planned(client, text(false), text(true), "task:b");
      assert.equal(plan.brief.a, "CARRIED_CHANGED changed");
      assert.deepEqual(plan.tasks[0]?.changed_keys, ["outputs.m"]);
    }));

  for (const template of ["{{ inputs }}", "{{ inputs | jq('.x') }}", "{{ inputs[vars.name] }}"]) {
    it(`that an input is another, where it reads ${template}`, () =>
      db.inTransaction(async (client) => {
        const text = `id: reading\nnamespace: company.team\nvariables: {name: x}\ninputs:\n  - {id: x, type: INT, defaults: 1}\ntasks:\n${give("a", template)}${give("b", "b")}`;
        const id = await anEndedExecution(client, await aWrittenFlow(client, text));
        const changed = await aPlan(client, id, { anchors: ["task:b"], inputs: { x: 2 } });
        assert.equal(changed.brief.a, "CARRIED_CHANGED changed");
        assert.deepEqual(changed.tasks[0]?.changed_keys, ["inputs.x"]);
        assert.deepEqual(changed.problems, []);
        const same = await aPlan(client, id, { anchors: ["task:b"] });
        assert.deepEqual([same.brief.a, same.problems], ["CARRIED unchanged", []]);
      }));
  }

  it("that a variable is another, where it reads all of them", () =>
    db.inTransaction(async (client) => {
      const text = (value: number) =>
        `variables: {x: ${value}}\ntasks:\n${give("a", "{{ vars }}")}${give("b", "b")}`;
      const plan = await planned(client, text(1), text(2), "task:b");
      assert.deepEqual(plan.tasks[0]?.changed_keys, ["variables.x"]);
      assert.deepEqual(plan.problems, []);
    }));

  it("that `disabled: false` says nothing new", () =>
    db.inTransaction(async (client) => {
      const text = (more: string) => `tasks:\n${give("a", "a", more)}${give("b", "b")}`;
      const plan = await planned(client, text(""), text("    disabled: false\n"), "task:b");
      assert.equal(plan.brief.a, "CARRIED unchanged");
    }));
});

describe("outputs of a task that the target revision does not run", () => {
  const [full, without, off] = ["", undefined, "    disabled: true\n"].map((more) => (reader: string) => {
    const read = more === undefined ? "" : give("m", "m", more);
    return `tasks:\n${give("a", "a")}${read}${give("b", reader)}`;
  }) as [(reader: string) => string, (reader: string) => string, (reader: string) => string];
  const blocking = (plan: Awaited<ReturnType<typeof planned>>) =>
    (plan.problems ?? []).filter((problem) => problem?.is_blocking).map((problem) => problem?.code);

  for (const [title, second] of [
    ["drops", without],
    ["disables", off],
  ] as const) {
    it(`do not stand in the way where it ${title} the task and the reader can do without`, () =>
      db.inTransaction(async (client) => {
        const reader = "{{ outputs.m.value ?? 'none' }}";
        const plan = await planned(client, full(reader), second(reader), "task:b");
        assert.deepEqual([blocking(plan), plan.is_runnable], [[], true]);
      }));
  }

  it("block the replay where the reader cannot do without", () =>
    db.inTransaction(async (client) => {
      const reader = "{{ outputs.m.value }}";
      const plan = await planned(client, full(reader), off(reader), "task:b");
      assert.deepEqual(blocking(plan), ["removed_output_read"]);
      // It has it, and does not run it.
      assert.doesNotMatch(plan.problems?.[0]?.message ?? "", /does not have/);
    }));

  it("block the replay where the outputs of the flow cannot do without", () =>
    db.inTransaction(async (client) => {
      const outputs = `outputs:\n  - id: o\n    type: STRING\n    value: "{{ outputs.m.value }}"\n`;
      const plan = await planned(client, full("b") + outputs, off("b") + outputs, "task:b");
      assert.deepEqual(blocking(plan), ["removed_output_read"]);
    }));
});
