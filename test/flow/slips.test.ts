import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readFlow } from "../../src/flow/read-flow.ts";
import { taskTypes } from "../../src/tasks/registry.ts";

function told(tasks: string): string[] {
  const inputs = "[{ id: a, type: STRING }, { id: my-in, type: STRING }]";
  const text = `id: f\nnamespace: a.b\nvariables: { my-var: 1 }\ninputs: ${inputs}\ntasks:\n${tasks}`;
  return readFlow(text, taskTypes).issues.map(({ message, hint }) =>
    hint === undefined ? message : `${message} ${hint}`,
  );
}

const returning = (id: string, format: string) =>
  `  - { id: ${id}, type: io.kestra.plugin.core.debug.Return, format: ${JSON.stringify(format)} }\n`;

describe("who writes a template as in another language", () => {
  const dashed = (root: string, id: string) => `A dash is a minus. Write \`${root}['${id}']\`.`;
  const cases: [template: string, ...said: string[]][] = [
    ["{{ inputs.a in ['x'] }}", "`in` is no operator: write `isIn`."],
    ["{% if inputs.a in ['x'] %}x{% endif %}", "`in` is no operator: write `isIn`."],
    ["{{ inputs.a not in ['x'] }}", "`not` stands before the whole: write `not (a isIn b)`."],
    ["{{ inputs.a === 'x' }}", "`===` is no operator: write `==`."],
    ["{{ inputs.a !== 'x' }}", "`!==` is no operator: write `!=`."],
    ["{{ inputs.a <> 'x' }}", "`<>` is no operator: write `!=`."],
    ["{{ 'x' if inputs.a else 'y' }}", "`if` is no operator: write `condition ? a : b`."],
    ["{{ inputs.a = 'x' }}", "`=` compares nothing: write `==`."],
    ["{{ inputs.a && true }}", "`&&` is no operator: write `and`."],
    ["{{ inputs.a || true }}", "`||` is no operator: write `or`."],
    ["{{ !inputs.a }}", "`!` is no operator: write `not`."],
    ["{% if inputs.a %}x{% else if inputs.a %}y{% endif %}", "`else if` is one word: write `elseif`."],
    ["{% if inputs.a %}x{% elif inputs.a %}y{% endif %}", "Unknown tag `elif`: write `elseif`."],
    ["{% set b == 1 %}{{ b }}", "Write `{% set name = value %}`."],
    ["{{ inputs.a | len }}", "Unknown filter `len`. Did you mean `length`?"],
    ["{{ inputs.a | toUpperCase }}", "Unknown filter `toUpperCase`. Did you mean `upper`?"],
    ["{{ len(inputs.a) }}", "Unknown function `len`. There is a filter: write `… | length`."],
    ["{{ upper(inputs.a) }}", "Unknown function `upper`. There is a filter: write `… | upper`."],
    ["{{ outputs.l-x.value }}", `There is no task \`l\`. ${dashed("outputs", "l-x")}`],
    ["{{ outputs.l-x-y.value }}", `There is no task \`l\`. ${dashed("outputs", "l-x-y")}`],
    ["{{ outputs.k-x.value }}", `Templates do not see \`x\`. ${dashed("outputs", "k-x")}`],
    ["{{ inputs.my-in }}", `There is no input \`my\`. ${dashed("inputs", "my-in")}`],
    ["{{ vars.my-var }}", `There is no variable \`my\`. ${dashed("vars", "my-var")}`],
    ["{{ outputs.k.value ~ (1-x) }}", "Templates do not see `x`."],
    [
      "{{ outputs.k.value }}\n{{ outputs.k-x.value }}",
      `Templates do not see \`x\`. ${dashed("outputs", "k-x")}`,
    ],
    ["{{ outputs.k - x }}", "Templates do not see `x`."],
    ["{{ outputs.k-(x) }}", "Templates do not see `x`."],
    ["{{ outputs.k.value-x }}", "Templates do not see `x`."],
    ["{{ outputs.k-z.value }}", "Templates do not see `z`."],
    ["{{ inputs.a is in ['x'] }}", "`is in` is no test: write `a isIn b`."],
    ["{{ inputs.a is not in ['x'] }}", "`is in` is no test: write `not (a isIn b)`."],
    ["{{ ds }}", "Templates do not see `ds`. Write `execution.startDate | date('yyyy-MM-dd')`."],
    ["{{ task_instance }}", "Templates do not see `task_instance`. Write `outputs.TASK_ID`."],
    ["{{ toString }}", "Templates do not see `toString`."],
  ];
  const others = ["l-x", "l-x-y", "k", "k-x"].map((id) => returning(id, "1")).join("");
  for (const [template, ...said] of cases)
    it(`is told what to write: ${template}`, () =>
      assert.deepEqual(told(others + returning("t", template)), said));

  it("may write what only looks so", () => {
    const fine = ["{{ '&& || ! ===' }}", "{{ inputs.a != 'x' }}", "{% for x in [1] %}{{ x }}{% endfor %}"];
    assert.deepEqual(told(fine.map((each, index) => returning(`t${index}`, each)).join("")), []);
  });
});

describe("who calls a property as in another language", () => {
  it("is told its name here", () => {
    const loop = `  - { id: l, type: io.kestra.plugin.core.flow.ForEach, items: [1], tasks: [{ id: r, type: io.kestra.plugin.core.debug.Return }] }\n`;
    assert.ok(told(loop).includes("Unknown property `items`. Did you mean `values`?"));
    const request = `  - { id: h, type: io.kestra.plugin.core.http.Request, url: "http://x" }\n`;
    assert.ok(told(request).includes("Unknown property `url`. Did you mean `uri`?"));
    const core = "io.kestra.plugin.core";
    const others: [task: string, wrong: string, right: string][] = [
      [`${core}.flow.If, condition: "{{ true }}", tasks: []`, "tasks", "then"],
      [`${core}.flow.Subflow, namespace: a, flow: b`, "flow", "flowId"],
      [`${core}.flow.Pause, duration: PT1S`, "duration", "pauseDuration"],
      [
        `${core}.flow.LoopUntil, condition: "{{ true }}", interval: PT1S, tasks: []`,
        "interval",
        "checkFrequency",
      ],
      [`${core}.debug.Return, value: x`, "value", "format"],
      [
        "io.kestra.plugin.serdes.csv.CsvToIon, from: 'kestra:///a', seperator: ';'",
        "seperator",
        "fieldSeparator",
      ],
    ];
    for (const [task, wrong, right] of others)
      assert.ok(
        told(`  - { id: t, type: ${task} }\n`).includes(
          `Unknown property \`${wrong}\`. Did you mean \`${right}\`?`,
        ),
        task,
      );
  });
});

describe("who writes a map as something else", () => {
  const flow = (property: string) =>
    readFlow(
      `id: f\nnamespace: a.b\n${property}\ntasks: [{ id: t, type: io.kestra.plugin.core.log.Log, message: x }]`,
      taskTypes,
    ).issues.map(({ message, hint }) => `${message} ${hint}`);
  const core = "io.kestra.plugin.core.flow";

  it("is shown one", () => {
    assert.deepEqual(flow("labels: [a]"), [
      "Entry 1 of `labels` must be a map, not text. Write `labels: {team: data}`.",
    ]);
    const until = `  - { id: l, type: ${core}.LoopUntil, condition: "{{ true }}", checkFrequency: PT1S, tasks: [] }\n`;
    assert.ok(
      told(until).includes(
        "Property `checkFrequency` must be a map, not text. Write `checkFrequency: {interval: PT1S}`.",
      ),
    );
  });

  it("is told once of cases in a list, and of nothing in them", () =>
    assert.deepEqual(
      told(`  - { id: s, type: ${core}.Switch, value: x, cases: [{ case: x, tasks: [] }] }\n`),
      ["Property `cases` must be a map, not a list. Write `cases: {VALUE: [TASK, …]}`."],
    ));

  it("is told where what a Pause has asked for stands", () => {
    const pause = `  - { id: p, type: ${core}.Pause, onResume: [{ id: yes, type: BOOL }] }\n`;
    assert.deepEqual(told(pause + returning("r", "{{ outputs.p.yes }}")), [
      "The task `p` has no output `yes`. It has `onResume`, `resumed`. Write `outputs.p.onResume.yes`.",
    ]);
  });
});

describe("who names what a task of a Dag waits for", () => {
  const dag = (...ids: string[]) => {
    const log = (id: string) => `{ task: { id: ${id}, type: io.kestra.plugin.core.log.Log, message: x }`;
    const first = `${log("zy")}, dependsOn: [zz] }`;
    const others = ids.map((id) => `${log(id)} }`);
    return told(
      `  - { id: d, type: io.kestra.plugin.core.flow.Dag, tasks: [${[first, ...others].join(", ")}] }\n`,
    );
  };
  const missing = "There is no task `zz` in `d`.";
  it("is told of another that has nearly that name", () =>
    assert.deepEqual(dag("zx"), [`${missing} Did you mean \`zx\`?`]));
  it("is not told of the task itself", () => assert.deepEqual(dag("another"), [missing]));
});

describe("who reads a text as if it were a map", () => {
  const loop = (type: string, format: string) =>
    `  - { id: l, type: io.kestra.plugin.core.flow.${type}, values: [{ n: 1 }], tasks: [${returning("r", format).trim().slice(2)}] }\n`;
  const text = (read: string, part: string, instead: string) =>
    `${read} is text, and has no \`${part}\`. Write \`${instead}\`.`;
  const cases: [tasks: string, ...said: string[]][] = [
    [loop("ForEach", "{{ taskrun.value.n.m }}"), text("`taskrun.value`", "n", "fromJson(taskrun.value).n.m")],
    [loop("ForEach", "{{ taskrun.value[0] }}"), text("`taskrun.value`", "0", "fromJson(taskrun.value)[0]")],
    [loop("Loop", "{{ item.value['a-b'] }}"), text("`item.value`", "a-b", "fromJson(item.value)['a-b']")],
    [loop("ForEach", "{{ taskrun.value.length }} {{ taskrun.value.n ?? 1 }} {{ taskrun.value.empty }}")],
    [
      `${returning("a", "x")}${returning("b", "{{ outputs.a.value.rows }} {{ outputs.a.value.empty }}")}`,
      text("The output `value` of the task `a`", "rows", "fromJson(outputs.a.value).rows"),
    ],
  ];
  for (const [tasks, ...said] of cases)
    it(`is told how to read ${tasks.match(/\{\{.*\}\}/)?.[0]}`, () => assert.deepEqual(told(tasks), said));
});

describe("who forgets the braces", () => {
  const core = "io.kestra.plugin.core";
  const log = `{ id: l, type: ${core}.log.Log, message: x }`;
  const block = (type: string, rest: string) => `  - { id: b, type: ${core}.flow.${type}, ${rest} }\n`;
  const condition = (text: string, hint = `Write \`{{ ${text} }}\`.`) =>
    `\`${text}\` has no \`{{ … }}\`: it is text, and always holds. ${hint}`;
  const noList = (text: string) =>
    `\`${text}\` is no list as it is written in JSON, and no template. Write a list, or \`{{ ${text} }}\`.`;
  const x = "inputs.a == 1";
  const cases: [what: string, tasks: string, ...said: string[]][] = [
    ["an If", block("If", `condition: ${x}, then: [${log}]`), condition(x)],
    ["a LoopUntil", block("LoopUntil", `condition: ${x}, tasks: [${log}]`), condition(x)],
    ["a runIf", returning("r", "x").replace(" }\n", `, runIf: ${x} }\n`), condition(x)],
    [
      "a false that is none",
      block("If", `condition: "False", then: [${log}]`),
      condition("False", "Write `true` or `false`."),
    ],
    ["booleans and numbers", block("If", `condition: "true", runIf: "0", then: [${log}]`)],
    [
      "an Assert",
      `  - { id: t, type: ${core}.execution.Assert, conditions: ["{{ true }}", ${x}] }\n`,
      condition(x),
    ],
    ["a Fail", `  - { id: t, type: ${core}.execution.Fail, condition: ${x} }\n`, condition(x)],
    [
      "an SLA and a check",
      `${returning("r", "x")}sla: [{ id: s, type: EXECUTION_ASSERTION, assert: ${x}, behavior: FAIL }]\nchecks: [{ condition: ${x}, message: m }]\n`,
      condition(x),
      condition(x),
    ],
    [
      "a Switch",
      block("Switch", `value: inputs.a, cases: { x: [${log}] }`),
      "`inputs.a` has no `{{ … }}`: it is text, and the choice is always the same. Write `{{ inputs.a }}`.",
    ],
    ["a Switch by a word", block("Switch", `value: x, cases: { x: [${log}] }`)],
    ["a ForEach", block("ForEach", `values: inputs.a, tasks: [${log}]`), noList("inputs.a")],
    ["an EachSequential", block("EachSequential", `value: '{"a": 1}', tasks: [${log}]`), noList('{"a": 1}')],
    ["a ForEach over JSON", block("ForEach", `values: '["a"]', tasks: [${log}]`)],
    [
      "a Loop",
      block("Loop", `values: inputs.a, tasks: [${log}]`),
      "`inputs.a` is neither a list nor a map as they are written in JSON, and no template. Write a list, or `{{ inputs.a }}`.",
    ],
    ["a Loop over a map", block("Loop", `values: '{"a": 1}', tasks: [${log}]`)],
    ["a Loop over a file", block("Loop", `values: 'kestra:///a/b.json', tasks: [${log}]`)],
  ];
  for (const [what, tasks, ...said] of cases)
    it(`is told so of ${what}, where there is something to tell`, () => assert.deepEqual(told(tasks), said));
});

describe("who names a task type that there is not", () => {
  const list = "docs/tasks.md and docs/blocks.md list the task types that there are.";
  const plugin = (type: string) =>
    `\`${type}\` is a task of a plugin of Kestra's that Reprise does not have. ${list}`;
  const core = "io.kestra.plugin.core";
  const cases: [type: string, said: string][] = [
    ...["scripts.python.Script", "jdbc.postgresql.Query", "aws.s3.Download"].map((name): [string, string] => [
      `io.kestra.plugin.${name}`,
      plugin(`io.kestra.plugin.${name}`),
    ]),
    [
      "io.kestra.plugin.cor.log.Log",
      `Unknown task type \`io.kestra.plugin.cor.log.Log\`. Did you mean \`${core}.log.Log\`?`,
    ],
    [`${core}.log.Lg`, `Unknown task type \`${core}.log.Lg\`. Did you mean \`${core}.log.Log\`?`],
    [`${core}.log.Shout`, `Unknown task type \`${core}.log.Shout\`. ${list}`],
    ["com.company.Mine", `Unknown task type \`com.company.Mine\`. ${list}`],
  ];
  for (const [type, said] of cases)
    it(`is told so of ${type}`, () => assert.deepEqual(told(`  - { id: a, type: ${type} }\n`), [said]));
});
