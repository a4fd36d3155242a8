import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { noReads, type Reads } from "../../src/expression/reads.ts";
import { readsOfDeep } from "../../src/expression/render-deep.ts";
import { parseTemplate } from "../../src/expression/template.ts";

function reads(template: string, expected: Partial<Reads>): void {
  it(`says what ${template} reads`, () =>
    assert.deepEqual(parseTemplate(template).reads, { ...noReads(), ...expected }));
}

describe("Template.reads", () => {
  reads("{{ outputs.a.value ~ outputs['b-c'].x ~ inputs.i ~ vars.v }}", {
    outputs: ["a", "b-c"],
    needs: ["a", "b-c"],
    inputs: ["i"],
    variables: ["v"],
  });
  reads("{{ outputs.unzip.files[inputs.name] }}", {
    outputs: ["unzip"],
    needs: ["unzip"],
    inputs: ["name"],
  });
  reads("{{ outputs.a.x ?? outputs.b.x | default(1) }}{% if outputs.c.x %}{{ outputs.d.x }}{% endif %}", {
    outputs: ["a", "b", "c", "d"],
    needs: ["c"],
  });
  reads(
    "{% filter default('x') | upper %}{{ outputs.a.x }}{% endfilter %}{% filter upper %}{{ outputs.b.x }}{% endfilter %}",
    {
      outputs: ["a", "b"],
      needs: ["b"],
    },
  );
  reads("{{ outputs[vars.task].value }}", { all: true, variables: ["task"] });
  reads("{{ inputs[labels.x] }}", { inputs: ["*"], labels: true });
  reads("{{ inputs }}{{ vars | keys }}", { inputs: ["*"], variables: ["*"] });
  reads("{% for v in vars %}{{ v.key }}{% endfor %}", { variables: ["*"] });
  reads("{{ vars[inputs.x] }}", { inputs: ["x"], variables: ["*"] });
  reads("{{ outputs }}", { all: true });
  reads("{{ outputs | keys }}", { all: true });
  reads("{% for t in outputs %}{{ t }}{% endfor %}", { all: true });
  reads("{% set o = outputs %}{{ o.a }}", { all: true });
  reads("{{ trigger.date }}{{ execution.id }}{{ labels.team }}", {
    trigger: true,
    execution: true,
    labels: true,
  });
  reads("{{ execution.outputs.x }}", { all: true, execution: true });
  reads("{{ parent.taskrun.value }}", { parents: true });
  reads("{{ parents[0].outputs.x }}", { parents: true });
  reads("{{ taskrun.iteration ~ taskrun.value }}", { numbers: ["taskrun.iteration"] });
  reads("{{ taskrun }}", { numbers: ["taskrun.iteration"] });
  reads("{{ item.parents[0].index ~ item.value.index }}", { parents: true, numbers: ["item.index"] });
  reads("{{ item.value.index ~ item.parent.key }}", { parents: true });
  reads("{{ item }}", { parents: true, numbers: ["item.index"] });
  reads("{{ render(vars.x) }}", { variables: ["x"], functions: ["render"] });
  reads("{{ render(inputs.x) }}", { all: true, inputs: ["x"], functions: ["render"] });
  reads("{{ render('{{ a }}') }}", { all: true, functions: ["render"] });
  reads("{{ now() }}{{ uuid() }}{{ now() }}", { functions: ["now", "uuid"] });
  reads("{% macro m(a=outputs.d.x) %}{{ inputs.i }}{% endmacro %}{{ m() }}", {
    outputs: ["d"],
    inputs: ["i"],
  });
  reads("{% raw %}{{ outputs.a.x }}{% endraw %}", {});
  reads("{{ x is defined ? outputs.a.b : {'k': [inputs.c | default(vars.d)]} }}", {
    outputs: ["a"],
    inputs: ["c"],
    variables: ["d"],
  });
});

describe("readsOfDeep", () => {
  it("follows variables through render, and their variables in turn", () => {
    const variables = {
      a: "{{ render(vars.b) }}",
      b: { deep: ["{{ outputs.t.x }}"] },
      unused: "{{ outputs.u.x }}",
    };
    assert.deepEqual(readsOfDeep({ "{{ inputs.key }}": ["{{ render(vars.a) }}", 5, null] }, variables), {
      ...noReads(),
      inputs: ["key"],
      outputs: ["t"],
      needs: ["t"],
      variables: ["a", "b"],
      functions: ["render"],
    });
  });

  it("needs what is rendered on only where nothing guards that", () => {
    const variables = { a: "{{ outputs.t.x }}", b: "{{ render(vars.a) }}" };
    const needs = (template: string) => readsOfDeep(template, variables).needs;
    assert.deepEqual(needs("{{ render(vars.b) ?? 1 }}"), []);
    assert.deepEqual(needs("{{ render(vars.a) ?? 1 }}{{ render(vars.b) }}"), ["t"]);
  });

  it("follows a variable into those that it reads, since what comes out is rendered again", () => {
    const variables = {
      a: "{{ vars.b }}",
      b: ["{{ inputs.i }}{{ vars['c'] }}"],
      c: "{{ outputs.t.x }}",
      d: "{{ inputs.j }}",
    };
    const { inputs, outputs, variables: read } = readsOfDeep("{{ render(vars.a) }}{{ vars.d }}", variables);
    assert.deepEqual(
      { inputs, outputs, read },
      { inputs: ["i"], outputs: ["t"], read: ["a", "b", "c", "d"] },
    );
    assert.deepEqual(readsOfDeep("{{ render(vars.e) }}", { ...variables, e: "{{ vars | keys }}" }).inputs, [
      "i",
      "j",
    ]);
  });

  it("ends when variables render each other", () => {
    const variables = { a: "{{ render(vars.b) }}", b: "{{ render(vars.a) }}" };
    assert.deepEqual(readsOfDeep("{{ render(vars.a) }}", variables).variables, ["a", "b"]);
  });

  it("reads everything when a template does not parse", () =>
    assert.equal(readsOfDeep("{{ x", {}).all, true));

  it("is everything where a variable is rendered that nobody knows, and not where it is only read", () => {
    assert.equal(readsOfDeep("{{ render(vars.a) ?? '' }}", undefined).all, true);
    assert.equal(readsOfDeep("{{ vars.a }}", undefined).all, false);
  });
});

describe("Template.references", () => {
  const found = (template: string) =>
    parseTemplate(template).references.map(({ root, name, path, line, column, isGuarded }) =>
      [root, name, path.join("."), `${line}:${column}`, isGuarded ? "guarded" : "certain"].join(" "),
    );

  it("says where each output, input and variable is named", () => {
    assert.deepEqual(found("{{ outputs.a.b.c }}\n  {{ inputs['x y'] ~ vars.v }}"), [
      "outputs a b.c 1:4 certain",
      "inputs x y  2:6 certain",
      "vars v  2:22 certain",
    ]);
  });

  it("tells what may be missing", () => {
    assert.deepEqual(
      found(
        "{{ outputs.a.x ?? outputs.b.x }}{{ outputs.c.x | default(inputs.d) }}{{ outputs.e is defined }}",
      ),
      [
        "outputs a x 1:4 guarded",
        "outputs b x 1:19 guarded",
        "outputs c x 1:36 guarded",
        "inputs d  1:58 certain",
        "outputs e  1:73 guarded",
      ],
    );
  });

  it("tells what is not always evaluated", () => {
    assert.deepEqual(
      found(
        "{% if inputs.a %}{{ outputs.b.x }}{% endif %}{{ inputs.c ? outputs.d.x : 1 }}{{ inputs.e and inputs.f }}",
      ),
      [
        "inputs a  1:7 certain",
        "outputs b x 1:21 guarded",
        "inputs c  1:49 certain",
        "outputs d x 1:60 guarded",
        "inputs e  1:81 certain",
        "inputs f  1:94 guarded",
      ],
    );
  });
});
