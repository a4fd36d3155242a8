import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Task } from "../../src/db/generated.ts";
import { parseTemplate } from "../../src/expression/template.ts";
import { attemptContext } from "../../src/worker/attempt-context.ts";
import type { Begun } from "../../src/worker/begun.ts";

const task = { id: "t", type: "test.T", namespace: "company.team", flow_id: "flow", revision: 3 } as Task;

/** What the templates of an attempt see that begins like this. */
const contextOf = (begun: Partial<Begun>) =>
  attemptContext(
    {
      attempt_id: "1",
      task_run_id: "2",
      execution_id: "3",
      number: 1,
      root_id: null,
      iteration: null,
      iteration_path: null,
      inputs: null,
      variables: null,
      labels: null,
      trigger: null,
      outputs: null,
      ancestors: null,
      loop: null,
      loop_iteration: null,
      parent_id: null,
      start_date: new Date("2024-09-06T08:38:53.123Z"),
      task_run_created_at: new Date("2024-09-06T08:39:01.5Z"),
      ...begun,
    } as Begun,
    task,
    { envs: {} },
  );

type States = Record<string, Record<string, unknown>>;

describe("what templates of an attempt see", () => {
  it("has labels split at their dots, and of a label that is also the head of others its own value", () => {
    assert.deepEqual(contextOf({ labels: { a: "x", "b.c": "y", "b.d.e": "z" } }).labels, {
      a: "x",
      b: { c: "y", d: { e: "z" } },
    });
    for (const labels of [
      { a: "x", "a.b": "y", "a.b.c": "z" },
      { "a.b.c": "z", "a.b": "y", a: "x" },
    ])
      assert.deepEqual(contextOf({ labels }).labels, { a: "x" });
  });

  it("has outputs by task, and inside of loops by the values around them", () => {
    const outputs = [
      ["a", null, "SUCCESS", { value: 1 }],
      ["b", ["x", "y"], "WARNING", { value: 2 }, true],
      ["c", null, "SKIPPED", null],
    ];
    const context = contextOf({ outputs });
    assert.deepEqual(context.outputs, { a: { value: 1 }, b: { x: { y: { value: 2 } } } });
    assert.deepEqual(context.tasks, {
      a: { state: "SUCCESS" },
      b: { x: { y: { state: "WARNING" } }, y: { state: "WARNING" } },
      c: { state: "SKIPPED" },
    });
  });

  it("has what has failed among the outputs, with nothing in it, so that a handler may look there", () => {
    const outputs = [
      ["a", null, "FAILED", {}],
      ["b", ["x"], "FAILED", {}],
      ["c", null, "FAILED", { iterationCount: 2 }],
      ["d", null, "RUNNING", null],
      ["e", null, "SKIPPED", null],
    ];
    const context = contextOf({ outputs });
    assert.deepEqual(context.outputs, { a: {}, b: {}, c: { iterationCount: 2 } });
  });

  it("has of the iterations of a loop those that gave something", () => {
    const outputs = [
      ["a", ["x"], "SUCCESS", { value: 1 }],
      ["a", ["y"], "FAILED", null],
      ["b", ["x", "1"], "SUCCESS", null],
      ["b", ["y", "1"], "FAILED", null],
      ["b", ["y", "2"], "SUCCESS", { value: 2 }],
      ["c", ["x"], "SUCCESS", {}],
      ["d", ["x"], "RUNNING", null],
    ];
    const context = contextOf({ outputs });
    assert.deepEqual(context.outputs, { a: { x: { value: 1 } }, b: { y: { "2": { value: 2 } } }, c: {} });
  });

  it("has states in loops by the nearest iteration, too", () => {
    const outputs = [
      ["each", ["x", "1"], "FAILED", null, true],
      ["each", ["x", "2"], "SUCCESS", null, true],
      ["each", ["y", "1"], "SUCCESS", null, true],
      ["deep", ["x", "1"], "FAILED", null, false],
      ["deep", ["x", "2"], "WARNING", null, false],
      ["deep", ["y", "1"], "SUCCESS", null, false],
      ["flat", ["x"], "SUCCESS", null, true],
    ];
    const tasksOf = (iteration_path: string[] | null) => {
      const { each, deep, flat } = contextOf({ outputs, iteration_path }).tasks as States;
      return [each?.["1"], each?.["2"], deep?.state, flat];
    };
    const [success, failed] = [{ state: "SUCCESS" }, { state: "FAILED" }];
    assert.deepEqual(tasksOf(["x", "1"]), [failed, success, "FAILED", { x: success }]);
    assert.deepEqual(tasksOf(["x", "3"]), [failed, success, "WARNING", { x: success }]);
    assert.deepEqual(tasksOf(null), [success, success, "SUCCESS", { x: success }]);
    const { each, deep } = contextOf({ outputs }).tasks as States;
    assert.deepEqual([each?.x, deep?.y], [{ "1": failed, "2": success }, { "1": success }]);
  });

  it("has points in time as texts, which filters of texts take, too", () => {
    const context = contextOf({});
    const printed = (template: string) => parseTemplate(template).render(context);
    assert.equal(printed("{{ execution.startDate | slice(0, 10) }}"), "2024-09-06");
    assert.equal(printed("{{ (taskrun.startDate | split('T'))[0] }}"), "2024-09-06");
    assert.equal(printed("{{ execution.startDate | dateAdd(-3, 'MONTHS') | date('yyyyMM') }}"), "202406");
    assert.equal(printed("{{ taskrun.startDate | timestampMilli }}"), "1725611941500");
  });

  it("takes a key that is called like the prototype for a key", () => {
    const { labels } = contextOf({ labels: JSON.parse('{"__proto__.polluted": "yes"}') });
    assert.deepEqual(Object.keys(labels as object), ["__proto__"]);
    assert.equal(({} as { polluted?: string }).polluted, undefined);
  });
});
