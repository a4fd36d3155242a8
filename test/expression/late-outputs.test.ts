import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type LateRequest, withAllOutputs, withLateOutputs } from "../../src/expression/late-outputs.ts";
import { nestOutputs, nestStates, type ShownTaskRun } from "../../src/expression/nested-outputs.ts";
import { renderInTurn } from "../../src/expression/render-in-turn.ts";
import type { Context } from "../../src/expression/template.ts";

/** As the database answers: a task first by the reader's own path, and where nothing stands there one from elsewhere. */
function lateOver(runs: readonly ShownTaskRun[], own: readonly string[], names: Context = {}) {
  const requests: LateRequest[] = [];
  const context = withLateOutputs(names, async (request) => {
    requests.push(request);
    const { task, keys: asked } = request;
    if (task === undefined) return { shown: runs, keys: [] };
    const all = runs.filter((run) => run.task === task);
    const keys = (asked ?? own).slice(0, all[0]?.keys.length ?? 0);
    const under = all.filter((run) => keys.every((key, index) => run.keys[index] === key));
    const elsewhere = all.filter(({ outputs }) => outputs !== undefined).slice(0, 1);
    const isEmpty = under.every(({ outputs }) => outputs === undefined);
    return { shown: isEmpty ? [...under, ...elsewhere] : under, keys };
  });
  return { context, requests };
}

const given = (task: string, keys: string[]) => ({
  ...{ task, keys, state: "SUCCESS" },
  outputs: { v: [task, ...keys].join("/") } as unknown,
});
const open = (task: string, keys: string[]) => ({ task, keys, state: "RUNNING", outputs: undefined });

const values = ["x", "y", "10", "2"];
const runs = [given("o", []), ...values.map((value) => given("a", [value])), open("a", ["open"])];

describe("withLateOutputs", () => {
  const cases: [template: string, text: string, requests: LateRequest[]][] = [
    ["no outputs", "no outputs", []],
    ["{{ outputs.o.v }}", "o", [{ task: "o" }]],
    ["{{ outputs[taskId][value].v }} {{ outputs.a.x.v }}", "a/x a/x", [{ task: "a" }]],
    ["{{ outputs.a[other].v }}", "a/y", [{ task: "a" }, { task: "a", keys: ["y"] }]],
    [
      "{{ outputs.a.y.v }} {{ outputs.a['10'].v }} {{ outputs.a.none ?? '-' }}",
      "a/y a/10 -",
      [{ task: "a" }, { task: "a", keys: ["y"] }, { task: "a", keys: [] }],
    ],
    ["{{ outputs.a | keys | join(' ') }}", "x y 10 2", [{ task: "a" }, { task: "a", keys: [] }]],
    ["{% for e in outputs.a %}{{ e.key }}{% endfor %}", "xy102", [{ task: "a" }, { task: "a", keys: [] }]],
    ["{{ outputs.none is defined }} {{ outputs.none ?? 'none' }}", "false none", [{ task: "none" }]],
    ["{{ outputs | keys | join(' ') }}", "o a", [{}]],
    ["{{ tasks.a.open.state }} {{ outputs.a.open ?? '-' }}", "RUNNING -", [{}]],
    ["{% set all = outputs %}{{ all.a.x.v }}", "a/x", [{ task: "a" }]],
    ["{{ fetchContext().outputs.a.x.v }}", "a/x", [{ task: "a" }]],
    ["{{ render(text) }}", "a/x", [{ task: "a" }]],
    ["{{ outputs.a.x }}", '{"v":"a/x"}', [{ task: "a" }]],
    ["{{ ({'k': outputs.a}).k.x.v }}", "a/x", [{ task: "a" }]],
    ["{% filter default(outputs.a.x.v) | upper %}{{ missing }}{% endfilter %}", "A/X", [{ task: "a" }]],
  ];
  for (const [template, text, wanted] of cases)
    it(`fetches what is needed for ${template}`, async () => {
      const names = { taskId: "a", value: "x", other: "y", text: "{{ outputs.a[value].v }}" };
      const { context, requests } = lateOver(runs, ["x"], names);
      assert.equal(await renderInTurn(template, context, { isText: true }), text);
      assert.deepEqual(requests, wanted);
    });

  it("knows what it has fetched in all renderings of a context, and in those that have names of their own", async () => {
    const { context, requests } = lateOver(runs, ["x"]);
    for (const value of ["x", "y", "x", "y"])
      await renderInTurn("{{ outputs.a[v].v }}", { ...context, v: value });
    assert.equal(requests.length, 2);
  });

  it("says that something is not there in one iteration, though others have it", async () => {
    const { context, requests } = lateOver(runs, ["z"]);
    assert.equal(
      await renderInTurn("{{ outputs.a.z.v ?? 'none' }} {{ outputs.a is defined }}", context),
      "none true",
    );
    assert.deepEqual(requests, [{ task: "a" }]);
  });

  it("gives everything to who asks for many parts", async () => {
    const many = Array.from({ length: 100 }, (_, index) => given(`t${index}`, []));
    const { context, requests } = lateOver(many, []);
    const template = "{% for n in range(0, 99) %}{{ outputs['t' ~ n].v }}{% endfor %}";
    assert.equal(await renderInTurn(template, context), many.map(({ task }) => task).join(""));
    assert.equal(requests.length, 21);
  });

  it("fails as it would with everything at hand", async () => {
    const { context } = lateOver(runs, ["x"]);
    await assert.rejects(renderInTurn("{{ outputs.a.none.v }}", context), /Unable to find `none`/);
    await assert.rejects(renderInTurn("{{ outputs.none.v }}", context), /Unable to find `none`/);
  });

  it("lets a template change what it has read, as ever", async () => {
    const { context } = lateOver([{ ...given("l", ["x"]), outputs: { list: [1] } }], ["x"]);
    assert.equal(
      await renderInTurn("{% set m = outputs.l.x.list + 2 %}{{ outputs.l.x.list | length }}", context),
      "2",
    );
  });

  it("lets a template change a part of what a task has given, too", async () => {
    const nested = [given("i", ["x", "p"]), given("i", ["y", "p"])];
    const { context } = lateOver(nested, ["x"]);
    const template = "{% set changed = outputs.i.x.put('k', 1) %}{{ outputs.i.x.k }}";
    assert.equal(await renderInTurn(template, context, { isText: true }), "1");
  });

  it("finds thousands that a template looks up one by one", async () => {
    const many = Array.from({ length: 5000 }, (_, index) => `${index}`);
    const nested = [...many.map((value) => given("i", ["x", value])), given("i", ["y", "p"])];
    const { context } = lateOver(nested, ["x"], { many, value: "x" });
    const template =
      "{% for one in many %}{% if outputs.i[value][one].v != 'i/x/' ~ one %}{{ one }}{% endif %}{% endfor %}";
    assert.equal(await renderInTurn(template, context, { isText: true }), "");
  });

  it("goes along to where slow templates are rendered", async () => {
    const { context, requests } = lateOver(runs, ["x"], { ten: 10 });
    const template =
      "{% set n = 0 %}{% for i in range(1, 30000) %}{% set n = n + i %}{% endfor %}{{ n }} {{ outputs.a.x.v }} {{ outputs.a.y.v }} {{ outputs.a | length }} {{ ten }}";
    assert.equal(await renderInTurn(template, context), "450015000 a/x a/y 4 10");
    assert.equal(requests.length, 3);
  });

  it("gives all of it to who does more than rendering", async () => {
    const { outputs, tasks } = await withAllOutputs(lateOver(runs, ["x"]).context);
    assert.deepEqual(outputs, nestOutputs(runs));
    assert.deepEqual(tasks, nestStates(runs));
    const plain = { outputs: { a: 1 } };
    assert.equal(await withAllOutputs(plain), plain);
  });

  it("renders whatever a template asks for as if everything were at hand", async () => {
    const key = fc.constantFrom("x", "y", "z", "10");
    const tasks = fc.tuple(
      ...["a", "b", "c"].map((task, depth) =>
        fc
          .uniqueArray(
            fc.record({
              keys: fc.array(key, { minLength: depth, maxLength: depth }),
              gives: fc.constantFrom("something", "nothing", "not yet"),
              near: fc.nat(depth),
              isIteration: fc.boolean(),
            }),
            { maxLength: 5, selector: ({ keys }) => JSON.stringify(keys) },
          )
          .map((all) =>
            all.map(({ keys, gives, near, isIteration }) => ({
              ...(gives === "not yet" ? open : given)(task, keys),
              ...(gives === "nothing" && { outputs: {} }),
              ...{ near, isIteration },
            })),
          ),
      ),
    );
    const name = fc.oneof(fc.constantFrom("a", "b", "c", "d"));
    const path = fc
      .tuple(
        fc.oneof({ weight: 4, arbitrary: fc.constant<string>("outputs") }, fc.constant("tasks")),
        name,
        fc.array(key, { maxLength: 3 }),
      )
      .map(([root, task, keys]) => [root, task, ...keys].reduce((outer, inner) => `${outer}['${inner}']`));
    const part = fc
      .tuple(
        path,
        fc.constantFrom(
          "",
          " | length",
          " | keys | join",
          ".v",
          ".v ?? '-'",
          " is defined",
          " ?? '-'",
          " | json",
          ".state ?? '-'",
        ),
      )
      .map(([read, how]) => `{{ ${read}${how} }}`);
    const whole = fc.constantFrom(
      "{{ outputs | length }}",
      "{{ tasks }}",
      "{{ tasksWithState('RUNNING') }}",
      "{{ outputs.b == outputs.c }}",
      "",
    );
    await fc.assert(
      fc.asyncProperty(
        tasks,
        fc.array(key, { maxLength: 2 }),
        fc.array(part, { maxLength: 4 }),
        whole,
        async (all, own, parts, last) => {
          const shown = all.flat();
          const template = parts.join(" ") + last;
          const outcome = async (context: Context) =>
            await renderInTurn(template, context, { isText: true }).catch((error: unknown) => String(error));
          const { context } = lateOver(shown, own);
          assert.equal(
            await outcome(context),
            await outcome({ outputs: nestOutputs(shown), tasks: nestStates(shown) }),
            template,
          );
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
